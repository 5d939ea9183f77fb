using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using Consultation.Topics;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Routing.Board;

/// <summary>
/// The tracks that wait for an expert, the most urgent first, judged all together. Of more cases than a plan holds the oldest are taken. Reads outside any transaction: a plan is a proposal, and applying it
/// judges anew under locks.
/// </summary>
public sealed class WaitingNeeds(ConsultationDb db, Execution execution, DeskBook desks, CaseAccess access, Candidates candidates)
{
    /// <summary>So many cases at most make one plan; the rest wait for the next, in their order.</summary>
    public const int Most = 500;

    /// <summary>Cases with a waiting track whose clock runs: one on hold waits for its client and not for an expert.</summary>
    internal static IQueryable<Case> In(IQueryable<Case> cases) => cases.Where(c => c.Status == CaseStatus.Waiting && !c.OnHold);

    /// <param name="after">Only what was received after this case.</param>
    /// <param name="except">Cases that wait for a person to decide.</param>
    /// <param name="of">Only cases of these desks.</param>
    /// <returns>Beside the content the newest case in it.</returns>
    internal async Task<(PlanContent Content, Case? Last)> AllAsync(Case? after, CancellationToken cancellationToken, IReadOnlyCollection<CaseId>? except = null, IReadOnlyCollection<DeskId>? of = null)
    {
        var waiting = In(Seen);
        if (after is { ReceivedAt: var at, Id: var id })
        {
            waiting = waiting.Where(c => EF.Functions.GreaterThan(ValueTuple.Create(c.ReceivedAt, c.Id), ValueTuple.Create(at, id)));
        }

        if (except is { Count: > 0 })
        {
            waiting = waiting.Where(c => !except.Contains(c.Id));
        }

        if (of is not null)
        {
            waiting = waiting.Where(c => of.Contains(c.DeskId));
        }

        var cases = await Ordered(waiting).Take(Most).ToListAsync(cancellationToken);
        var more = cases.Count < Most ? 0 : await waiting.CountAsync(cancellationToken) - cases.Count;
        return (await JudgeAsync(cases, Math.Max(0, more), [], cancellationToken), cases.LastOrDefault());
    }

    /// <exception cref="InvalidInput">One of the cases is not there for the actor.</exception>
    internal async Task<PlanContent> OfAsync(IReadOnlyCollection<CaseId> selected, CancellationToken cancellationToken)
    {
        var cases = await Ordered(Seen.Where(c => selected.Contains(c.Id))).ToListAsync(cancellationToken);
        if (cases.Count < selected.Distinct().Count())
        {
            throw new InvalidInput("cases", "field.unknown_code");
        }

        var waiting = cases.Where(c => c is { Status: CaseStatus.Waiting, OnHold: false }).ToList();
        return await JudgeAsync(waiting, 0, [.. cases.Except(waiting).Select(c => new LeftOutCase(c.Id, c.Number, c.Status, c.OnHold))], cancellationToken);
    }

    private IQueryable<Case> Seen => db.Set<Case>().AsNoTracking().Where(CaseAccess.Visible(execution.Actor));

    private static IQueryable<Case> Ordered(IQueryable<Case> cases) => cases
        .Include(c => c.Tracks).Include(c => c.Deadlines.Where(d => d.State == DeadlineState.Open || d.State == DeadlineState.Paused))
        .OrderBy(c => c.ReceivedAt).ThenBy(c => c.Id);

    private async Task<PlanContent> JudgeAsync(IReadOnlyList<Case> cases, int more, IReadOnlyList<LeftOutCase> leftOut, CancellationToken cancellationToken)
    {
        var urgent = new Dictionary<CaseId, Urgency>();
        foreach (var found in cases)
        {
            urgent[found.Id] = Urgency.Of(found, await access.OccasionAsync(found.DeskId, cancellationToken));
        }

        var needs = cases.OrderBy(c => urgent[c.Id]).ThenBy(c => c.Id.Value)
            .SelectMany(c => c.Tracks.Where(t => t.State == TrackState.Wanted).OrderBy(t => t.Track).Select(t => (Case: c, t.Track))).ToList();
        return (await JudgeAsync(needs, cancellationToken)).Make(more, leftOut);
    }

    /// <summary>Each need judged and put down before the next is looked at.</summary>
    internal async Task<PlanMaker> JudgeAsync(IReadOnlyList<(Case Case, Track Track)> needs, CancellationToken cancellationToken)
    {
        var urgent = new Dictionary<CaseId, Urgency>();
        foreach (var (found, _) in needs)
        {
            urgent[found.Id] = Urgency.Of(found, await access.OccasionAsync(found.DeskId, cancellationToken));
        }

        var maker = new PlanMaker(JapanTime.DateOf(execution.Now), await desks.NationalAsync(cancellationToken));
        await candidates.EachAsync(
            needs, (at, match) => maker.Add(new(needs[at].Case, needs[at].Track, DueOf(needs[at].Case, needs[at].Track), urgent[needs[at].Case.Id], match)), cancellationToken);
        return maker;
    }

    private static DateTimeOffset? DueOf(Case found, Track track) =>
        found.Deadlines.FirstOrDefault(d => d.Kind == DeadlineKind.Assignment && d.Track == track)?.DueAt;
}
