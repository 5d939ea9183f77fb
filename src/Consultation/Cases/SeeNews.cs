using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>Somebody of the desk it is for has read a piece of news, nobody else for it; once more is a no-op.</summary>
[Requires(Permission.EditCase)]
public sealed record SeeNews(DeskNewsId News) : ICommand<CaseId>;

internal sealed class SeeNewsHandler(ConsultationDb db, Execution execution) : IRequestHandler<SeeNews, CaseId>
{
    public async Task<CaseId> Handle(SeeNews request, CancellationToken cancellationToken)
    {
        var desk = execution.Actor.Desk ?? throw new NotFound();
        var news = await db.Set<DeskNews>().Where(n => n.Id == request.News && n.DeskId == desk).FirstOrDefaultAsync(cancellationToken) ?? throw new NotFound();
        news.Seen(execution.Actor, execution.Now);
        execution.Audit("news.seen", news.CaseId);
        return news.CaseId;
    }
}
