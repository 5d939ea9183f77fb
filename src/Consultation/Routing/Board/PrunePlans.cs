using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Routing.Board;

/// <summary>
/// Forgets plans after 14 days: those nobody applied, and those the job applied by itself, as soon as none of their offers is open and nothing of them can be undone any
/// more. What a person applied stays; so do the offers with their decisions. In bounded batches. Returns how many.
/// </summary>
[Requires(Permission.Operate)]
public sealed record PrunePlans : ICommand<int>;

internal sealed class PrunePlansHandler(ConsultationDb db, Execution execution) : IRequestHandler<PrunePlans, int>
{
    private const int Batch = 100;
    private const int KeptDays = 14;

    public async Task<int> Handle(PrunePlans request, CancellationToken cancellationToken)
    {
        var before = execution.Now.ToUniversalTime().AddDays(-KeptDays);
        var old = (await db.Database.SqlQuery<Guid>($"""
            select p.id as "Value" from assignment_plans p
            where p.made_at < {before} and (p.state = 'proposed' or (p.made_by = {OfferWaiting.Job} and not exists (
              select 1 from assignment_plan_offers made join offers o on o.id = made.offer_id where made.plan_id = p.id and o.state = 'open')))
            order by p.id limit {Batch} for update of p skip locked
            """).ToListAsync(cancellationToken)).ConvertAll(BoardPlanId.From);
        if (old.Count > 0)
        {
            await db.Set<BoardOffer>().Where(o => old.Contains(o.PlanId)).ExecuteDeleteAsync(cancellationToken);
            await db.Set<BoardPlan>().Where(p => old.Contains(p.Id)).ExecuteDeleteAsync(cancellationToken);
        }

        return old.Count;
    }
}
