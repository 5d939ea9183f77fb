using System.ComponentModel.DataAnnotations;
using Consultation.Cases;
using Consultation.Handover;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Routing;
using Consultation.Topics;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Handovers;

/// <summary>Who takes one item over, as chosen on the page: an expert's id, or nothing for nobody.</summary>
public sealed class ItemInput
{
    public string? Case { get; set; }

    public string? Track { get; set; }

    public string? To { get; set; }
}

/// <summary>A hand-over: what stands in the absence, who is proposed, one approval, and the way back.</summary>
public sealed class PlanModel(Dispatcher dispatcher) : SendingPage(dispatcher)
{
    private const int Shown = 5;

    public HandoverView Plan { get; private set; } = null!;

    /// <summary>What has changed since, where the approval was refused for that.</summary>
    public IReadOnlyList<HandoverChange> Changes { get; private set; } = [];

    /// <summary>Of a plan just undone: what stays with its substitute.</summary>
    public IReadOnlyList<string> Kept { get; private set; } = [];

    [BindProperty(SupportsGet = true)]
    public string Id { get; set; } = "";

    [BindProperty]
    public List<ItemInput> Items { get; set; } = [];

    [BindProperty, Display(Name = "代わりの専門家の了解")]
    public string? Source { get; set; }

    public StateView State => Plan.State switch
    {
        HandoverState.Proposed => new("案（未確定）", Tone.Plain, Shape.Writing),
        HandoverState.Approved => new("引継ぎ済み", Tone.Ok, Shape.Done),
        _ => new("元へ戻し済み", Tone.Quiet, Shape.Again),
    };

    public bool HasWork => Plan.Items.Any(i => i.Candidates.Any(c => c.Excluded.Count == 0)) || Plan.FollowUps.Count > 0;

    private HandoverPlanId Known => HandoverPlanId.TryParse(Id, null, out var id) ? id : throw new NotFound();

    public static string PathTo(HandoverPlanId id) => $"/hand-overs/{id}";

    /// <summary>The proposed one first, then the next best; whoever was chosen on the page is always among them.</summary>
    public IEnumerable<Candidate> OfferedFor(HandoverItemView item, string? chosen) => item.Candidates.Where(c => c.Excluded.Count == 0)
        .OrderByDescending(c => c.ExpertId == item.To).ThenByDescending(c => c.ExpertId.ToString() == chosen).Take(Shown);

    public static string WhatOf(HandoverItemView item) => item.Asked ? "打診中（回答なし）。別の専門家に打診します。"
        : item.Visits.Count == 0 ? "日程調整中。日程の期限が不在の間に来ます。" : "";

    public async Task OnGetAsync()
    {
        await LookAsync();
        Kept = TempData["Kept"] as string[] ?? [];
    }

    public async Task<IActionResult> OnPostApproveAsync()
    {
        await LookAsync();
        var choices = Items.Where(i => CaseId.TryParse(i.Case, null, out _) && Choices.Read<Track>(i.Track) is not null)
            .Select(i => new HandoverChoice(CaseId.Parse(i.Case!, null), Choices.Read<Track>(i.Track)!.Value, ExpertId.TryParse(i.To, null, out var to) ? to : null)).ToList();
        return await TryAsync(new ApproveHandover(Known, Source, choices), field => field == "source" ? "Source" : null, done => Say(done.Repeated
            ? $"この引継ぎは、{done.ApprovedBy}さんが{JapaneseDate.ShortTime(done.ApprovedAt!.Value)}に承認済みです。" : $"{done.Done}件を引き継ぎました。相談者と専門家に知らせます。"))
            ? Redirect(PathTo(Known)) : Page();
    }

    public async Task<IActionResult> OnPostUndoAsync()
    {
        var done = await TryAsync(new UndoHandover(Known), _ => null, undone =>
        {
            Say(undone.Repeated ? $"この引継ぎは、{undone.UndoneBy}さんが元へ戻しています。" : "引継ぎを元へ戻しました。");
            TempData["Kept"] = undone.Kept?.Select(k => $"{k.Number}: {k.Why}").ToArray() ?? [];
        });
        await LookAsync();
        return done ? Redirect(PathTo(Known)) : Page();
    }

    public async Task<IActionResult> OnPostAnewAsync()
    {
        await LookAsync();
        return await TryAsync(new ProposeHandover(Plan.Expert, Plan.From, Plan.To), _ => null, made => Id = made.Id.ToString()) ? Redirect(PathTo(Known)) : Page();
    }

    protected override string? FieldOfRule(RuleViolation refused)
    {
        Changes = refused.Extra.TryGetValue("changes", out var changes) ? (IReadOnlyList<HandoverChange>)changes! : [];
        return null;
    }

    private async Task LookAsync()
    {
        Plan = await AskAsync(new GetHandover(Known));
        if (Items.Count != Plan.Items.Count)
        {
            Items = [.. Plan.Items.Select(i => new ItemInput { Case = i.Case.ToString(), Track = i.Track.ToString(), To = i.To?.ToString() })];
        }
    }
}
