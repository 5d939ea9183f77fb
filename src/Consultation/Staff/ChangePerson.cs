using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using FluentValidation;
using MediatR;

namespace Consultation.Staff;

/// <summary>
/// Changes who somebody is and what they may do. A change of role, desk or expert ends the person's sessions and turns their tokens within
/// 5 s everywhere (design §7). The last active administrator keeps the role (journey J46).
/// </summary>
/// <param name="DeskSlug">Slug of the desk; required for the role desk, possible for centre and supervisor.</param>
[Requires(Permission.Administer)]
public sealed record ChangePerson(StaffId Person, string? Name, string? Email, Role Role, string? DeskSlug, ExpertId? Expert, string? Organisation) : ICommand<StaffId>;

internal sealed class ChangePersonValidator : AbstractValidator<ChangePerson>
{
    public ChangePersonValidator()
    {
        RuleFor(r => r.Name).RequiredText(InputRules.FieldLength);
        RuleFor(r => r.Organisation).RequiredText(InputRules.FieldLength);
        RuleFor(r => r.Email).Storable().Must(e => e is null || EmailAddress.IsWellFormed(e)).WithErrorCode("staff.email_malformed");
        RuleFor(r => r.Role).ForPeople();
        RuleFor(r => r.DeskSlug).DeskOf(r => r.Role);
        RuleFor(r => r.Expert).ExpertOf(r => r.Role);
    }
}

internal sealed class ChangePersonHandler(ConsultationDb db, Execution execution, DeskBook desks) : IRequestHandler<ChangePerson, StaffId>
{
    public async Task<StaffId> Handle(ChangePerson request, CancellationToken cancellationToken)
    {
        var member = await PersonRules.ForChangeAsync(db, execution, request.Person, cancellationToken);
        var book = await desks.ReadAsync(cancellationToken);
        var desk = PersonRules.DeskOf(book, request.DeskSlug, "deskSlug");
        if (request.Role != Role.Administrator)
        {
            await PersonRules.NotTheLastAdministratorAsync(db, member, cancellationToken);
        }

        var (name, organisation) = (request.Name!.Trim(), request.Organisation!.Trim());
        var access = new Changes()
            .Of("role", EnumText.Of(member.Role), EnumText.Of(request.Role))
            .Of("desk", member.DeskId is { } own ? book.Find(own)?.Slug : null, request.DeskSlug)
            .Of("expert", member.ExpertId, request.Expert);
        var changes = new Changes().Personal("name", member.Name, name).Personal("email", member.Email, request.Email).Of("organisation", member.Organisation, organisation);
        if (!access.Any && !changes.Any)
        {
            return member.Id;
        }

        member.Change(name, request.Email, request.Role, desk, request.Expert, organisation);
        execution.Audit("person.changed", member.Id, string.Join("; ", new[] { access.ToString(), changes.ToString() }.Where(text => text.Length > 0)));
        if (access.Any)
        {
            execution.Raise(new AccessChanged(member.Id));
        }

        return member.Id;
    }
}
