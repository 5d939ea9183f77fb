using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Staff;

/// <summary>The actor of a signed-in person as the rows stand now; null where the person has left.</summary>
[Requires(Permission.Operate)]
public sealed record FindActor(StaffId Staff) : IQuery<Actor?>;

internal sealed class FindActorHandler(ConsultationDb db) : IRequestHandler<FindActor, Actor?>
{
    public async Task<Actor?> Handle(FindActor request, CancellationToken cancellationToken) =>
        await db.Set<StaffMember>().AsNoTracking().FirstOrDefaultAsync(m => m.Id == request.Staff && m.Active, cancellationToken) is { } member
            ? await AuthenticateTokenHandler.ActorOfAsync(db, member, cancellationToken)
            : null;
}
