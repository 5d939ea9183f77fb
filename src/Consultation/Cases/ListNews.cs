using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>What other desks did to the cases of the actor's desk and nobody here has seen yet; newest first, for the desk's home.</summary>
[Requires(Permission.ViewCases)]
public sealed record ListNews : IQuery<IReadOnlyList<NewsLine>>;

public sealed record NewsLine(DeskNewsId Id, CaseId Case, string Number, string? Organisation, DeskNewsKind Kind, DateTimeOffset At, string By, string? Text);

internal sealed class ListNewsHandler(ConsultationDb db, Execution execution) : IRequestHandler<ListNews, IReadOnlyList<NewsLine>>
{
    private const int Most = 50;

    public async Task<IReadOnlyList<NewsLine>> Handle(ListNews request, CancellationToken cancellationToken)
    {
        if (execution.Actor is not { Role: Role.Desk or Role.Centre or Role.Supervisor, Desk: { } desk })
        {
            return [];
        }

        var news = await (
            from n in db.Set<DeskNews>()
            join c in db.Set<Case>().Where(CaseAccess.Visible(execution.Actor)) on n.CaseId equals c.Id
            where n.DeskId == desk && n.SeenAt == null
            orderby n.At descending, n.Id descending
            select new NewsLine(n.Id, c.Id, c.Number, c.OrganisationName, n.Kind, n.At, n.Actor, n.Text)).Take(Most).ToListAsync(cancellationToken);
        news.ForEach(n => execution.Audit("news.listed", n.Case));
        return news;
    }
}
