using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Mail;

/// <summary>
/// Job: tells the rooms above of each mail that will never arrive. One whose consequence cannot be drawn stays untold, visibly for the operator and for the
/// desk of its case, and keeps no other. Answers how many were told.
/// </summary>
/// <exception cref="PartlyDone">All others were told; these could not be.</exception>
[Requires(Permission.Operate), OutsideTransaction]
public sealed record TellLostMails(int Most = 200) : ICommand<int>;

internal sealed class TellLostMailsHandler(ConsultationDb db, Dispatcher dispatcher, Execution execution) : IRequestHandler<TellLostMails, int>
{
    public async Task<int> Handle(TellLostMails request, CancellationToken cancellationToken)
    {
        // Those that failed before come last, so that however many they are they keep nobody.
        var lost = await db.Database.SqlQuery<Guid>($"""
            select m.id as "Value" from outgoing_mail m where m.untold_since is not null
            order by exists (select 1 from work_failures f where f.row_id = m.id::text), m.id limit {request.Most}
            """).ToListAsync(cancellationToken);
        return await dispatcher.SendEach(lost, mail => new TellLostMail(new(mail)), execution.Actor, cancellationToken);
    }
}

/// <summary>Tells of one mail (<see cref="MailBounced"/>). False where that was done, or a person had it sent again or taken out.</summary>
[Requires(Permission.Operate)]
public sealed record TellLostMail(MailId Mail) : ICommand<bool>;

internal sealed class TellLostMailHandler(ConsultationDb db, Execution execution) : IRequestHandler<TellLostMail, bool>
{
    public async Task<bool> Handle(TellLostMail request, CancellationToken cancellationToken)
    {
        if (await db.Set<OutgoingMail>().FromSql($"select * from outgoing_mail where id = {request.Mail.Value} and untold_since is not null for update").SingleOrDefaultAsync(cancellationToken) is not { } mail)
        {
            return false;
        }

        mail.Tell();
        execution.Raise(new MailBounced(mail.Id, mail.Reference, mail.EventKey, mail.Template, mail.Recipient, mail.Subject, mail.Body, mail.AddressIsWrong));
        return true;
    }
}

/// <summary>A mail will never arrive: refused for good, or not accepted within 72 hours.</summary>
/// <param name="AddressIsWrong">The server refused the address itself.</param>
public sealed record MailBounced(
    MailId Mail, Ref Reference, string EventKey, string Template, string Recipient, string Subject, string Body, bool AddressIsWrong) : IDomainEvent;
