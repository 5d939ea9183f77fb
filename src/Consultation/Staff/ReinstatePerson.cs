using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;

namespace Consultation.Staff;

/// <summary>Somebody is back, in the role they had. Tokens that ended stay ended; the password is the old one. Repeating it changes nothing.</summary>
[Requires(Permission.Administer)]
public sealed record ReinstatePerson(StaffId Person) : ICommand<StaffId>;

internal sealed class ReinstatePersonHandler(ConsultationDb db, Execution execution) : IRequestHandler<ReinstatePerson, StaffId>
{
    public async Task<StaffId> Handle(ReinstatePerson request, CancellationToken cancellationToken)
    {
        var member = await PersonRules.ForChangeAsync(db, execution, request.Person, cancellationToken);
        if (!member.Active)
        {
            member.Reinstate();
            execution.Audit("person.reinstated", member.Id, new Changes().Of("active", false, true).ToString());
            execution.Raise(new AccessChanged(member.Id));
        }

        return member.Id;
    }
}
