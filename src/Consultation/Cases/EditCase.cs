using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using Consultation.Topics;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>
/// Corrects what is known of a case. A null member is left as it is, unless <paramref name="Cleared"/> names it; what says what is known already
/// makes no new version.
/// </summary>
/// <param name="Cleared">What is to be forgotten, as the wire names it: <c>holder</c>, <c>contact.email</c>, or <c>contact</c> for all of it.</param>
/// <param name="Wishes">第1希望 to 第3希望, all of them; an empty list is none.</param>
/// <param name="VersionWithheld">The caller owes the version it saw and named none; told (<c>version.required</c>) only to whom the case is visible.</param>
[Requires(Permission.EditCase)]
public sealed record EditCase(
    CaseId Case, OrganisationInput? Organisation = null, ContactInput? Contact = null, StaffId? Holder = null, VisitMode? PreferredMode = null,
    TeleworkStatus? TeleworkStatus = null, IReadOnlySet<string>? Cleared = null, bool VersionWithheld = false,
    IReadOnlyList<VisitWish>? Wishes = null) : ICommand<ChangedCase>;

internal sealed class EditCaseValidator : AbstractValidator<EditCase>
{
    public EditCaseValidator()
    {
        RuleFor(r => r.Organisation!).SetValidator(new OrganisationInputValidator()).When(r => r.Organisation is not null);
        RuleFor(r => r.Contact!).SetValidator(new ContactInputValidator()).When(r => r.Contact is not null);
        RuleFor(r => r.Wishes).Wishes();
    }
}

internal sealed class EditCaseHandler(ConsultationDb db, Execution execution, CaseAccess access) : IRequestHandler<EditCase, ChangedCase>
{
    public async Task<ChangedCase> Handle(EditCase request, CancellationToken cancellationToken)
    {
        var found = await access.ForChangeAsync(request.Case, cancellationToken);
        if (request.VersionWithheld)
        {
            throw new Conflict("version.required");
        }

        found.Demand(CaseAction.Edit);
        var searched = found.SearchText();
        var changed = new List<string>();
        var forgotten = new Forgotten(request.Cleared ?? new HashSet<string>());
        if (request.Organisation is not null || forgotten.Has("organisation"))
        {
            var was = OrganisationOf(found);
            found.Describe(Merge(found, request.Organisation ?? new(), forgotten));
            if (!was.Equals(OrganisationOf(found)))
            {
                changed.Add("企業・団体");
                await BelongAsync(found, cancellationToken);
            }
        }

        if (request.Contact is not null || forgotten.Has("contact"))
        {
            var was = ContactOf(found);
            found.Describe(Merge(found, request.Contact ?? new(), forgotten));
            if (!was.Equals(ContactOf(found)))
            {
                changed.Add("連絡先");
            }
        }

        var status = request.TeleworkStatus ?? (forgotten.Has("teleworkStatus") ? Cases.TeleworkStatus.Unknown : found.TeleworkStatus);
        if (status != found.TeleworkStatus)
        {
            found.Describe(status, null, null);
            changed.Add("導入状況");
        }

        var mode = request.PreferredMode ?? (forgotten.Has("preferredMode") ? null : found.PreferredMode);
        if (mode != found.PreferredMode)
        {
            found.Prefer(mode);
            changed.Add("希望手段");
        }

        var wishes = request.Wishes ?? (forgotten.Has("wishes") ? [] : found.Wishes);
        if (!wishes.SequenceEqual(found.Wishes))
        {
            DemandAhead(wishes.Except(found.Wishes));
            found.Wish(wishes);
            changed.Add("希望日時");
        }

        if (request.Holder is { } named && !await db.Set<StaffMember>().AnyAsync(m => m.Id == named && m.Active, cancellationToken))
        {
            throw new InvalidInput("holder", "field.unknown_code");
        }

        var holder = request.Holder ?? (forgotten.Has("holder") ? null : found.Holder);
        if (holder != found.Holder)
        {
            found.PassTo(holder);
            changed.Add("窓口担当");
        }

        if (changed.Count > 0)
        {
            found.Edited(changed, await access.OccasionAsync(found.DeskId, cancellationToken));
            execution.Audit("case.edited", found.Id, string.Join(',', changed));
        }

        if (found.SearchText() != searched)
        {
            await db.Set<CaseSearch>().Where(s => s.CaseId == found.Id).ExecuteDeleteAsync(cancellationToken);
            var said = await db.Set<Contact>().Where(c => c.CaseId == found.Id && c.Text != null).Select(c => c.Text!).ToListAsync(cancellationToken);
            db.Add(new CaseSearch(found, string.Join('\n', said.Prepend(found.SearchText()))));
            execution.Raise(new CaseSearchRewritten(found.Id));
        }

        return ChangedCase.Of(found);
    }

    private void DemandAhead(IEnumerable<VisitWish> wishes)
    {
        var today = JapanTime.DateOf(execution.Now);
        foreach (var wish in wishes)
        {
            if (wish.Date < today || wish.Date > today.AddYears(1))
            {
                throw new InvalidInput("wishes", wish.Date < today ? "wish.past" : "wish.too_far");
            }
        }
    }

    private async Task BelongAsync(Case found, CancellationToken cancellationToken)
    {
        if (found.OrganisationName is null)
        {
            found.BelongTo(null);
        }
        else if (found.OrganisationName is { } name && !SuggestionContext.NamesPrivatePerson(name))
        {
            var number = CorporateNumber.ValidOf(found.CorporateNumber);
            var trip = new RoundTrip(db);
            Organisation.Lock(trip, name, number);
            await trip.GoAsync(cancellationToken);
            found.BelongTo(await Organisation.FindOrAddAsync(db, name, number, found.Prefecture, execution.Now, cancellationToken));
        }
    }

    private static object OrganisationOf(Case found) => (
        found.OrganisationName, found.Kana, found.CorporateNumber, found.Prefecture, found.PlaceAsTyped, found.City, found.Industry, found.Employees, found.CapitalYen,
        string.Join(',', found.Doubtful));

    private static object ContactOf(Case found) => (found.ContactName, found.ContactRole, found.Phone, found.Email, string.Join(',', found.Doubtful));

    private static OrganisationInput Merge(Case found, OrganisationInput told, Forgotten gone) => new(
        told.Name ?? gone.Else("organisation.name", found.OrganisationName), told.Kana ?? gone.Else("organisation.kana", found.Kana),
        told.CorporateNumber ?? gone.Else("organisation.corporateNumber", found.CorporateNumber),
        told.Prefecture ?? gone.Else("organisation.prefecture", found.Prefecture ?? found.PlaceAsTyped), told.City ?? gone.Else("organisation.city", found.City),
        told.Industry ?? gone.Else("organisation.industry", found.Industry), told.Employees ?? gone.Else("organisation.employees", found.Employees),
        told.CapitalYen ?? gone.Else("organisation.capitalYen", found.CapitalYen));

    private static ContactInput Merge(Case found, ContactInput told, Forgotten gone) => new(
        told.Name ?? gone.Else("contact.name", found.ContactName), told.Role ?? gone.Else("contact.role", found.ContactRole),
        told.Phone ?? gone.Else("contact.phone", found.Phone), told.Email ?? gone.Else("contact.email", found.Email));

    /// <summary>The members that an editor emptied; one that holds others empties them all.</summary>
    private sealed record Forgotten(IReadOnlySet<string> Members)
    {
        public bool Has(string member) => Members.Contains(member);

        public T? Else<T>(string member, T? known) => Has(member) || Has(member.Split('.')[0]) ? default : known;
    }
}

/// <summary>What every change of a case answers: where it stands now. Edges that owe the whole representation ask <c>GetCase</c> for it.</summary>
public sealed record ChangedCase(CaseId Id, string Number, CaseStatus Status, int Version)
{
    public static ChangedCase Of(Case changed) => new(changed.Id, changed.Number, changed.Status, changed.Version);
}
