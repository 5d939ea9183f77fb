using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;

namespace Consultation.Visits;

/// <summary>Job: ends holds (仮押さえ) whose time is over. Answers how many; a full batch means that there may be more.</summary>
[Requires(Permission.Operate)]
public sealed record ExpireHolds(int Most = 100) : ICommand<int>;

internal sealed class ExpireHoldsHandler(ConsultationDb db, ExpiredHolds holds, VisitQuota quota) : IRequestHandler<ExpireHolds, int>
{
    public async Task<int> Handle(ExpireHolds request, CancellationToken cancellationToken)
    {
        var look = new RoundTrip(db);
        var expired = holds.Find(look, null, request.Most);
        await look.GoAsync(cancellationToken);
        var locks = new RoundTrip(db);
        ExpertDiary.Lock(locks, expired.SelectMany(h => h.Experts));
        await quota.LockAsync(locks, expired.Where(h => h.Account is not null).Select(h => h.Account!), cancellationToken);
        ExpiredHolds.LockCases(locks, expired.Select(h => h.Case));
        await locks.GoAsync(cancellationToken);
        return (await holds.ReleaseAsync(expired, cancellationToken)).Count;
    }
}
