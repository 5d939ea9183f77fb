using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Mail;

/// <summary>One mail of the outbox as the list shows it.</summary>
/// <exception cref="NotFound">No such mail.</exception>
[Requires(Permission.Administer)]
public sealed record GetOutgoingMail(MailId Mail) : IQuery<OutboxRow>;

internal sealed class GetOutgoingMailHandler(ConsultationDb db) : IRequestHandler<GetOutgoingMail, OutboxRow>
{
    public async Task<OutboxRow> Handle(GetOutgoingMail request, CancellationToken cancellationToken) =>
        OutboxRow.Of(await db.Set<OutgoingMail>().AsNoTracking().FirstOrDefaultAsync(m => m.Id == request.Mail, cancellationToken) ?? throw new NotFound());
}
