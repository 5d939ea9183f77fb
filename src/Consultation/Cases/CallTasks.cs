using Consultation.Messaging;
using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>
/// Calls that a desk is to make from its next opening on, because a letter cannot go or something happened behind its back; and their end,
/// where what they are about has gone.
/// </summary>
public sealed class CallTasks(ConsultationDb db)
{
    /// <param name="found">Loaded for change.</param>
    /// <param name="eventKey">What happened, with its id; the same event a second time is a no-op.</param>
    /// <param name="reason">What the call is about, for the desk.</param>
    /// <param name="told">The line of the story.</param>
    /// <returns>False where the call is owed already, or was made.</returns>
    public Task<bool> OweAsync(Case found, string eventKey, string reason, string told, Occasion occasion, CancellationToken cancellationToken) =>
        OweAsync(found, CallBackKind.Colleague, eventKey, reason, found.Phone, told, null, occasion, cancellationToken);

    /// <param name="title">What to tell, in a line; the whole text stands beside.</param>
    internal async Task<bool> OweAsync(
        Case found, CallBackKind kind, string eventKey, string reason, string? phone, string told, string? title, Occasion occasion, CancellationToken cancellationToken)
    {
        if (await db.Set<CallBack>().AnyAsync(c => c.CaseId == found.Id && c.EventKey == eventKey, cancellationToken)
            || db.Set<CallBack>().Local.Any(c => c.CaseId == found.Id && c.EventKey == eventKey))
        {
            return false;
        }

        var call = CallBack.Owed(found, kind, phone, reason, eventKey, title, occasion);
        db.Add(call);
        found.OweCall(call, told, occasion);
        return true;
    }

    /// <summary>Nobody need make this call, as though the event had not been: when it happens again, a call is owed anew.</summary>
    /// <returns>False where it was made, given up before, or never owed.</returns>
    internal async Task<bool> TakeBackAsync(Case found, string eventKey, Occasion occasion, CancellationToken cancellationToken)
    {
        if (await db.Set<CallBack>().FirstOrDefaultAsync(c => c.CaseId == found.Id && c.EventKey == eventKey && c.State == CallBackState.Open, cancellationToken) is not { } call)
        {
            return false;
        }

        call.TakeBack();
        found.CallBackEnded(call, kept: false, occasion);
        return true;
    }

    /// <summary>Nobody need make these calls any more.</summary>
    /// <param name="isAbout">Which, by their event.</param>
    /// <param name="kept">True where what was asked for has come; false where nobody waits for it.</param>
    internal async Task EndAsync(Case found, Func<string, bool> isAbout, bool kept, Occasion occasion, CancellationToken cancellationToken)
    {
        await db.Set<CallBack>().Where(c => c.CaseId == found.Id && c.State == CallBackState.Open && c.EventKey != null).LoadAsync(cancellationToken);
        // The tracked ones: one that this very change opened is not in the table yet.
        foreach (var call in db.Set<CallBack>().Local.Where(c => c.CaseId == found.Id && c is { State: CallBackState.Open, EventKey: { } key } && isAbout(key)).ToList())
        {
            found.CallBackEnded(call, kept, occasion);
        }
    }
}
