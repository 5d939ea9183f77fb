using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Topics;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Routing;

/// <summary>
/// The candidates of one track as a page shows them, however many experts there are: the best; the excluded, a part at a time, those first whom not their
/// card but the day excludes; and whoever is looked for by name, with the place in the order or with what is against (journey J11).
/// </summary>
/// <param name="Name">A part of a name; null looks for nobody.</param>
/// <param name="From">How many of the excluded are passed over.</param>
/// <param name="Chosen">Is shown whatever the place: whom a form names already.</param>
[Requires(Permission.OfferCase)]
public sealed record LookAtCandidates(CaseId Case, Track? Track, string? Name = null, int From = 0, ExpertId? Chosen = null) : IQuery<CandidatesSeen>
{
    /// <summary>So many of the best, and so many of the excluded at a time.</summary>
    public const int Most = 30;
}

internal sealed class LookAtCandidatesValidator : AbstractValidator<LookAtCandidates>
{
    public LookAtCandidatesValidator()
    {
        RuleFor(r => r.Track).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.Name).Storable();
    }
}

internal sealed class LookAtCandidatesHandler(ConsultationDb db, Execution execution, CaseAccess access, Candidates candidates) : IRequestHandler<LookAtCandidates, CandidatesSeen>
{
    public async Task<CandidatesSeen> Handle(LookAtCandidates request, CancellationToken cancellationToken)
    {
        var found = await db.Set<Case>().AsNoTracking().Include(c => c.Tracks).Where(CaseAccess.Visible(execution.Actor)).FirstOrDefaultAsync(c => c.Id == request.Case, cancellationToken)
            ?? throw new NotFound();
        var track = request.Track!.Value;
        var occasion = await access.OccasionAsync(found.DeskId, cancellationToken);
        var match = await candidates.MatchAsync(found, track, null, occasion, cancellationToken);
        var wishes = await db.Set<Wish>().AsNoTracking().Where(w => w.CaseId == found.Id && w.Track == track).OrderBy(w => w.Place).ToListAsync(cancellationToken);
        execution.Audit("case.candidates_listed", found.Id, track.ToString());

        var told = new CandidateWords(match, execution.Actor.Can(Permission.ReassignCase));
        var eligible = match.Verdicts.TakeWhile(v => v.IsEligible).ToList();
        var excluded = match.Verdicts.Skip(eligible.Count).OrderBy(v => v.Excluded.Any(x => MatchDecision.OnTheCard.Contains(x.Code))).ToList();
        var from = Math.Clamp(request.From, 0, Math.Max(0, excluded.Count - 1)) / LookAtCandidates.Most * LookAtCandidates.Most;
        var wanted = Bare(request.Name);
        var named = wanted.Length == 0 ? [] : match.Verdicts.Where(v => Bare(v.Name).Contains(wanted, StringComparison.Ordinal)).ToList();
        var chosen = request.Chosen is { } one && eligible.Take(LookAtCandidates.Most).Concat(excluded.Skip(from).Take(LookAtCandidates.Most)).All(v => v.Expert != one)
            ? match.Verdicts.Where(v => v.Expert == one) : [];
        var names = match.Verdicts.ToDictionary(v => v.Expert, v => v.Name);
        return new(
            [.. eligible.Take(LookAtCandidates.Most).Select(told.Of)], eligible.Count, [.. excluded.Skip(from).Take(LookAtCandidates.Most).Select(told.Of)], excluded.Count, from,
            [.. named.Take(LookAtCandidates.Most).Concat(chosen).Distinct().Select(v => new CandidateFound(v.IsEligible ? eligible.IndexOf(v) + 1 : null, told.Of(v)))], named.Count,
            occasion.Programme.ApplicantRanks,
            [.. wishes.Select(w => new WishSeen(w.Place, w.ExpertId, names.GetValueOrDefault(w.ExpertId, ""), w.Told, JapanTime.ToJapan(w.RecordedAt), w.RecordedBy))]);
    }

    private static string Bare(string? name) => string.Concat(JapaneseText.Fold(name ?? "").Where(c => !char.IsWhiteSpace(c)));
}

/// <param name="Best">The best of those who can be asked, first to last.</param>
/// <param name="Eligible">How many can be asked.</param>
/// <param name="Excluded">A part of the excluded, beginning after the first <paramref name="From"/>.</param>
/// <param name="Found">Whoever bears the name that was looked for, in the order of all; and the one a form names.</param>
/// <param name="Named">How many bear the name.</param>
/// <param name="MayRank">The programme year lets the applicant choose.</param>
public sealed record CandidatesSeen(
    IReadOnlyList<Candidate> Best, int Eligible, IReadOnlyList<Candidate> Excluded, int ExcludedCount, int From, IReadOnlyList<CandidateFound> Found, int Named, bool MayRank,
    IReadOnlyList<WishSeen> Wishes)
{
    public int All => Eligible + ExcludedCount;
}

/// <param name="Place">1 for the first of those who can be asked; null for the excluded.</param>
public sealed record CandidateFound(int? Place, Candidate Candidate);

public sealed record WishSeen(int Place, ExpertId Expert, string Name, string Told, DateTimeOffset RecordedAt, string RecordedBy);
