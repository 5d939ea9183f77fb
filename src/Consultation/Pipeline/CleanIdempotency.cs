using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Pipeline;

/// <summary>Forgets idempotency keys after their 7 days (design §6), in bounded batches. Returns how many.</summary>
[Requires(Permission.Operate)]
public sealed record CleanIdempotency : ICommand<int>;

internal sealed class CleanIdempotencyHandler(ConsultationDb db, Execution execution) : IRequestHandler<CleanIdempotency, int>
{
    private const int Batch = 50_000;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    public Task<int> Handle(CleanIdempotency request, CancellationToken cancellationToken)
    {
        var before = execution.Now.ToUniversalTime() - Kept;
        return db.Database.ExecuteSqlAsync($"""
            delete from idempotency where ctid in (select ctid from idempotency where created_at < {before} limit {Batch} for update skip locked)
            """, cancellationToken);
    }
}
