using Consultation.Messaging;
using Consultation.Persistence;

namespace Consultation.Audit;

/// <summary>Writes down what a query shows, before its answer leaves: statements that need no change tracking.</summary>
public static class AuditTrail
{
    /// <summary>Lets the lines so far travel with what is read anyway; they stand before the answer does.</summary>
    /// <param name="where">Only where this holds, which the same trip finds out.</param>
    /// <param name="details">What was shown, where only the same trip finds it out: SQL for one text.</param>
    /// <returns>By line, once the trip is over: its number; none where it did not hold.</returns>
    public static IReadOnlyList<IReadOnlyList<long>> Join(RoundTrip trip, Execution execution, FormattableString? where = null, FormattableString? details = null)
    {
        var (at, staff, actor, role) = (execution.Now.ToUniversalTime(), execution.Actor.Staff?.Value, execution.Actor.Name, EnumText.Of(execution.Actor.Role));
        var written = new List<IReadOnlyList<long>>();
        foreach (var line in execution.TakeAudit())
        {
            written.Add(trip.Rows($"""
                insert into audit_entry (at, staff_id, actor, role, action, subject, subject_id, details)
                select {at}, {staff}, {actor}, {role}, {line.Action}, {line.Subject}, {line.SubjectId.Value}, {details ?? $"{line.Details}"} where {where ?? $"true"} returning id
                """, row => row.Value<long>()));
        }

        return written;
    }

    /// <summary>Whatever has not joined another trip.</summary>
    public static async Task WriteAsync(ConsultationDb db, Execution execution, CancellationToken cancellationToken)
    {
        if (execution.AuditLines.Count > 0)
        {
            var trip = new RoundTrip(db);
            Join(trip, execution);
            await trip.GoAsync(cancellationToken);
        }
    }
}
