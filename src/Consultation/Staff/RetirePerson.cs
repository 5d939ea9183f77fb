using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Staff;

/// <summary>
/// Somebody has left: sessions end within 5 s everywhere, their tokens for good. The row stays, because cases and audit name it. Repeating it
/// changes nothing.
/// </summary>
[Requires(Permission.Administer)]
public sealed record RetirePerson(StaffId Person) : ICommand<StaffId>;

internal sealed class RetirePersonHandler(ConsultationDb db, Execution execution) : IRequestHandler<RetirePerson, StaffId>
{
    public async Task<StaffId> Handle(RetirePerson request, CancellationToken cancellationToken)
    {
        var member = await PersonRules.ForChangeAsync(db, execution, request.Person, cancellationToken);
        if (!member.Active)
        {
            return member.Id;
        }

        await PersonRules.NotTheLastAdministratorAsync(db, member, cancellationToken);
        member.Retire();
        var tokens = await db.Set<AccessToken>().Where(t => t.StaffId == member.Id && t.RevokedAt == null).ToListAsync(cancellationToken);
        foreach (var token in tokens.Where(t => t.Revoke(execution.Now)))
        {
            execution.Audit("token.revoked", token.Id, "retired");
        }

        execution.Audit("person.retired", member.Id, new Changes().Of("active", true, false).ToString());
        execution.Raise(new AccessChanged(member.Id));
        return member.Id;
    }
}
