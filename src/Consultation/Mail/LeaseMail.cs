using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Mail;

/// <summary>
/// Takes due mails for two minutes. A mail whose lease ran out while it was being sent is taken over and marked as possibly sent twice.
/// Nothing is given out while the outbox is held.
/// </summary>
[Requires(Permission.Operate)]
public sealed record LeaseMail(int Most) : ICommand<IReadOnlyList<LeasedMail>>;

internal sealed class LeaseMailHandler(ConsultationDb db, Execution execution) : IRequestHandler<LeaseMail, IReadOnlyList<LeasedMail>>
{
    public async Task<IReadOnlyList<LeasedMail>> Handle(LeaseMail request, CancellationToken cancellationToken)
    {
        var now = execution.Now.ToUniversalTime();
        var taken = await db.Set<OutgoingMail>().FromSql($"""
            with due as (
              select id from outgoing_mail
              where state in ('waiting', 'attempting', 'deferred') and next_attempt_at <= {now}
                and (lease_until is null or lease_until < clock_timestamp())
                and not exists (select 1 from installation where mail_held)
              order by next_attempt_at, id limit {request.Most} for update skip locked)
            update outgoing_mail m
            set fence = m.fence + 1, lease_until = clock_timestamp() + interval '2 minutes', possibly_twice = m.possibly_twice or m.state = 'attempting'
            from due where m.id = due.id
            returning m.*
            """).AsNoTracking().ToListAsync(cancellationToken);
        return taken.ConvertAll(m => new LeasedMail(m.Id, m.Fence, new(m.MessageId, m.Recipient, m.Subject, m.Body, m.Calendar)));
    }
}

/// <param name="Fence">What the sender has to show when it marks the mail; grows with every lease.</param>
public sealed record LeasedMail(MailId Id, int Fence, Envelope Envelope);
