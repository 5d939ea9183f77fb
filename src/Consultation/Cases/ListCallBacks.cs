using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Staff;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>The calls a desk owes, soonest first; they top the desk's home from a quarter of an hour before (journey J59).</summary>
/// <param name="Desk">Slug; the actor's own desk where null, all desks for a nationwide actor.</param>
[Requires(Permission.ViewCases)]
public sealed record ListCallBacks(string? Desk = null) : IQuery<IReadOnlyList<OwedCall>>;

public sealed record OwedCall(
    CallBackId Id, CaseId Case, string Number, string? Organisation, string? Person, string? Phone, DateTimeOffset DueAt, int Attempts, string Reason, bool IsDue, string? Title);

internal sealed class ListCallBacksHandler(ConsultationDb db, Execution execution, DeskBook desks) : IRequestHandler<ListCallBacks, IReadOnlyList<OwedCall>>
{
    private const int Most = 200;
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(15);

    public async Task<IReadOnlyList<OwedCall>> Handle(ListCallBacks request, CancellationToken cancellationToken)
    {
        var desk = request.Desk is null
            ? execution.Actor.Desk
            : ((await desks.ReadAsync(cancellationToken)).Find(request.Desk) ?? throw new InvalidInput("desk", "field.unknown_code")).Id;
        var due = execution.Now.ToUniversalTime() + Ahead;
        var calls = await (
            from call in db.Set<CallBack>()
            join c in db.Set<Case>().Where(CaseAccess.Visible(execution.Actor)) on call.CaseId equals c.Id
            where call.State == CallBackState.Open && (desk == null || call.DeskId == desk)
            orderby call.DueAt, call.Id
            select new OwedCall(call.Id, c.Id, c.Number, c.OrganisationName, c.ContactName, call.Phone ?? c.Phone, call.DueAt, call.Attempts, call.Reason, call.DueAt <= due, call.Title))
            .Take(Most).ToListAsync(cancellationToken);
        calls.ForEach(c => execution.Audit("call_back.listed", c.Case));
        return calls;
    }
}
