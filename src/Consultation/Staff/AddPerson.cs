using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using FluentValidation;
using MediatR;

namespace Consultation.Staff;

/// <summary>Enters a person who may act. How the person signs in is another matter and not of this room.</summary>
/// <param name="DeskSlug">Slug of the desk; required for the role desk, optional for supervisor.</param>
/// <param name="Organisation">The contractor, ministry or firm the person belongs to (domain.md §11).</param>
[Requires(Permission.Administer)]
public sealed record AddPerson(string Name, string? Email, Role Role, string? DeskSlug, ExpertId? Expert, string Organisation) : ICommand<StaffId>;

internal sealed class AddPersonValidator : AbstractValidator<AddPerson>
{
    public AddPersonValidator()
    {
        RuleFor(r => r.Name).RequiredText(InputRules.FieldLength);
        RuleFor(r => r.Organisation).RequiredText(InputRules.FieldLength);
        RuleFor(r => r.Email).Storable().Must(e => e is null || EmailAddress.IsWellFormed(e)).WithErrorCode("staff.email_malformed");
        RuleFor(r => r.Role).ForPeople();
        RuleFor(r => r.DeskSlug).DeskOf(r => r.Role);
        RuleFor(r => r.Expert).ExpertOf(r => r.Role);
    }
}

internal sealed class AddPersonHandler(ConsultationDb db, Execution execution, DeskBook desks) : IRequestHandler<AddPerson, StaffId>
{
    public async Task<StaffId> Handle(AddPerson request, CancellationToken cancellationToken)
    {
        var desk = PersonRules.DeskOf(await desks.ReadAsync(cancellationToken), request.DeskSlug, "deskSlug");
        var member = new StaffMember(request.Name.Trim(), request.Email, request.Role, desk, request.Expert, request.Organisation.Trim(), execution.Now);
        db.Add(member);
        execution.Audit("person.added", member.Id, $"role: {EnumText.Of(request.Role)}; desk: {request.DeskSlug ?? "-"}");
        return member.Id;
    }
}
