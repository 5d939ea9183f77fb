using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Topics;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Routing;

/// <summary>
/// Why each offer of a case went where it went, newest first, judged again from the stored facts by the rules of today (design §2, "Match
/// decision"). With points, hence for supervisors.
/// </summary>
[Requires(Permission.ReassignCase)]
public sealed record ReplayDecision(CaseId Case) : IQuery<IReadOnlyList<ReplayedDecision>>;

internal sealed class ReplayDecisionHandler(ConsultationDb db, Execution execution) : IRequestHandler<ReplayDecision, IReadOnlyList<ReplayedDecision>>
{
    public async Task<IReadOnlyList<ReplayedDecision>> Handle(ReplayDecision request, CancellationToken cancellationToken)
    {
        var found = await db.Set<Case>().AsNoTracking().Where(CaseAccess.Visible(execution.Actor)).AnyAsync(c => c.Id == request.Case, cancellationToken) ? request.Case : throw new NotFound();
        var decisions = await (
            from d in db.Set<MatchDecision>().AsNoTracking()
            join o in db.Set<Offer>() on d.OfferId equals o.Id
            where d.CaseId == found
            orderby d.DecidedAt descending, d.Id descending
            select new { Decision = d, Offer = o }).ToListAsync(cancellationToken);
        execution.Audit("case.decisions_viewed", found);
        return [.. decisions.Select(d => Of(d.Decision, d.Offer))];
    }

    private static ReplayedDecision Of(MatchDecision decision, Offer offer)
    {
        var again = decision.JudgedAgain();
        var now = again.ToDictionary(v => v.Expert);
        var differences = decision.Verdicts.Where(v => !now.TryGetValue(v.Expert, out var other) || !MatchDecision.Same(v, other))
            .Select(v => $"{v.Name}: {Words(v)} → {(now.TryGetValue(v.Expert, out var other) ? Words(other) : "材料がありません")}").ToList();
        return new(
            offer.Id, decision.Track, decision.Chosen, decision.Auto, JapanTime.ToJapan(decision.DecidedAt), offer.OfferedBy, offer.OfferReason, offer.State, decision.RuleVersion,
            Matching.Version, decision.IsRepeatedBy(again), differences, decision.Verdicts, decision.Others);
    }

    private static string Words(Verdict verdict) => verdict.Score is { } score ? $"{score}点" : string.Join("、", verdict.Excluded.Select(x => x.Text));
}

/// <summary>One decision and what comes of judging it again.</summary>
/// <param name="Auto">The rules chose; else a person did.</param>
/// <param name="Overruled">Why an excluded expert nevertheless, or why another.</param>
/// <param name="RuleVersion">The rules it was judged by; the answer may differ where <paramref name="PresentVersion"/> is another.</param>
/// <param name="Repeated">The same facts give the same answer.</param>
/// <param name="Differences">Who is judged otherwise, and how.</param>
/// <param name="Others">Of a large house: how many more were judged, by the code of the reason.</param>
public sealed record ReplayedDecision(
    OfferId Offer, Track Track, ExpertId Chosen, bool Auto, DateTimeOffset DecidedAt, string OfferedBy, string? Overruled, OfferState State, string RuleVersion, string PresentVersion,
    bool Repeated, IReadOnlyList<string> Differences, IReadOnlyList<Verdict> Verdicts, IReadOnlyDictionary<string, int> Others);
