using Consultation.Messaging;
using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>
/// An earlier case that may be the same company's: which desk holds it and which signs agree – never its text, because another district's
/// desk may see this (journey J02).
/// </summary>
/// <param name="IsOtherDesks">The actor may not open it; a contact and a message are possible all the same (journey J60).</param>
public sealed record SimilarCase(CaseId Id, string Number, CaseStatus Status, string Desk, IReadOnlyList<string> Signs, bool IsOtherDesks, DateTimeOffset ReceivedAt);

/// <summary>Looks for cases of the same organisation by name key, 法人番号 or telephone.</summary>
internal static class SimilarCases
{
    private const int Most = 5;

    public static async Task<IReadOnlyList<SimilarCase>> FindAsync(
        ConsultationDb db, Actor actor, string? key, string? corporateNumber, string? phoneDigits, CancellationToken cancellationToken)
    {
        if (key is null && corporateNumber is null && phoneDigits is null)
        {
            return [];
        }

        var found = await (
            from c in db.Set<Case>()
            join d in db.Set<Staff.Desk>() on c.DeskId equals d.Id
            where (key != null && c.OrganisationKey == key)
                || (corporateNumber != null && c.CorporateNumber == corporateNumber)
                || (phoneDigits != null && c.PhoneDigits == phoneDigits)
            orderby c.ReceivedAt descending, c.Id descending
            select new { c.Id, c.Number, c.Status, c.District, c.ReceivedAt, Desk = d.Name, c.OrganisationKey, c.CorporateNumber, c.PhoneDigits }).Take(Most).ToListAsync(cancellationToken);
        return found.ConvertAll(f => new SimilarCase(f.Id, f.Number, f.Status, f.Desk,
        [
            .. key is not null && f.OrganisationKey == key ? ["organisation.name"] : Array.Empty<string>(),
            .. corporateNumber is not null && f.CorporateNumber == corporateNumber ? ["organisation.corporateNumber"] : Array.Empty<string>(),
            .. phoneDigits is not null && f.PhoneDigits == phoneDigits ? ["contact.phone"] : Array.Empty<string>(),
        ], !actor.IsNationwide && f.District != actor.District, f.ReceivedAt));
    }
}
