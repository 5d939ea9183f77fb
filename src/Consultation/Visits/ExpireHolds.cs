using Consultation.Messaging;
using MediatR;

namespace Consultation.Visits;

/// <summary>Job: ends holds (仮押さえ) whose time is over. Answers how many; a full batch means that there may be more.</summary>
[Requires(Permission.Operate)]
public sealed record ExpireHolds(int Most = 100) : ICommand<int>;

internal sealed class ExpireHoldsHandler(ExpiredHolds holds, VisitQuota quota) : IRequestHandler<ExpireHolds, int>
{
    public async Task<int> Handle(ExpireHolds request, CancellationToken cancellationToken)
    {
        var expired = await holds.FindAsync(null, request.Most, cancellationToken);
        await quota.LockAsync(expired.Where(h => h.Account is not null).Select(h => h.Account!), cancellationToken);
        await holds.LockCasesAsync(expired.Select(h => h.Case), cancellationToken);
        return (await holds.ReleaseAsync(expired, cancellationToken)).Count;
    }
}
