using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;

namespace Consultation.Mail;

/// <summary>
/// Writes down that sending begins, before it begins, and renews the lease. False where the lease was taken over, or where the outbox was held, the server
/// put to rest or the domain closed since it was leased: then nothing may be sent, and the mail is given back.
/// </summary>
[Requires(Permission.Operate)]
public sealed record MarkAttempting(MailId Mail, int Fence) : ICommand<bool>;

internal sealed class MarkAttemptingHandler(ConsultationDb db) : IRequestHandler<MarkAttempting, bool>
{
    public async Task<bool> Handle(MarkAttempting request, CancellationToken cancellationToken)
    {
        var trip = new RoundTrip(db);
        var begun = trip.Rows(
            $"""
            update outgoing_mail m set
              state = case when way.open then 'attempting' else m.state end,
              attempts = m.attempts + way.open::int,
              attempted_at = case when way.open then clock_timestamp() else m.attempted_at end,
              lease_until = case when way.open then clock_timestamp() + interval '2 minutes' end
            from (
              select o.id, not exists (select 1 from installation where mail_held)
                and not exists (select 1 from mail_server where rest_until > clock_timestamp())
                and not exists (select 1 from mail_domains d where d.domain = mail_domain(o.recipient) and (d.paused_at is not null or d.rest_until > clock_timestamp())) as open
              from outgoing_mail o where o.id = {request.Mail.Value}) way
            where m.id = way.id and m.fence = {request.Fence} and m.state in ('waiting', 'attempting', 'deferred')
            returning way.open
            """, row => row.Value<bool>());
        await trip.GoAsync(cancellationToken);
        if (begun is [false])
        {
            var back = new RoundTrip(db);
            Striking.LetOthersTry(back, [request.Mail]);
            await back.GoAsync(cancellationToken);
        }

        return begun is [true];
    }
}
