using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Staff;

namespace Consultation.Cases;

/// <summary>What every contact leaves beside its own row: words to be found by, an audit row, and news for the desk that holds the case and did not speak.</summary>
public sealed class ContactRecord(ConsultationDb db, Execution execution, DeskBook desks)
{
    /// <returns>The name of the desk that was told; null where it spoke itself, or an expert of the case did.</returns>
    internal async Task<string?> AddAsync(Case found, Contact contact, CancellationToken cancellationToken)
    {
        db.Add(contact);
        await CaseSearch.AppendAsync(db, found.Id, contact.Text, cancellationToken);
        var actor = execution.Actor;
        var isOthers = actor.Role is Role.Desk or Role.Centre or Role.Supervisor && actor.Desk != found.DeskId;
        execution.Audit("contact.recorded", found.Id, isOthers && actor.District is { } district && district != found.District ? "other district" : null);
        if (!isOthers)
        {
            return null;
        }

        db.Add(new DeskNews(found.Id, found.DeskId, DeskNewsKind.Contact, execution.Now, actor.Name, contact.Text));
        return (await desks.ReadAsync(cancellationToken)).Find(found.DeskId)?.Name;
    }
}
