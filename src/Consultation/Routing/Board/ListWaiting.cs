using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Routing.Board;

/// <summary>The cases that wait for an expert, as the board takes them: oldest first, by keyset. Those on hold wait for their client and are not here.</summary>
[Requires(Permission.OfferCase)]
public sealed record ListWaiting(string? After = null, int Limit = 50) : IQuery<Page<CaseRow>>;

internal sealed class ListWaitingValidator : AbstractValidator<ListWaiting>
{
    public ListWaitingValidator()
    {
        RuleFor(r => r.Limit).InclusiveBetween(1, CaseRows.MostPerPage).WithErrorCode("page.malformed");
        RuleFor(r => r.After).Must(a => a is null || CaseRows.ReadPlace(a) is not null).WithErrorCode("page.malformed");
    }
}

internal sealed class ListWaitingHandler(ConsultationDb db, Execution execution) : IRequestHandler<ListWaiting, Page<CaseRow>>
{
    public async Task<Page<CaseRow>> Handle(ListWaiting request, CancellationToken cancellationToken)
    {
        var waiting = WaitingNeeds.In(db.Set<Case>().Where(CaseAccess.Visible(execution.Actor)));
        if (request.After is { } after)
        {
            var (at, id) = CaseRows.ReadPlace(after)!.Value;
            waiting = waiting.Where(c => EF.Functions.GreaterThan(ValueTuple.Create(c.ReceivedAt, c.Id), ValueTuple.Create(at, id)));
        }

        return await CaseRows.PageAsync(
            db, execution, waiting.OrderBy(c => c.ReceivedAt).ThenBy(c => c.Id).Take(request.Limit + 1), request.Limit, k => k.ReceivedAt, "assignment.waiting_viewed", cancellationToken);
    }
}
