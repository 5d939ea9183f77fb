using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Staff;

/// <summary>One person as the administrator keeps them.</summary>
/// <exception cref="NotFound">No such person, or an integration.</exception>
[Requires(Permission.Administer)]
public sealed record GetPerson(StaffId Person) : IQuery<PersonView>;

/// <param name="Desk">The slug of the desk.</param>
/// <param name="OpenTokens">How many tokens of the person work now.</param>
public sealed record PersonView(
    StaffId Id, int Version, string Name, string? Email, Role Role, string? Desk, ExpertId? Expert, string Organisation, bool Active, DateTimeOffset CreatedAt, int OpenTokens);

internal sealed class GetPersonHandler(ConsultationDb db, Execution execution) : IRequestHandler<GetPerson, PersonView>
{
    public async Task<PersonView> Handle(GetPerson request, CancellationToken cancellationToken)
    {
        var now = execution.Now.ToUniversalTime();
        var found = await (
            from m in db.Set<StaffMember>().AsNoTracking()
            where m.Id == request.Person && !m.IsIntegration
            join d in db.Set<Desk>() on m.DeskId equals (DeskId?)d.Id into desks
            from d in desks.DefaultIfEmpty()
            select new PersonView(
                m.Id, m.Version, m.Name, m.Email, m.Role, d == null ? null : d.Slug, m.ExpertId, m.Organisation, m.Active, m.CreatedAt,
                db.Set<AccessToken>().Count(t => t.StaffId == m.Id && t.RevokedAt == null && (t.ExpiresAt == null || t.ExpiresAt > now))))
            .FirstOrDefaultAsync(cancellationToken) ?? throw new NotFound();
        execution.Audit("person.viewed", found.Id);
        return found;
    }
}
