using Consultation.Messaging;
using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Audit;

/// <summary>Writes down what a query has shown, before its answer leaves: one statement that needs no change tracking.</summary>
public static class AuditTrail
{
    public static async Task WriteAsync(ConsultationDb db, Execution execution, CancellationToken cancellationToken)
    {
        var lines = execution.AuditLines;
        if (lines.Count == 0)
        {
            return;
        }

        var (at, staff, actor, role) = (execution.Now.ToUniversalTime(), execution.Actor.Staff?.Value, execution.Actor.Name, EnumText.Of(execution.Actor.Role));
        var trip = new RoundTrip(db);
        foreach (var line in lines)
        {
            trip.Do($"""
                insert into audit_entry (at, staff_id, actor, role, action, subject, subject_id, details)
                values ({at}, {staff}, {actor}, {role}, {line.Action}, {line.Subject}, {line.SubjectId.Value}, {line.Details})
                """);
        }

        await trip.GoAsync(cancellationToken);
    }
}
