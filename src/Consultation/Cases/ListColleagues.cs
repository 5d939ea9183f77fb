using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Staff;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>Who may hold a case (窓口担当): the people of the desk that has it, and whoever holds it now.</summary>
[Requires(Permission.EditCase)]
public sealed record ListColleagues(CaseId Case) : IQuery<IReadOnlyList<Colleague>>;

public sealed record Colleague(StaffId Id, string Name);

internal sealed class ListColleaguesHandler(ConsultationDb db, Execution execution) : IRequestHandler<ListColleagues, IReadOnlyList<Colleague>>
{
    public async Task<IReadOnlyList<Colleague>> Handle(ListColleagues request, CancellationToken cancellationToken)
    {
        var found = await db.Set<Case>().Where(c => c.Id == request.Case).Where(CaseAccess.Visible(execution.Actor)).Select(c => new { c.DeskId, c.Holder })
            .FirstOrDefaultAsync(cancellationToken) ?? throw new NotFound();
        return await db.Set<StaffMember>()
            .Where(m => m.Id == found.Holder
                || (m.Active && !m.IsIntegration && m.DeskId == found.DeskId && (m.Role == Role.Desk || m.Role == Role.Centre || m.Role == Role.Supervisor)))
            .OrderBy(m => m.Name).ThenBy(m => m.Id).Select(m => new Colleague(m.Id, m.Name)).ToListAsync(cancellationToken);
    }
}
