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

/// <summary>
/// Asks an expert to take one track, or, with <see cref="Instead"/>, gives the track to another. Where the programme year lets the applicant choose, the desk
/// writes down here whom the applicant would like.
/// </summary>
public sealed class OfferModel(Dispatcher dispatcher) : CaseActPage(dispatcher)
{
    private const int MostCompared = 50;

    /// <summary>Of so many experts nobody needs to be looked for.</summary>
    public const int FewEnoughToRead = 10;

    // What was typed stands again; else what is recorded.
    private bool ranks;

    public CandidatesView Candidates { get; private set; } = null!;

    public CandidatesSeen Look { get; private set; } = null!;

    public bool CanOverrule => Actor.Can(Permission.ReassignCase);

    public bool MayRank => Look.MayRank && !Instead && (Look.Eligible > 0 || Look.Wishes.Count > 0);

    public string Title => $"{(Instead ? "専門家を替える" : "専門家に打診する")}({CaseWords.Of(Side)})";

    public string? NameLooked => string.IsNullOrWhiteSpace(Name) ? null : Name.Trim();

    public IReadOnlyList<Choice> WishChoices { get; private set; } = [];

    [BindProperty(SupportsGet = true)]
    public string? Track { get; set; }

    [BindProperty(SupportsGet = true)]
    public bool Instead { get; set; }

    [BindProperty(SupportsGet = true)]
    public int From { get; set; }

    [BindProperty, Display(Name = "専門家を名前で探す")]
    public string? Name { get; set; }

    [BindProperty, Display(Name = "専門家")]
    public string? Expert { get; set; }

    [BindProperty, Display(Name = "理由")]
    public string? Reason { get; set; }

    [BindProperty, Display(Name = "第1希望")]
    public string? First { get; set; }

    [BindProperty, Display(Name = "第2希望")]
    public string? Second { get; set; }

    [BindProperty, Display(Name = "第3希望")]
    public string? Third { get; set; }

    [BindProperty, Display(Name = "確認の方法")]
    public string? Told { get; set; }

    private Track Side => Choices.Read<Track>(Track) ?? throw new NotFound();

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public Task<IActionResult> OnPostFindAsync() => ShowAsync();

    public async Task<IActionResult> OnPostAsync(string? @do)
    {
        var expert = Read(Expert);
        if (expert is null && @do != "auto")
        {
            ModelState.AddModelError("Expert", "専門家を1人選んでください。");
            return await ShowAsync();
        }

        return Instead
            ? await DoAsync(new ReassignTrack(Case, Side, expert, Reason), FieldOf, "専門家を替えて打診しました。")
            : await DoAsync(new OfferCase(Case, Side, @do == "auto" ? null : expert, @do == "auto", Reason), FieldOf, "専門家に打診しました。");
    }

    public async Task<IActionResult> OnPostRankAsync()
    {
        ranks = true;
        IReadOnlyList<ExpertId?> wishes = [Read(First), Read(Second), Read(Third)];
        if (!await TryAsync(new RankCandidates(Case, Side, wishes, Told), field => field == "told" ? "Told" : "First"))
        {
            return await ShowAsync();
        }

        Say(wishes[0] is null ? "相談者の希望を取り消しました。" : "相談者の希望を記録しました。");
        return Redirect($"{QueueRows.LinkTo(Case)}/offer?track={Track}");
    }

    protected override async Task LookAsync()
    {
        await base.LookAsync();
        Look = await AskAsync(new LookAtCandidates(Case, Side, NameLooked, From, Read(Expert)));
        var soonest = await SoonestAsync([.. Look.Best.Take(MostCompared).Select(candidate => candidate.ExpertId)]);
        var best = Look.Best.Count > 0 ? Look.Best[0].ExpertId : (ExpertId?)null;
        Candidates = new(
            CaseSigns.Of(Side), Side == Topics.Track.Mic ? "テレワークマネージャー" : "労務管理の専門家",
            [.. Look.Best.Concat(Look.Excluded).Select(c => Of(c, best) with { Soonest = soonest.GetValueOrDefault(c.ExpertId) })],
            [.. Look.Found.Select(f => Of(f.Candidate, best) with { Place = f.Place })], CanOverrule, "Expert", CanOverrule, Look.Eligible, Look.ExcludedCount, Look.From,
            $"{QueueRows.LinkTo(Case)}/offer?track={Track}{(Instead ? "&instead=true" : "")}");
        if (MayRank)
        {
            WishChoices =
            [
                new("", "なし"),
                .. Look.Best.Concat(Look.Found.Where(f => f.Place is not null).Select(f => f.Candidate)).Select(c => (c.ExpertId, c.Name)).Concat(Look.Wishes.Select(w => (ExpertId: w.Expert, w.Name)))
                    .DistinctBy(c => c.ExpertId).Select(c => new Choice(c.ExpertId.ToString(), c.Name)),
            ];
            if (!ranks)
            {
                (First, Second, Third) = (WishAt(1), WishAt(2), WishAt(3));
            }
        }
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

    protected override string? FieldOfRule(RuleViolation refused) => refused.Code switch
    {
        "offer.excluded" => "Expert",
        "ranking.excluded" => "First",
        _ => null,
    };

    private static string? FieldOf(string field) => field == "reason" ? "Reason" : "Expert";

    private static ExpertId? Read(string? typed) => ExpertId.TryParse(typed, null, out var id) ? id : null;

    private CandidateView Of(Candidate candidate, ExpertId? best) => new(
        candidate.ExpertId.ToString(), candidate.Name, candidate.Reasons, [.. candidate.Excluded.Select(exclusion => exclusion.Text)], candidate.Changes,
        Expert is null ? candidate.ExpertId == best : candidate.ExpertId.ToString() == Expert, candidate.ExpertId == best, candidate.Score);

    private string? WishAt(int place) => Look.Wishes.FirstOrDefault(w => w.Place == place)?.Expert.ToString();
}
