using Consultation.Cases;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>An edited case is searched by its reports too.</summary>
internal sealed class WhenCaseSearchRewritten(ConsultationDb db) : INotificationHandler<CaseSearchRewritten>
{
    public async Task Handle(CaseSearchRewritten notification, CancellationToken cancellationToken)
    {
        var texts = await db.Set<SessionReport>().Where(r => r.CaseId == notification.Case && r.State != ReportState.NotFiled)
            .OrderBy(r => r.FiledAt).Select(r => new { r.Text, r.Advice }).ToListAsync(cancellationToken);
        await CaseSearch.AppendAsync(db, notification.Case, string.Join('\n', texts.SelectMany(r => r.Advice.Select(a => a.Text).Prepend(r.Text))), cancellationToken);
    }
}
