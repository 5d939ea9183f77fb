using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Staff;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Web.SignIn;

/// <summary>
/// What somebody may do has changed, or their password was replaced: their sessions end, in the same transaction for every node (within 5 s),
/// and after the commit at once on this one.
/// </summary>
internal sealed class WhenAccessChanged(ConsultationDb db, Execution execution, Sessions sessions, TokenActors tokens)
    : INotificationHandler<AccessChanged>, INotificationHandler<TokenRevoked>
{
    public async Task Handle(AccessChanged notification, CancellationToken cancellationToken)
    {
        var ended = await db.Database.SqlQuery<Guid>($"""
            update signin.accounts set security_stamp = {Guid.NewGuid().ToString("N")} where staff_id = {notification.Staff.Value} returning id as "Value"
            """).ToListAsync(cancellationToken);
        execution.AfterCommit(() =>
        {
            ended.ForEach(sessions.Forget);
            tokens.Forget();
        });
    }

    public Task Handle(TokenRevoked notification, CancellationToken cancellationToken)
    {
        execution.AfterCommit(tokens.Forget);
        return Task.CompletedTask;
    }
}
