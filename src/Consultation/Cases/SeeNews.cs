using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>Somebody of the desk has read a piece of news; once more is a no-op.</summary>
[Requires(Permission.EditCase)]
public sealed record SeeNews(DeskNewsId News) : ICommand<CaseId>;

internal sealed class SeeNewsHandler(ConsultationDb db, Execution execution) : IRequestHandler<SeeNews, CaseId>
{
    public async Task<CaseId> Handle(SeeNews request, CancellationToken cancellationToken)
    {
        var visible = db.Set<Case>().Where(CaseAccess.Visible(execution.Actor));
        var news = await db.Set<DeskNews>().Where(n => n.Id == request.News && visible.Any(c => c.Id == n.CaseId)).FirstOrDefaultAsync(cancellationToken) ?? throw new NotFound();
        news.Seen(execution.Actor, execution.Now);
        execution.Audit("news.seen", news.CaseId);
        return news.CaseId;
    }
}
