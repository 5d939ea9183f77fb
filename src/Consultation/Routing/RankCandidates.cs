using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Topics;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Routing;

/// <summary>
/// Records whom the applicant would like to be advised by, among those who can be asked now, in place of what was recorded before; nobody takes the wishes
/// back, and the same once more is a repeat. Only where the programme year lets applicants choose (候補提示, domain §7).
/// </summary>
/// <param name="Experts">The first wish first; empty places only at the end.</param>
/// <param name="Told">How the desk learned of it; needed with a wish.</param>
/// <exception cref="RuleViolation">
/// <c>ranking.not_asked</c>: the programme year does not let applicants choose; <c>ranking.excluded</c>: somebody of them cannot be asked; <c>track.not_wanted</c>.
/// </exception>
[Requires(Permission.OfferCase)]
public sealed record RankCandidates(CaseId Case, Track? Track, IReadOnlyList<ExpertId?>? Experts, string? Told = null) : ICommand<ChangedCase>;

internal sealed class RankCandidatesValidator : AbstractValidator<RankCandidates>
{
    public RankCandidatesValidator()
    {
        RuleFor(r => r.Track).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.Experts).NotNull().WithErrorCode("field.required")
            .Must(experts => experts is null || experts.Count <= Wish.Most).WithErrorCode("ranking.too_many").WithState(_ => new object?[] { Wish.Most })
            .Must(experts => experts is null || experts.SkipWhile(e => e is not null).All(e => e is null)).WithErrorCode("ranking.gap")
            .Must(experts => experts is null || Named(experts).Distinct().Count() == Named(experts).Count).WithErrorCode("ranking.twice");
        RuleFor(r => r.Told).RequiredText(InputRules.FieldLength).When(r => r.Experts is { } experts && Named(experts).Count > 0);
        RuleFor(r => r.Told).Storable();
    }

    internal static List<ExpertId> Named(IReadOnlyList<ExpertId?> experts) => [.. experts.OfType<ExpertId>()];
}

internal sealed class RankCandidatesHandler(ConsultationDb db, Execution execution, CaseAccess access, Candidates candidates) : IRequestHandler<RankCandidates, ChangedCase>
{
    public async Task<ChangedCase> Handle(RankCandidates request, CancellationToken cancellationToken)
    {
        var found = await access.ForChangeAsync(request.Case, cancellationToken);
        var track = request.Track!.Value;
        var wanted = RankCandidatesValidator.Named(request.Experts!);
        var before = await db.Set<Wish>().AsNoTracking().Where(w => w.CaseId == found.Id && w.Track == track).OrderBy(w => w.Place).ToListAsync(cancellationToken);
        if (before.Select(w => w.ExpertId).SequenceEqual(wanted) && before.All(w => w.Told == request.Told?.Trim()))
        {
            return ChangedCase.Of(found);
        }

        var occasion = await access.OccasionAsync(found.DeskId, cancellationToken);
        var names = wanted.Count == 0 ? [] : await NamesAsync(found, track, wanted, occasion, cancellationToken);
        found.CandidatesRanked(track, names, request.Told?.Trim(), occasion);
        // The places are keys: what is new must not meet what goes.
        await db.Set<Wish>().Where(w => w.CaseId == found.Id && w.Track == track).ExecuteDeleteAsync(cancellationToken);
        db.AddRange(wanted.Select((expert, at) => new Wish(found.Id, track, at + 1, expert, request.Told!.Trim(), execution.Now.ToUniversalTime(), execution.Actor.Name)));
        execution.Audit("case.candidates_ranked", found.Id, $"{track}; {wanted.Count} wishes");
        return ChangedCase.Of(found);
    }

    private async Task<List<string>> NamesAsync(Case found, Track track, List<ExpertId> wanted, Occasion occasion, CancellationToken cancellationToken)
    {
        if (!occasion.Programme.ApplicantRanks)
        {
            throw new RuleViolation("ranking.not_asked");
        }

        var verdicts = (await candidates.MatchAsync(found, track, null, occasion, cancellationToken)).Verdicts.ToDictionary(v => v.Expert);
        var names = new List<string>();
        foreach (var expert in wanted)
        {
            var verdict = verdicts.GetValueOrDefault(expert) ?? throw new InvalidInput("experts", "field.unknown_code");
            names.Add(verdict.IsEligible ? verdict.Name
                : throw new RuleViolation("ranking.excluded", verdict.Name, string.Join("、", verdict.Excluded.Select(x => x.Text))) { Extra = { ["excluded"] = verdict.Excluded } });
        }

        return names;
    }
}
