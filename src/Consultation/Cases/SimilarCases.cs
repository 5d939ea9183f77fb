using Consultation.Messaging;
using Consultation.Persistence;

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

        var trip = new RoundTrip(db);
        // Each sign by its own index first: ordered and limited in one, PostgreSQL may walk through all cases instead.
        var found = trip.Rows(
            $"""
            with hits as materialized (
              select id from cases where organisation_key = {key}
              union select id from cases where corporate_number = {corporateNumber}
              union select id from cases where phone_digits = {phoneDigits})
            select c.id, c.number, c.status, c.district, c.received_at, d.name, c.organisation_key, c.corporate_number, c.phone_digits
            from hits join cases c on c.id = hits.id join desks d on d.id = c.desk_id
            order by c.received_at desc, c.id desc limit {Most}
            """,
            r => new
            {
                Id = r.Id<CaseId>(), Number = r.Text(), Status = r.Code<CaseStatus>(), District = r.Text(), ReceivedAt = r.Time(), Desk = r.Text(), OrganisationKey = r.MaybeText(),
                CorporateNumber = r.MaybeText(), PhoneDigits = r.MaybeText(),
            });
        await trip.GoAsync(cancellationToken);
        return found.Select(f => new SimilarCase(f.Id, f.Number, f.Status, f.Desk,
        [
            .. key is not null && f.OrganisationKey == key ? ["organisation.name"] : Array.Empty<string>(),
            .. corporateNumber is not null && f.CorporateNumber == corporateNumber ? ["organisation.corporateNumber"] : Array.Empty<string>(),
            .. phoneDigits is not null && f.PhoneDigits == phoneDigits ? ["contact.phone"] : Array.Empty<string>(),
        ], !actor.IsNationwide && f.District != actor.District, f.ReceivedAt)).ToList();
    }
}
