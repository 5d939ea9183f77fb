using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Topics;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Routing.Board;

/// <summary>One expert for one need, as a plan has it.</summary>
internal sealed record PlannedPair(PlanNeed Need, PlanExpert Expert);

/// <summary>A pair that holds: with everything that was judged just now.</summary>
internal sealed record SoundPair(PlanNeed Need, Verdict Verdict, Match Match);

/// <summary>What has become of a pair since its plan was made.</summary>
/// <param name="Code"><c>offered</c>, <c>held</c>, <c>on_hold</c>, <c>not_waiting</c>, <c>moved</c> (the case is another desk's), <c>excluded</c>.</param>
public sealed record PlanChange(CaseId CaseId, string Number, Track Track, ExpertId ExpertId, string Expert, string Code, string Text);

/// <summary>Judges the pairs of a plan again, with cases and loads locked by the caller. Each counts what those before it take.</summary>
public sealed class PlanCheck(ConsultationDb db, Candidates candidates)
{
    internal async Task<(IReadOnlyList<SoundPair> Sound, IReadOnlyList<PlanChange> Changes)> JudgeAsync(
        IReadOnlyList<PlannedPair> pairs, IReadOnlyDictionary<CaseId, Case> cases, CancellationToken cancellationToken)
    {
        var waiting = pairs.Where(p => cases.TryGetValue(p.Need.Case, out var c) && !c.OnHold && c.TrackOf(p.Need.Track) is { State: TrackState.Wanted }).ToList();
        var matches = (await candidates.MatchManyAsync([.. waiting.Select(p => (cases[p.Need.Case], p.Need.Track))], cancellationToken)).Zip(waiting).ToDictionary(m => m.Second, m => m.First);
        var asked = await AskedAsync(cases.Values, cancellationToken);
        var given = new Dictionary<ExpertId, HashSet<CaseId>>();
        var sound = new List<SoundPair>();
        var changes = new List<PlanChange>();
        foreach (var pair in pairs)
        {
            var (code, text) = matches.TryGetValue(pair, out var match) ? ("", "") : WhyNotWaiting(cases.GetValueOrDefault(pair.Need.Case), pair.Need.Track, asked);
            if (match is not null)
            {
                var now = WithGiven(match, pair.Need.Case, given);
                if (now.Verdicts.FirstOrDefault(v => v.Expert == pair.Expert.Id) is { IsEligible: true } verdict)
                {
                    // Whoever has the other track of the case has it counted already.
                    if (!match.Facts.Single(f => f.Expert == pair.Expert.Id).HasOtherTrack)
                    {
                        (given.TryGetValue(pair.Expert.Id, out var taken) ? taken : given[pair.Expert.Id] = []).Add(pair.Need.Case);
                    }

                    sound.Add(new(pair.Need, verdict, now));
                    continue;
                }

                var against = now.Verdicts.FirstOrDefault(v => v.Expert == pair.Expert.Id)?.Excluded.Select(x => x.Text) ?? [];
                (code, text) = ("excluded", $"{pair.Expert.Name}さんに打診できなくなりました: {string.Join("、", against)}");
            }

            changes.Add(new(pair.Need.Case, pair.Need.Number, pair.Need.Track, pair.Expert.Id, pair.Expert.Name, code, text));
        }

        return (sound, changes);
    }

    /// <summary>The same match where the pairs before it have been asked already; only those asked are judged again.</summary>
    internal static Match WithGiven(Match match, CaseId asked, Dictionary<ExpertId, HashSet<CaseId>> given)
    {
        if (given.Count == 0)
        {
            return match;
        }

        var facts = match.Facts.Select(f => given.TryGetValue(f.Expert, out var cases)
            ? f with { Load = f.Load + cases.Count - (cases.Contains(asked) ? 1 : 0), HasOtherTrack = f.HasOtherTrack || cases.Contains(asked) } : f).ToList();
        var fresh = facts.Where(f => given.ContainsKey(f.Expert)).ToDictionary(f => f.Expert, f => Matching.Judge(match.Need, f));
        var verdicts = match.Verdicts.Select(v => fresh.GetValueOrDefault(v.Expert) ?? v).ToList();
        verdicts.Sort(Matching.Compare);
        return new(match.Need, facts, verdicts);
    }

    private static (string Code, string Text) WhyNotWaiting(Case? found, Track track, IReadOnlyDictionary<OfferId, (Offer Offer, string Expert)> asked) => found switch
    {
        null => ("moved", "ほかの窓口へ引き継がれました"),
        { OnHold: true } => ("on_hold", "保留（相談者回答待ち）になりました"),
        _ when found.TrackOf(track) is { State: TrackState.Offered or TrackState.Held, OfferId: { } id } taken && asked.TryGetValue(id, out var by) =>
            taken.State == TrackState.Offered ? ("offered", $"{by.Offer.AskedBy}が{JapaneseDate.ShortTime(by.Offer.OfferedAt)}に{by.Expert}さんへ打診しました")
            : ("held", $"{by.Expert}さんが担当しています（{JapaneseDate.ShortTime(by.Offer.OfferedAt)}に{by.Offer.AskedBy}が打診）"),
        _ => ("not_waiting", $"割当てを待っていません（{CaseWords.Of(found.Status)}）"),
    };

    private async Task<Dictionary<OfferId, (Offer Offer, string Expert)>> AskedAsync(IEnumerable<Case> cases, CancellationToken cancellationToken)
    {
        var ids = cases.SelectMany(c => c.Tracks).Select(t => t.OfferId).OfType<OfferId>().ToList();
        if (ids.Count == 0)
        {
            return [];
        }

        return await (
            from o in db.Set<Offer>().AsNoTracking()
            join e in db.Set<Expert>() on o.ExpertId equals e.Id
            where ids.Contains(o.Id)
            select new { Offer = o, e.Name }).ToDictionaryAsync(r => r.Offer.Id, r => (r.Offer, r.Name), cancellationToken);
    }
}
