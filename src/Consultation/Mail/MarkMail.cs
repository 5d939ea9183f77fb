using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;

namespace Consultation.Mail;

/// <summary>
/// Writes down what became of an attempt: sent, bounced, or another try later; 72 hours of tries end in dead. What follows from a mail that will never
/// arrive is a matter of its own (<see cref="TellLostMail"/>), so that nothing keeps the attempt from its end. False where another sender has taken the mail over meanwhile.
/// </summary>
[Requires(Permission.Operate)]
public sealed record MarkMail(MailId Mail, int Fence, Delivery Delivery) : ICommand<bool>;

internal sealed class MarkMailHandler(ConsultationDb db, Execution execution) : IRequestHandler<MarkMail, bool>
{
    public async Task<bool> Handle(MarkMail request, CancellationToken cancellationToken)
    {
        var ask = new RoundTrip(db);
        ask.Lock($"select 1 from outgoing_mail where id = {request.Mail.Value} for update");
        var found = ask.Entities<OutgoingMail>($" where id = {request.Mail.Value}");
        var struck = ask.Rows(
            $"""
            select exists (select 1 from mail_server where strikes > 0)
              or exists (select 1 from mail_domains d join outgoing_mail m on d.domain = mail_domain(m.recipient) where m.id = {request.Mail.Value} and d.strikes > 0)
            """, row => row.Value<bool>());
        await ask.GoAsync(cancellationToken);
        var mail = found.Single();
        if (mail.Fence != request.Fence || mail.State != MailState.Attempting)
        {
            return false;
        }

        mail.Ended(request.Delivery, execution.Now);
        var note = new RoundTrip(db);
        Striking.Note(note, mail, request.Delivery, struck.Single(), execution.Now);
        await note.GoAsync(cancellationToken);
        return true;
    }
}
