using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>What the quota's rules would make of a booked visit now, told before anybody cancels it or records that nobody was there (journey J21).</summary>
[Requires(Permission.ViewCases)]
public sealed record ForeseeQuota(VisitId Visit) : IQuery<ForeseenQuota>;

/// <param name="IsCounted">False where the visit is not counted whatever happens.</param>
/// <param name="IfClientCancels">Where the client cancels now.</param>
public sealed record ForeseenQuota(bool IsCounted, QuotaRule IfClientCancels, QuotaRule IfNobodyIsThere);

internal sealed class ForeseeQuotaHandler(ConsultationDb db, Execution execution, DeskBook desks, ProgrammeBook programmes) : IRequestHandler<ForeseeQuota, ForeseenQuota>
{
    public async Task<ForeseenQuota> Handle(ForeseeQuota request, CancellationToken cancellationToken)
    {
        var visit = await db.Set<Visit>().AsNoTracking().Where(VisitAccess.Visible(db, execution.Actor)).FirstOrDefaultAsync(v => v.Id == request.Visit, cancellationToken) ?? throw new NotFound();
        var desk = await db.Set<Case>().Where(c => c.Id == visit.CaseId).Select(c => c.DeskId).SingleAsync(cancellationToken);
        var programme = await programmes.GetAsync(new FiscalYear(visit.FiscalYear), cancellationToken);
        var confirmed = visit.State == VisitState.Confirmed;
        return new(
            visit.ConsumesQuota,
            QuotaRule.OfCancelling(visit, confirmed, CancelledBy.Client, (await desks.ReadAsync(cancellationToken)).CalendarOf(desk), programme, execution.Now),
            QuotaRule.OfNoShow(confirmed, programme));
    }
}
