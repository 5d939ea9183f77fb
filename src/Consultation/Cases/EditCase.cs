using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>Corrects what is known of a case. A null member is left as it is; the version the editor saw is required by the edge.</summary>
[Requires(Permission.EditCase)]
public sealed record EditCase(
    CaseId Case, OrganisationInput? Organisation = null, ContactInput? Contact = null, StaffId? Holder = null, VisitMode? PreferredMode = null,
    TeleworkStatus? TeleworkStatus = null) : ICommand<ChangedCase>;

internal sealed class EditCaseValidator : AbstractValidator<EditCase>
{
    public EditCaseValidator()
    {
        RuleFor(r => r.Organisation!).SetValidator(new OrganisationInputValidator()).When(r => r.Organisation is not null);
        RuleFor(r => r.Contact!).SetValidator(new ContactInputValidator()).When(r => r.Contact is not null);
    }
}

internal sealed class EditCaseHandler(ConsultationDb db, Execution execution, CaseAccess access) : IRequestHandler<EditCase, ChangedCase>
{
    public async Task<ChangedCase> Handle(EditCase request, CancellationToken cancellationToken)
    {
        var found = await access.ForChangeAsync(request.Case, cancellationToken);
        found.Demand(CaseAction.Edit);
        var changed = new List<string>();
        if (request.Organisation is { } told)
        {
            found.Describe(Merge(found, told));
            changed.Add("企業・団体");
            if (found.OrganisationName is { } name && !LogInquiryHandler.IsPrivatePerson(name))
            {
                var number = CorporateNumber.Check(found.CorporateNumber);
                found.BelongTo(await Organisation.FindOrAddAsync(
                    db, name, number.Kind == CorporateNumberKind.Valid ? number.Value : null, found.Prefecture, execution.Now, cancellationToken));
            }
        }

        if (request.Contact is { } contact)
        {
            found.Describe(new ContactInput(contact.Name ?? found.ContactName, contact.Role ?? found.ContactRole, contact.Phone ?? found.Phone, contact.Email ?? found.Email));
            changed.Add("連絡先");
        }

        if (request.TeleworkStatus is not null || request.PreferredMode is not null)
        {
            found.Describe(request.TeleworkStatus, request.PreferredMode, null);
            changed.Add(request.TeleworkStatus is not null ? "導入状況" : "希望手段");
        }

        if (request.Holder is { } holder)
        {
            if (!await db.Set<StaffMember>().AnyAsync(m => m.Id == holder && m.Active, cancellationToken))
            {
                throw new InvalidInput("holder", "field.unknown_code");
            }

            found.PassTo(holder);
            changed.Add("窓口担当");
        }

        if (changed.Count > 0)
        {
            found.Edited(changed, await access.OccasionAsync(found.DeskId, cancellationToken));
            await db.Set<CaseSearch>().Where(s => s.CaseId == found.Id).ExecuteDeleteAsync(cancellationToken);
            var said = await db.Set<Contact>().Where(c => c.CaseId == found.Id && c.Text != null).Select(c => c.Text!).ToListAsync(cancellationToken);
            db.Add(new CaseSearch(found.Id, string.Join('\n', said.Prepend(found.SearchText()))));
            execution.Raise(new CaseSearchRewritten(found.Id));
            execution.Audit("case.edited", found.Id, string.Join(',', changed));
        }

        return ChangedCase.Of(found);
    }

    private static OrganisationInput Merge(Case found, OrganisationInput told) => new(
        told.Name ?? found.OrganisationName, told.Kana ?? found.Kana, told.CorporateNumber ?? found.CorporateNumber,
        told.Prefecture ?? found.Prefecture ?? found.PlaceAsTyped, told.City ?? found.City, told.Industry ?? found.Industry,
        told.Employees ?? found.Employees, told.CapitalYen ?? found.CapitalYen);
}

/// <summary>What every change of a case answers: where it stands now. Edges that owe the whole representation ask <c>GetCase</c> for it.</summary>
public sealed record ChangedCase(CaseId Id, string Number, CaseStatus Status, int Version)
{
    public static ChangedCase Of(Case changed) => new(changed.Id, changed.Number, changed.Status, changed.Version);
}
