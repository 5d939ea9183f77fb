using Consultation.Audit;
using Consultation.Messaging;

namespace Consultation.Demo;

/// <summary>
/// The rows of one batch, by type. Audit rows pass through a queue, because they lie in the table in the order of their time and the story of one
/// case goes on for months while others begin.
/// </summary>
internal sealed class LoadRows
{
    private readonly Execution execution = new();
    private readonly PriorityQueue<AuditEntry, (DateTimeOffset At, long Order)> audit = new();
    private Dictionary<Type, List<object>> rows = [];
    private long order;

    public void Add(object row)
    {
        if (!rows.TryGetValue(row.GetType(), out var same))
        {
            rows.Add(row.GetType(), same = []);
        }

        same.Add(row);
    }

    public void Add(object row, params IEnumerable<object>[] parts)
    {
        Add(row);
        foreach (var part in parts.SelectMany(p => p))
        {
            Add(part);
        }
    }

    public void Audit(Actor actor, DateTimeOffset at, string action, string subject, Guid id, string? details = null)
    {
        (execution.Actor, execution.Now) = (actor, at);
        audit.Enqueue(new(execution, new(action, subject, new(id), details)), (at, order++));
    }

    /// <summary>Everything so far, and the audit rows from before an instant.</summary>
    public Dictionary<Type, List<object>> Take(DateTimeOffset before)
    {
        while (audit.TryPeek(out var next, out var place) && place.At < before)
        {
            audit.Dequeue();
            Add(next);
        }

        var taken = rows;
        rows = [];
        return taken;
    }
}
