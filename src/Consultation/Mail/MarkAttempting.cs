using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Mail;

/// <summary>
/// Writes down that sending begins, before it begins, and renews the lease. False where the lease was taken over or the outbox is held: then
/// nothing may be sent.
/// </summary>
[Requires(Permission.Operate)]
public sealed record MarkAttempting(MailId Mail, int Fence) : ICommand<bool>;

internal sealed class MarkAttemptingHandler(ConsultationDb db) : IRequestHandler<MarkAttempting, bool>
{
    public async Task<bool> Handle(MarkAttempting request, CancellationToken cancellationToken) =>
        await db.Database.ExecuteSqlAsync($"""
            update outgoing_mail set state = 'attempting', attempts = attempts + 1, lease_until = clock_timestamp() + interval '2 minutes'
            where id = {request.Mail.Value} and fence = {request.Fence} and state in ('waiting', 'attempting', 'deferred')
              and not exists (select 1 from installation where mail_held)
            """, cancellationToken) == 1;
}
