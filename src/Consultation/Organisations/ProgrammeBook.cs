using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Organisations;

/// <summary>
/// The programme years, read once and kept for a few seconds like desks and closures (<c>DeskBook</c>): every change of a case needs one of them.
/// A change of them drops the copy of its own process at once; in other processes the next command sees that its copy is old. For reading
/// only; whoever changes a year or an account loads the row itself.
/// </summary>
public sealed class ProgrammeBook(IDbContextFactory<ConsultationDb> contexts, TimeProvider clock)
{
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(5);
    private Snapshot? current;

    private sealed record Snapshot(long ReadAt, long Number, IReadOnlyDictionary<int, ProgrammeYear> Years);

    /// <summary>The one-stop programme in that year; null where it does not exist.</summary>
    public async ValueTask<ProgrammeYear?> FindAsync(FiscalYear year, CancellationToken cancellationToken) =>
        (await ReadAsync(cancellationToken)).Years.GetValueOrDefault(year.Year);

    /// <exception cref="RuleViolation"><c>programme.no_year</c>: the programme does not exist in that year.</exception>
    public async ValueTask<ProgrammeYear> GetAsync(FiscalYear year, CancellationToken cancellationToken) =>
        await FindAsync(year, cancellationToken) ?? throw new RuleViolation("programme.no_year", year.Label);

    public void Drop() => current = null;

    /// <summary>Drops a copy that is older than the calendar with this number.</summary>
    public void Demand(long number)
    {
        if (current is { } known && known.Number < number)
        {
            current = null;
        }
    }

    private async ValueTask<Snapshot> ReadAsync(CancellationToken cancellationToken)
    {
        if (current is { } known && clock.GetElapsedTime(known.ReadAt) < Age)
        {
            return known;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        // The number first: rows newer than it only make the copy be read once more.
        var number = await db.Database.SqlQuery<long>($"select calendar_no as \"Value\" from installation").SingleAsync(cancellationToken);
        var years = await db.Set<ProgrammeYear>().AsNoTracking().Where(p => p.Programme == ProgrammeYear.OneStop).ToDictionaryAsync(p => p.FiscalYear, cancellationToken);
        return current = new(clock.GetTimestamp(), number, years);
    }
}
