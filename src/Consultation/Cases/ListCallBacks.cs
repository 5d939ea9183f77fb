using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Staff;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>The calls a desk owes, soonest first; they top the desk's home from a quarter of an hour before (journey J59).</summary>
/// <param name="Desk">Slug; the actor's own desk where null, all desks for a nationwide actor.</param>
[Requires(Permission.ViewCases)]
public sealed record ListCallBacks(string? Desk = null, string? After = null, int Limit = 200) : IQuery<Page<OwedCall>>;

/// <param name="IsDue">Somebody can call: from a quarter of an hour before the promised time, or from the opening after the event.</param>
public sealed record OwedCall(
    CallBackId Id, CaseId Case, string Number, string? Organisation, string? Person, string? Phone, DateTimeOffset DueAt, int Attempts, string Reason, bool IsDue,
    CallBackKind Kind, DateTimeOffset? LastAttemptAt, string? Title)
{
    /// <summary>Promised to a caller to the minute; otherwise <see cref="Reason"/> is the whole text of what to tell or do.</summary>
    public bool IsPromise => Kind == CallBackKind.Promise;

    /// <summary>The derivation of <see cref="DueAt"/>.</summary>
    public string Why { get; init; } = "";
}

internal sealed class ListCallBacksValidator : AbstractValidator<ListCallBacks>
{
    public ListCallBacksValidator()
    {
        RuleFor(r => r.Limit).InclusiveBetween(1, CaseRows.MostPerPage).WithErrorCode("page.malformed");
        RuleFor(r => r.After).Must(a => a is null || CaseRows.ReadPlace(a) is not null).WithErrorCode("page.malformed");
    }
}

internal sealed class ListCallBacksHandler(ConsultationDb db, Execution execution, DeskBook desks) : IRequestHandler<ListCallBacks, Page<OwedCall>>
{
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(15);

    public async Task<Page<OwedCall>> Handle(ListCallBacks request, CancellationToken cancellationToken)
    {
        var desk = request.Desk is null
            ? execution.Actor.Desk
            : ((await desks.ReadAsync(cancellationToken)).Find(request.Desk) ?? throw new InvalidInput("desk", "field.unknown_code")).Id;
        var isExpert = execution.Actor.Role == Role.Expert;
        var due = execution.Now.ToUniversalTime() + Ahead;
        var open = db.Set<CallBack>().Where(call => call.State == CallBackState.Open && (desk == null || call.DeskId == desk));
        if (request.After is { } after)
        {
            var (at, last) = CaseRows.ReadPlace(after)!.Value;
            var id = new CallBackId(last.Value);
            open = open.Where(call => EF.Functions.GreaterThan(ValueTuple.Create(call.DueAt, call.Id), ValueTuple.Create(at, id)));
        }

        var calls = await (
            from call in open
            join c in db.Set<Case>().Where(CaseAccess.Visible(execution.Actor)) on call.CaseId equals c.Id
            // A call's text and number name the client.
            where !isExpert || c.ConsentedAt != null
            orderby call.DueAt, call.Id
            select new { call.CallFrom, Call = new OwedCall(call.Id, c.Id, c.Number, c.OrganisationName, c.ContactName, call.Phone ?? c.Phone, call.DueAt, call.Attempts, call.Reason, call.CallFrom <= due, call.Kind, call.LastAttemptAt, call.Title) })
            .Take(request.Limit + 1).ToListAsync(cancellationToken);
        var shown = calls.Take(request.Limit).Select(c => c.Call with { Why = CallBack.WhyOf(c.Call.Kind, c.CallFrom, c.Call.DueAt, execution.Now) }).ToList();
        shown.ForEach(c => execution.Audit("call_back.listed", c.Case));
        return new(shown, calls.Count > request.Limit ? CaseRows.Place(shown[^1].DueAt, shown[^1].Id.Value) : null);
    }
}
