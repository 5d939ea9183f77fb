using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Routing;
using Consultation.Routing.Board;
using Consultation.Staff;
using Consultation.Visits;

namespace Consultation.Handover;

/// <summary>What is proposed, before it is kept.</summary>
/// <param name="Plan">Its needs are the items, in the same order.</param>
public sealed record HandoverContent(IReadOnlyList<HandoverItem> Items, IReadOnlyList<HandoverFollowUp> FollowUps, PlanContent Plan, int Elsewhere);

/// <summary>A track with everybody judged for it.</summary>
/// <param name="Judged">By the rules of an offer, as a decision keeps it.</param>
/// <param name="Coming">The same, and whoever is elsewhere at the time of its visits is out.</param>
internal sealed record Substitution(StandingTrack Standing, Urgency Urgency, Match Judged, Match Coming, IReadOnlyDictionary<ExpertId, TimeSpan> Travel);

/// <summary>
/// Who could take over: by the rules of an offer, and free at the time of each visit, travel included. The same solver as for the board then
/// gives each track to somebody. That one person cannot be at two of these visits at once is no part of its model: where it says so
/// nevertheless, the later visit is taken from that person and it is asked again.
/// </summary>
public sealed class Substitutes(Execution execution, DeskBook desks, CaseAccess cases, Candidates candidates, VisitSubstitution visits)
{
    internal async Task<IReadOnlyList<Substitution>> JudgeAsync(ExpertId absent, IReadOnlyList<StandingTrack> tracks, CancellationToken cancellationToken)
    {
        var matches = await candidates.MatchManyAsync([.. tracks.Select(t => (t.Case, t.Track.Track))], cancellationToken);
        var judged = new List<Substitution>(tracks.Count);
        foreach (var (standing, match) in tracks.Zip(matches))
        {
            judged.Add(await ComingAsync(absent, standing, match, cancellationToken));
        }

        return judged;
    }

    internal async Task<PlanContent> ProposeAsync(IReadOnlyList<Substitution> judged, CancellationToken cancellationToken)
    {
        var national = await desks.NationalAsync(cancellationToken);
        var needs = judged.ToList();
        while (true)
        {
            var plan = Proposals.Of(
                [.. needs.Select(n => new JudgedNeed(n.Standing.Case, n.Standing.Track.Track, n.Standing.Visits.Count == 0 ? null : n.Standing.Visits[0].StartsAt, n.Urgency, n.Coming))], 0, [], JapanTime.DateOf(execution.Now), national);
            if (Clash(needs, at => plan.Optimal.Choices[at] is { } choice ? plan.Experts[choice.Expert].Id : null) is not { } clash)
            {
                return plan;
            }

            needs[clash.Need] = Without(needs[clash.Need], clash.Expert, "同じ時間に、この案の別の相談に行きます");
        }
    }

    private async Task<Substitution> ComingAsync(ExpertId absent, StandingTrack standing, Match match, CancellationToken cancellationToken)
    {
        var able = match.Verdicts.Where(v => v.IsEligible && v.Expert != absent).Select(v => v.Expert).ToList();
        var urgency = Urgency.Of(standing.Case, await cases.OccasionAsync(standing.Case.DeskId, cancellationToken));
        var result = new Substitution(standing, urgency, match, match, new Dictionary<ExpertId, TimeSpan>());
        if (match.Verdicts.Any(v => v.Expert == absent))
        {
            result = Without(result, absent, "不在になる本人です");
        }

        if (standing.Visits.FirstOrDefault(v => v.StartsAt <= execution.Now || v.HasExpired(execution.Now)) is { } begun)
        {
            // Whoever went there says what became of it; passed on, it would be the substitute's.
            var why = begun.StartsAt <= execution.Now ? "始まった相談の実施が、まだ記録されていません" : "仮押さえの期限が切れています";
            return able.Aggregate(result, (left, expert) => Without(left, expert, why));
        }

        if (standing.Visits.Count == 0 || able.Count == 0)
        {
            return result;
        }

        var (travel, kept) = (new Dictionary<ExpertId, TimeSpan>(), new HashSet<ExpertId>());
        foreach (var visit in standing.Visits)
        {
            var time = await visits.TimeOfAsync(visit, standing.Case, able, cancellationToken);
            foreach (var expert in time.Experts)
            {
                var own = time.Of(expert.Id);
                var way = own.TravelOf(expert, visit.Plan);
                travel[expert.Id] = way > travel.GetValueOrDefault(expert.Id) ? way : travel.GetValueOrDefault(expert.Id);
                if (!visit.ExpertIds.Contains(expert.Id) && AgainstComing(own, visit.Plan, execution.Now) is { } against && kept.Add(expert.Id))
                {
                    result = Without(result, expert.Id, against);
                }
            }
        }

        return result with { Travel = travel };
    }

    /// <summary>What keeps the one expert of this time from the plan, in words; also that there is no time left to set out.</summary>
    internal static string? AgainstComing(BookableTime time, VisitPlan plan, DateTimeOffset now) =>
        time.Against(plan, now)?.Text ?? (time.IsTaken(plan) ? $"{VisitWords.Period(plan)}は別の予定があります" : null);

    /// <summary>The later of two needs whose visits would have one person in two places, with that person.</summary>
    internal static (int Need, ExpertId Expert)? Clash(IReadOnlyList<Substitution> needs, Func<int, ExpertId?> chosen)
    {
        var goes = needs.SelectMany((need, at) => chosen(at) is { } expert
            ? need.Standing.Visits.Select(v => (At: at, Expert: expert, v.Id, From: v.StartsAt, To: v.EndsAt)) : []).Select(g =>
        {
            var travel = needs[g.At].Travel.GetValueOrDefault(g.Expert);
            return (g.At, g.Expert, g.Id, From: g.From - travel, To: g.To + travel);
        }).OrderBy(g => g.From).ToList();
        foreach (var (first, at) in goes.Select((g, at) => (g, at)))
        {
            // Both ministries of one visit are one time.
            if (goes.Skip(at + 1).Where(g => g.Expert == first.Expert && g.Id != first.Id && g.From < first.To).Select(g => ((int Need, ExpertId)?)(g.At, g.Expert)).FirstOrDefault() is { } clash)
            {
                return clash;
            }
        }

        return null;
    }

    private static Substitution Without(Substitution judged, ExpertId expert, string why)
    {
        Verdict Out(Verdict v) => v.Expert != expert ? v : new(v.Expert, v.Name, v.Load, null, [], [], [.. v.Excluded, new Exclusion("elsewhere", why)]);
        return judged with { Coming = judged.Coming with { Verdicts = [.. judged.Coming.Verdicts.Select(Out)] } };
    }
}
