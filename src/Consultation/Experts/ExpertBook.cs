using Consultation.Messaging;
using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Experts;

/// <summary>
/// Every expert with topics, working pattern and absences, kept in memory for matching: thousands of rows that change some times a day and
/// are asked for with every case. Whoever reads shows the <see cref="Sign"/> read in the same trip as the rest; where it differs, only what
/// changed is read again, so that no copy is older than the asking. What a command's own transaction did to an expert is not in it. For reading only.
/// </summary>
public sealed class ExpertBook(IDbContextFactory<ConsultationDb> contexts) : IDisposable
{
    // Whoever finds the copy old together with others waits for the one who reads.
    private readonly SemaphoreSlim reading = new(1);
    private Copy current = new(0, [], new Dictionary<ExpertId, Expert>());

    private sealed record Copy(long Sign, IReadOnlyList<Expert> Experts, IReadOnlyDictionary<ExpertId, Expert> ById);

    /// <summary>Another number after every change: versions only grow and experts are never deleted.</summary>
    public static IReadOnlyList<long> Sign(RoundTrip trip) => trip.Rows($"select count(*) + coalesce(sum(version), 0) from experts", row => row.Value<long>());

    /// <summary>All experts by id.</summary>
    public async ValueTask<IReadOnlyList<Expert>> ReadAsync(long sign, CancellationToken cancellationToken)
    {
        if (current is { Experts: var same } now && now.Sign == sign)
        {
            return same;
        }

        await reading.WaitAsync(cancellationToken);
        try
        {
            return current.Sign == sign ? current.Experts : await ReadAgainAsync(cancellationToken);
        }
        finally
        {
            reading.Release();
        }
    }

    public void Dispose() => reading.Dispose();

    private async Task<IReadOnlyList<Expert>> ReadAgainAsync(CancellationToken cancellationToken)
    {
        var known = current;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var versions = await db.Set<Expert>().Select(e => new { e.Id, e.Version }).ToListAsync(cancellationToken);
        var changed = versions.Where(v => known.ById.GetValueOrDefault(v.Id)?.Version != v.Version).Select(v => v.Id).ToList();
        // The expert before the absences: what is committed in between makes the copy newer than its version says, never older.
        var read = await db.Set<Expert>().AsNoTracking().Where(e => changed.Count == versions.Count || changed.Contains(e.Id))
            .Include(e => e.Topics).Include(e => e.Hours).Include(e => e.Days).Include(e => e.Absences).AsSplitQuery().ToListAsync(cancellationToken);
        var byId = known.ById.Values.Concat(read).GroupBy(e => e.Id).ToDictionary(g => g.Key, g => g.Last());
        var experts = byId.Values.OrderBy(e => e.Id.Value).ToList();
        // By what was read, not by what was shown: the sign may be of a transaction that is not over.
        return (current = new(experts.Count + experts.Sum(e => (long)e.Version), experts, byId)).Experts;
    }
}
