using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>
/// Tells a client something in writing: by mail where the case has a usable address, else by a call task that carries the same text
/// (design §2: whatever cannot be mailed becomes a call task). The same event a second time is a no-op either way.
/// </summary>
public sealed class ClientLetter(ConsultationDb db, Outbox outbox)
{
    /// <param name="found">Loaded for change, so that nobody else writes the same letter meanwhile.</param>
    /// <param name="template">The name of an embedded file, without <c>.mail.txt</c>.</param>
    /// <param name="eventKey">What happened, with its id.</param>
    /// <exception cref="MailGapMissing">A gap of the template has no value.</exception>
    public Task SendAsync(Case found, string template, string eventKey, IReadOnlyDictionary<string, string> values, Occasion occasion, CancellationToken cancellationToken)
    {
        if (found.CanBeMailed)
        {
            outbox.Send(template, eventKey, found.Email!, Ref.To(found.Id), values);
            return Task.CompletedTask;
        }

        var (subject, body) = MailTemplate.Find(template).Render(values);
        return CallInsteadAsync(found, $"{template}/{eventKey}", $"メールの宛先がないため電話で: {subject}\n\n{body}", found.Phone, occasion, cancellationToken);
    }

    /// <summary>A call that is owed from the next opening on, once for each event.</summary>
    internal async Task CallInsteadAsync(Case found, string eventKey, string text, string? phone, Occasion occasion, CancellationToken cancellationToken)
    {
        if (await db.Set<CallBack>().AnyAsync(c => c.CaseId == found.Id && c.EventKey == eventKey, cancellationToken)
            || db.Set<CallBack>().Local.Any(c => c.CaseId == found.Id && c.EventKey == eventKey))
        {
            return;
        }

        var callBack = new CallBack(found.Id, found.DeskId, occasion.Calendar.NextOpen(occasion.Now), phone, text, eventKey);
        db.Add(callBack);
        found.OweCall(Ref.To(callBack.Id), callBack.DueAt, occasion);
    }
}
