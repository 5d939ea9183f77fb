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
    }

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
    public Task<Case> ForChangeAsync(CaseId id, CancellationToken cancellationToken) => ForChangeAsync(id, Visible(execution.Actor), cancellationToken);

    /// <summary>The same without row rights, for events of rooms that have already asked, and for contacts, which any desk may add.</summary>
    public Task<Case> ForChangeByAnyAsync(CaseId id, CancellationToken cancellationToken) => ForChangeAsync(id, _ => true, cancellationToken);

    /// <summary>For what follows from an act (an event, a hold of another case that ran out): neither row rights nor If-Match speak of this case.</summary>
    public async Task<Case> ForConsequenceAsync(CaseId id, CancellationToken cancellationToken) =>
        await LockedAsync(id, _ => true, cancellationToken) ?? throw new NotFound();

    /// <summary>Who acts, when and by whose calendar, for a change of the case.</summary>
    public async Task<Occasion> OccasionAsync(DeskId desk, CancellationToken cancellationToken)
    {
        var calendar = (await desks.ReadAsync(cancellationToken)).CalendarOf(desk);
        // A case received before its programme was set up still gets the defaults of design §2.
        var year = FiscalYear.Of(execution.Now);
        var programme = await programmes.FindAsync(year, cancellationToken) ?? new ProgrammeYear(ProgrammeYear.OneStop, year);
        return new(execution.Actor, execution.Now, calendar, programme);
    }

    private async Task<Case> ForChangeAsync(CaseId id, Expression<Func<Case, bool>> visible, CancellationToken cancellationToken)
    {
        var found = await LockedAsync(id, visible, cancellationToken) ?? throw new NotFound();
        return execution.ExpectedVersion is { } expected && expected != found.Version ? throw new Conflict("version.stale") : found;
    }

    private async Task<Case?> LockedAsync(CaseId id, Expression<Func<Case, bool>> visible, CancellationToken cancellationToken)
    {
        // Locked first and alone: FOR UPDATE inside the joined query would lock rows of the wrong tables.
        await db.Database.ExecuteSqlAsync($"select 1 from cases where id = {id.Value} for update", cancellationToken);
        return await db.Set<Case>()
            .Include(c => c.Tracks)
            .Include(c => c.Deadlines.Where(d => d.State == DeadlineState.Open || d.State == DeadlineState.Paused))
            .Where(c => c.Id == id).Where(visible)
            .FirstOrDefaultAsync(cancellationToken);
    }
}
