using System.Linq.Expressions;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using Consultation.Topics;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>
/// Whose cases an actor may see and change (domain.md §2): centre and nationwide supervisors all, a desk its district's, an expert the ones
/// offered to or held by that expert, everybody else none. Every query and every load asks here; a case one may not see is "not found".
/// </summary>
public sealed class CaseAccess(ConsultationDb db, Execution execution, DeskBook desks, ProgrammeBook programmes)
{
    public static Expression<Func<Case, bool>> Visible(Actor actor) => Reach.Of(actor) switch
    {
        { Everywhere: true } => _ => true,
        { District: { } district } => c => c.District == district,
        { Expert: { } expert } => c => c.Tracks.Any(t => t.ExpertId == expert),
        _ => _ => false,
    };

    /// <summary>The same for what is asked in SQL: <c>everywhere or district = … or exists (a track of the expert)</c>. At most one of the three is there.</summary>
    internal sealed record Reach(bool Everywhere, string? District, ExpertId? Expert)
    {
        public static Reach Of(Actor actor) => actor switch
        {
            { IsNationwide: true } => new(true, null, null),
            { Role: Role.Desk or Role.Supervisor, District: { } district } => new(false, district, null),
            { Role: Role.Expert, Expert: { } expert } => new(false, null, expert),
            _ => new(false, null, null),
        };

        /// <summary>Holds for rows of <c>cases</c> that may be seen.</summary>
        public FormattableString Covers =>
            $"({Everywhere} or cases.district = {District} or exists (select 1 from case_tracks t where t.case_id = cases.id and t.expert_id = {Expert?.Value}))";
    }

    private static readonly Reach Anywhere = new(true, null, null);

    /// <summary>
    /// The one rule about who asks: an expert sees name, telephone and address of the client only once the client's consent is recorded, oral
    /// or written, before and after accepting (design §2). Everybody else who sees the case sees them.
    /// </summary>
    public static bool MaySeePerson(Actor actor, bool consented) => actor.Role != Role.Expert || consented;

    /// <summary>
    /// The case for a change, locked until the transaction ends, with its tracks and running deadlines.
    /// </summary>
    /// <exception cref="NotFound">No such case among those the actor may see.</exception>
    /// <exception cref="Conflict"><c>version.stale</c>: the caller named an older version.</exception>
    public async Task<Case> ForChangeAsync(CaseId id, CancellationToken cancellationToken)
    {
        var trip = new RoundTrip(db);
        var found = ForChange(trip, id);
        await trip.GoAsync(cancellationToken);
        return found();
    }

    /// <summary>The same with what else is asked for in one trip.</summary>
    /// <returns>The case, once the trip is over.</returns>
    internal Func<Case> ForChange(RoundTrip trip, CaseId id)
    {
        var found = Locked(trip, id, Reach.Of(execution.Actor));
        return () => OfVersion(found.SingleOrDefault() ?? throw new NotFound());
    }

    /// <summary>The same for who was let in by something else than row rights: a client by the secret of a letter.</summary>
    internal Func<Case> ForChangeByAny(RoundTrip trip, CaseId id)
    {
        var found = Locked(trip, id, Anywhere);
        return () => OfVersion(found.SingleOrDefault() ?? throw new NotFound());
    }

    /// <summary>The same without row rights, for events of rooms that have already asked, and for contacts, which any desk may add.</summary>
    public async Task<Case> ForChangeByAnyAsync(CaseId id, CancellationToken cancellationToken) => OfVersion(await ForConsequenceAsync(id, cancellationToken));

    /// <summary>For what follows from an act (an event, a hold of another case that ran out): neither row rights nor If-Match speak of this case.</summary>
    public async Task<Case> ForConsequenceAsync(CaseId id, CancellationToken cancellationToken)
    {
        var trip = new RoundTrip(db);
        var found = Locked(trip, id, Anywhere);
        await trip.GoAsync(cancellationToken);
        return found.SingleOrDefault() ?? throw new NotFound();
    }

    /// <summary>
    /// Several cases for one change, locked in the order of their ids, so that two who change some of the same never wait for each other. Those
    /// the actor may not see are missing.
    /// </summary>
    public async Task<IReadOnlyDictionary<CaseId, Case>> ManyForChangeAsync(IReadOnlyCollection<CaseId> ids, CancellationToken cancellationToken)
    {
        Guid[] named = [.. ids.Select(id => id.Value)];
        var trip = new RoundTrip(db);
        trip.Lock($"select 1 from cases where id = any({named}) order by id for update");
        var found = trip.Entities<Case>($"where id = any({named}) and {Reach.Of(execution.Actor).Covers}");
        trip.Entities<CaseTrack>($"where case_id = any({named})");
        trip.Entities<Deadline>($"where case_id = any({named}) and state in ('open', 'paused')");
        await trip.GoAsync(cancellationToken);
        return found.ToDictionary(c => c.Id);
    }

    /// <summary>Who acts, when and by whose calendar, for a change of the case.</summary>
    public async Task<Occasion> OccasionAsync(DeskId desk, CancellationToken cancellationToken)
    {
        var calendar = (await desks.ReadAsync(cancellationToken)).CalendarOf(desk);
        // A case received before its programme was set up still gets the defaults of design §2.
        var year = FiscalYear.Of(execution.Now);
        var programme = await programmes.FindAsync(year, cancellationToken) ?? new ProgrammeYear(ProgrammeYear.OneStop, year);
        return new(execution.Actor, execution.Now, calendar, programme);
    }

    /// <summary>The case with its tracks and running deadlines; none where it is not among those that may be seen.</summary>
    internal static IReadOnlyList<Case> Read(RoundTrip trip, CaseId id, Reach reach)
    {
        var found = trip.Entities<Case>($"where id = {id.Value} and {reach.Covers}");
        trip.Entities<CaseTrack>($"where case_id = {id.Value}");
        trip.Entities<Deadline>($"where case_id = {id.Value} and state in ('open', 'paused')");
        return found;
    }

    private static IReadOnlyList<Case> Locked(RoundTrip trip, CaseId id, Reach reach)
    {
        trip.Lock($"select 1 from cases where id = {id.Value} for update");
        return Read(trip, id, reach);
    }

    private Case OfVersion(Case found) => execution.ExpectedVersion is { } expected && expected != found.Version ? throw new Conflict("version.stale") : found;
}
