using System.ComponentModel.DataAnnotations;
using Consultation.Cases;
using Consultation.FollowUps;
using Consultation.Messaging;
using Consultation.Web.Pages.Cases;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.FollowUps;

/// <summary>Records what the client told at a follow-up, or puts it off.</summary>
public sealed class FollowUpModel(Dispatcher dispatcher, DeskClock clock) : CaseActPage(dispatcher)
{
    public static readonly IReadOnlyList<Choice> Results =
        [.. new[] { FollowUpResult.Improved, FollowUpResult.Unchanged, FollowUpResult.NeedsAdvice, FollowUpResult.NoAnswer }.Select(result => Choices.Of(result, FollowUpWords.Of(result)))];

    public static readonly IReadOnlyList<Choice> Statuses = Desk.InquiryChoices.TeleworkStatuses;

    public string Kind { get; private set; } = "";

    public DeadlineView Due { get; private set; } = null!;

    /// <summary>How often the client has been asked.</summary>
    public string? Asked { get; private set; }

    /// <summary>The days that one press leads to.</summary>
    public IReadOnlyList<(int Days, DateOnly Due)> Quick { get; private set; } = [];

    public string? Contact { get; private set; }

    public string? Phone { get; private set; }

    [BindProperty(SupportsGet = true)]
    public string FollowUp { get; set; } = "";

    [BindProperty, Display(Name = "結果")]
    public string? Result { get; set; }

    [BindProperty, Display(Name = "導入状況")]
    public string? TeleworkStatus { get; set; }

    [BindProperty, Display(Name = "新しい期日")]
    public DayInput Later { get; set; } = new();

    [BindProperty, Display(Name = "延ばす理由")]
    public string? Reason { get; set; }

    /// <summary>The desk itself and the experts of the case; nobody to choose from for an expert.</summary>
    public IReadOnlyList<Choice> Experts { get; private set; } = [];

    [BindProperty, Display(Name = "担当")]
    public string? Assignee { get; set; }

    private FollowUpId FollowUpId => Consultation.FollowUps.FollowUpId.TryParse(FollowUp, null, out var id) ? id : throw new NotFound();

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public Task<IActionResult> OnPostDoneAsync() => DoAsync(
        new CompleteFollowUp(FollowUpId, Choices.Read<FollowUpResult>(Result), Choices.Read<TeleworkStatus>(TeleworkStatus)),
        field => field == "teleworkStatus" ? "TeleworkStatus" : "Result", "フォローアップの結果を記録しました。");

    public Task<IActionResult> OnPostAssignAsync()
    {
        ExpertId? expert = ExpertId.TryParse(Assignee, null, out var chosen) ? chosen : null;
        return DoAsync(new AssignFollowUp(FollowUpId, expert), _ => "Assignee", expert is null ? "フォローアップを窓口に戻しました。" : "フォローアップを専門家に任せました。");
    }

    public async Task<IActionResult> OnPostPostponeAsync()
    {
        if (Later.Read() is not { } day)
        {
            ModelState.AddModelError("Later", "2026年12月24日のように、暦にある日付を入力してください。");
            return await ShowAsync();
        }

        return await DoAsync(new PostponeFollowUp(FollowUpId, day, Reason), field => field == "reason" ? "Reason" : "Later", "期日を延ばしました。");
    }

    /// <summary>One press: so many business days later, because the client asked for it.</summary>
    public Task<IActionResult> OnPostLaterAsync(int days) =>
        DoAsync(new PostponeFollowUp(FollowUpId, null, "相談者の都合", days), _ => "Later", "期日を延ばしました。");

    protected override async Task LookAsync()
    {
        await base.LookAsync();
        var one = Full.FollowUps.FirstOrDefault(candidate => candidate.Id == FollowUpId) ?? throw new NotFound();
        Kind = FollowUpWords.Of(one.Kind);
        Due = await clock.ByDayAsync("期日", one.Due, one.Why, Full.District, HttpContext.RequestAborted);
        Asked = FollowUpWords.Approaches(one.State, one.Asked, one.NextAskOn, Reference.JapanTime.DateOf(clock.Now));
        Quick = [(5, await clock.AfterAsync(one.Due, 5, Full.District, HttpContext.RequestAborted)), (10, await clock.AfterAsync(one.Due, 10, Full.District, HttpContext.RequestAborted))];
        Contact = string.Join("・", new[] { Full.Contact.Name, Full.Contact.Role, Full.Contact.Email }.OfType<string>());
        Phone = Full.Contact.Phone;
        Assignee ??= one.Expert?.ToString() ?? "";
        Experts = !Actor.Can(Permission.EditCase) ? [] :
            [new("", Full.Desk), .. Full.Tracks.Where(track => track is { ExpertId: not null, State: TrackState.Held or TrackState.Done }).DistinctBy(track => track.ExpertId)
                .Select(track => new Choice(track.ExpertId!.Value.ToString(), track.Expert ?? ""))];
    }

    protected override string? FieldOfRule(RuleViolation refused) =>
        refused.Code is "follow_up.in_past" or "follow_up.closed_day" or "follow_up.outside_programme" ? "Later" : null;
}
