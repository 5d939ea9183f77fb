using System.ComponentModel.DataAnnotations;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Routing;
using Consultation.Topics;
using Consultation.Visits;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Cases;

/// <summary>Asks an expert to take one track, or, with <see cref="Instead"/>, gives the track to another.</summary>
public sealed class OfferModel(Dispatcher dispatcher) : CaseActPage(dispatcher)
{
    private const int MostCompared = 50;

    public CandidatesView Candidates { get; private set; } = null!;

    public bool CanOverrule => Actor.Can(Permission.ReassignCase);

    public string Title => $"{(Instead ? "専門家を替える" : "専門家に打診する")}({CaseWords.Of(Side)})";

    [BindProperty(SupportsGet = true)]
    public string? Track { get; set; }

    [BindProperty(SupportsGet = true)]
    public bool Instead { get; set; }

    [BindProperty, Display(Name = "専門家")]
    public string? Expert { get; set; }

    [BindProperty, Display(Name = "理由")]
    public string? Reason { get; set; }

    private Track Side => Choices.Read<Track>(Track) ?? throw new NotFound();

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public async Task<IActionResult> OnPostAsync(string? @do)
    {
        var expert = ExpertId.TryParse(Expert, null, out var chosen) ? chosen : (ExpertId?)null;
        if (expert is null && @do != "auto")
        {
            ModelState.AddModelError("Expert", "専門家を1人選んでください。");
            return await ShowAsync();
        }

        return Instead
            ? await DoAsync(new ReassignTrack(Case, Side, expert, Reason), FieldOf, "専門家を替えて打診しました。")
            : await DoAsync(new OfferCase(Case, Side, @do == "auto" ? null : expert, @do == "auto", Reason), FieldOf, "専門家に打診しました。");
    }

    protected override async Task LookAsync()
    {
        await base.LookAsync();
        var verdicts = await AskAsync(new ListCandidates(Case, Side));
        var best = verdicts.FirstOrDefault(verdict => verdict.Excluded.Count == 0)?.ExpertId;
        var soonest = await SoonestAsync([.. verdicts.Where(verdict => verdict.Excluded.Count == 0).Take(MostCompared).Select(verdict => verdict.ExpertId)]);
        Candidates = new(
            CaseSigns.Of(Side), Side == Topics.Track.Mic ? "テレワークマネージャー" : "労務管理の専門家",
            [.. verdicts.Select(verdict => new CandidateView(
                verdict.ExpertId.ToString(), verdict.Name, verdict.Reasons, [.. verdict.Excluded.Select(exclusion => exclusion.Text)], verdict.Changes,
                Expert is null ? verdict.ExpertId == best : verdict.ExpertId.ToString() == Expert, verdict.ExpertId == best, verdict.Score, soonest.GetValueOrDefault(verdict.ExpertId)))],
            CanOverrule, "Expert", CanOverrule);
    }

    /// <summary>When each could come; where the case wants both ministries, together with whoever has the other track, or the soonest of its candidates.</summary>
    private async Task<IReadOnlyDictionary<ExpertId, string>> SoonestAsync(IReadOnlyList<ExpertId> able)
    {
        if (able.Count == 0)
        {
            return new Dictionary<ExpertId, string>();
        }

        var other = Full.Tracks.FirstOrDefault(track => track.Track != Side && track.State is TrackState.Wanted or TrackState.Offered or TrackState.Held);
        var partners = other switch
        {
            null => [],
            { ExpertId: { } one } => new Dictionary<ExpertId, string> { [one] = other.Expert ?? "" },
            _ => (await AskAsync(new ListCandidates(Case, other.Track))).Where(verdict => verdict.Excluded.Count == 0).Take(MostCompared).ToDictionary(verdict => verdict.ExpertId, verdict => verdict.Name),
        };
        var found = await AskAsync(new FindSlots(Case, able, [.. partners.Keys]));
        var together = found.Pairs.GroupBy(pair => pair.First).ToDictionary(pairs => pairs.Key, pairs => pairs.First());
        return able.ToDictionary(one => one, one =>
            partners.Count > 0
                ? together.TryGetValue(one, out var pair)
                    ? $"{JapaneseDate.ShortTime(pair.Start)}{(pair.Wish is { } rank ? $"(第{rank}希望)" : "")} {(pair.First == pair.Second ? "お一人で両省" : $"{partners[pair.Second]}さんと")}"
                    : "4週間以内に合同の空きなし"
                : found.Alone.TryGetValue(one, out var slot) ? JapaneseDate.ShortTime(slot.Start) : "4週間以内に空きなし");
    }

    protected override string? FieldOfRule(RuleViolation refused) => refused.Code == "offer.excluded" ? "Expert" : null;

    private static string? FieldOf(string field) => field == "reason" ? "Reason" : "Expert";
}
