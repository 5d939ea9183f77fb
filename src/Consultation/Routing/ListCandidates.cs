using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Topics;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Routing;

/// <summary>
/// Every expert for one track of a case, with a score and reasons or with what excludes the expert, and what would change it (journey J11). Clerks get up to three plain
/// reasons and the exclusions; the numbers are for supervisors (design §2).
/// </summary>
/// <param name="On">A date the client insists on; whoever does not work then is excluded.</param>
[Requires(Permission.OfferCase)]
public sealed record ListCandidates(CaseId Case, Track? Track, DateOnly? On = null) : IQuery<IReadOnlyList<Candidate>>;

internal sealed class ListCandidatesValidator : AbstractValidator<ListCandidates>
{
    public ListCandidatesValidator() => RuleFor(r => r.Track).NotNull().WithErrorCode("field.required");
}

internal sealed class ListCandidatesHandler(ConsultationDb db, Execution execution, CaseAccess access, Candidates candidates)
    : IRequestHandler<ListCandidates, IReadOnlyList<Candidate>>
{
    public async Task<IReadOnlyList<Candidate>> Handle(ListCandidates request, CancellationToken cancellationToken)
    {
        var found = await db.Set<Case>().AsNoTracking().Include(c => c.Tracks).Where(CaseAccess.Visible(execution.Actor)).FirstOrDefaultAsync(c => c.Id == request.Case, cancellationToken)
            ?? throw new NotFound();
        var occasion = await access.OccasionAsync(found.DeskId, cancellationToken);
        var match = await candidates.MatchAsync(found, request.Track!.Value, request.On, occasion, cancellationToken);
        execution.Audit("case.candidates_listed", found.Id, request.Track.ToString());
        return [.. match.Verdicts.Select(new CandidateWords(match, execution.Actor.Can(Permission.ReassignCase)).Of)];
    }
}

/// <summary>Tells the verdicts of a match to those who see the numbers, or who do not.</summary>
internal sealed class CandidateWords(Match match, bool seesNumbers)
{
    private readonly Dictionary<ExpertId, ExpertFacts> facts = match.Facts.ToDictionary(f => f.Expert);
    private readonly Verdict? first = match.Verdicts.FirstOrDefault(v => v.IsEligible);

    public Candidate Of(Verdict v) => new(
        v.Expert, v.Name, seesNumbers ? v.Score : null, seesNumbers ? v.Parts : [], v.Reasons, v.Excluded, WhatWouldChange.Of(match.Need, facts[v.Expert], v, first, seesNumbers), facts[v.Expert].Ranked);
}

/// <summary>One expert in the list; <c>Score</c> is null and <c>Parts</c> empty for clerks and for the excluded.</summary>
/// <param name="Changes">What would have to be different for the expert to be eligible, or to come first; empty for the first.</param>
/// <param name="Ranked">The place among the applicant's wishes, 1 being the first; null where not named.</param>
public sealed record Candidate(
    ExpertId ExpertId, string Name, int? Score, IReadOnlyList<ScorePart> Parts, IReadOnlyList<string> Reasons, IReadOnlyList<Exclusion> Excluded, IReadOnlyList<string> Changes, int? Ranked = null);
