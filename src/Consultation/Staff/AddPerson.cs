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
        RuleFor(r => r.Email).Must(e => e is null || EmailAddress.IsWellFormed(e)).WithErrorCode("staff.email_malformed");
        RuleFor(r => r.Role).Must(r => r is not (Role.System or Role.Public)).WithErrorCode("field.unknown_code");
        RuleFor(r => r.DeskSlug).Must(d => d is not null).When(r => r.Role == Role.Desk).WithErrorCode("field.required");
        RuleFor(r => r.Expert).Must(e => e is not null).When(r => r.Role == Role.Expert).WithErrorCode("field.required");
    }
}

internal sealed class AddPersonHandler(ConsultationDb db, Execution execution, DeskBook desks) : IRequestHandler<AddPerson, StaffId>
{
    public async Task<StaffId> Handle(AddPerson request, CancellationToken cancellationToken)
    {
        DeskId? desk = null;
        if (request.DeskSlug is { } slug)
        {
            desk = ((await desks.ReadAsync(cancellationToken)).Find(slug) ?? throw new InvalidInput("deskSlug", "field.unknown_code")).Id;
        }

        var member = new StaffMember(request.Name, request.Email, request.Role, desk, request.Expert, request.Organisation, execution.Now);
        db.Add(member);
        execution.Audit("person.added", member.Id, request.Role.ToString());
        return member.Id;
    }
}
