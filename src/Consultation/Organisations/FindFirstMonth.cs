using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Organisations;

/// <summary>The first day of the month in which the programme's first known year opens: before it there is nothing to report on. Null without a year.</summary>
[Requires(Permission.ViewCaseLoad)]
public sealed record FindFirstMonth : IQuery<DateOnly?>;

internal sealed class FindFirstMonthHandler(ConsultationDb db) : IRequestHandler<FindFirstMonth, DateOnly?>
{
    public async Task<DateOnly?> Handle(FindFirstMonth request, CancellationToken cancellationToken)
    {
        var opens = await db.Set<ProgrammeYear>().Where(p => p.Programme == ProgrammeYear.OneStop).MinAsync(p => (DateOnly?)p.OpensOn, cancellationToken);
        return opens is { } day ? new(day.Year, day.Month, 1) : null;
    }
}
