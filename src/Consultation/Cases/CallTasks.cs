using Consultation.Messaging;
using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>Calls that a desk is to make from its next opening on because something happened while it was closed, or behind its back.</summary>
public sealed class CallTasks(ConsultationDb db)
{
    /// <param name="found">Loaded for change.</param>
    /// <param name="eventKey">What happened, with its id; the same event a second time is a no-op.</param>
    /// <param name="reason">What the call is about, for the desk.</param>
    /// <param name="told">The line of the story.</param>
    public async Task OweAsync(Case found, string eventKey, string reason, string told, Occasion occasion, CancellationToken cancellationToken)
    {
        if (await db.Set<CallBack>().AnyAsync(c => c.CaseId == found.Id && c.EventKey == eventKey, cancellationToken)
            || db.Set<CallBack>().Local.Any(c => c.CaseId == found.Id && c.EventKey == eventKey))
        {
            return;
        }

        var call = new CallBack(found.Id, found.DeskId, occasion.Calendar.NextOpen(occasion.Now), found.Phone, reason, eventKey);
        db.Add(call);
        found.OweCall(Ref.To(call.Id), call.DueAt, told, occasion);
    }
}
