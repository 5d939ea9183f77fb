using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>Job: ends holds (仮押さえ) whose time is over, each in a transaction of its own. Answers how many.</summary>
/// <exception cref="PartlyDone">All others have ended; these could not be ended.</exception>
[Requires(Permission.Operate), OutsideTransaction]
public sealed record ExpireHolds(int Most = 200) : ICommand<int>;

internal sealed class ExpireHoldsHandler(ConsultationDb db, Dispatcher dispatcher, Execution execution) : IRequestHandler<ExpireHolds, int>
{
    public async Task<int> Handle(ExpireHolds request, CancellationToken cancellationToken)
    {
        var expired = await db.Database.SqlQuery<Guid>($"""
            select v.id as "Value" from visits v where v.state = 'held' and v.hold_expires_at <= {execution.Now.ToUniversalTime()}
            order by exists (select 1 from work_failures w where w.row_id = v.id::text), v.hold_expires_at, v.id limit {request.Most}
            """).ToListAsync(cancellationToken);
        return await dispatcher.SendEach(expired, id => new ExpireHold(new(id)), execution.Actor, cancellationToken);
    }
}

/// <summary>Ends one hold. False where it was confirmed, given up or prolonged meanwhile.</summary>
[Requires(Permission.Operate)]
public sealed record ExpireHold(VisitId Visit) : ICommand<bool>;

internal sealed class ExpireHoldHandler(ConsultationDb db, ExpiredHolds holds, VisitQuota quota) : IRequestHandler<ExpireHold, bool>
{
    public async Task<bool> Handle(ExpireHold request, CancellationToken cancellationToken)
    {
        var look = new RoundTrip(db);
        var expired = holds.Find(look, request.Visit);
        await look.GoAsync(cancellationToken);
        var locks = new RoundTrip(db);
        ExpertDiary.Lock(locks, expired.SelectMany(h => h.Experts));
        await quota.LockAsync(locks, expired.Where(h => h.Account is not null).Select(h => h.Account!), cancellationToken);
        ExpiredHolds.LockCases(locks, expired.Select(h => h.Case));
        await locks.GoAsync(cancellationToken);
        return (await holds.ReleaseAsync(expired, cancellationToken)).Count > 0;
    }
}
