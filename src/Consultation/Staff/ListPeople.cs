using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Staff;

/// <summary>Everybody who may act now, without integrations; by role, desk and name.</summary>
[Requires(Permission.Administer)]
public sealed record ListPeople : IQuery<IReadOnlyList<PersonRow>>;

public sealed record PersonRow(StaffId Id, string Name, string? Email, Role Role, string? Desk, ExpertId? Expert, string Organisation);

internal sealed class ListPeopleHandler(ConsultationDb db) : IRequestHandler<ListPeople, IReadOnlyList<PersonRow>>
{
    public async Task<IReadOnlyList<PersonRow>> Handle(ListPeople request, CancellationToken cancellationToken) =>
        await (from member in db.Set<StaffMember>()
               where member.Active && !member.IsIntegration
               join desk in db.Set<Desk>() on member.DeskId equals desk.Id into desks
               from desk in desks.DefaultIfEmpty()
               orderby member.Role, desk.Slug, member.Name, member.Id
               select new PersonRow(member.Id, member.Name, member.Email, member.Role, desk == null ? null : desk.Slug, member.ExpertId, member.Organisation))
            .AsNoTracking().ToListAsync(cancellationToken);
}
