using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Pipeline;

/// <summary>
/// Keeps the answer an edge gave to a request with an idempotency key, so that a repetition hears the same words although the world has
/// moved on. Whoever comes second receives what the first one kept.
/// </summary>
/// <param name="Answer">Null asks for what was kept before and keeps nothing.</param>
[Requires(Permission.SignedIn)]
[OutsideTransaction]
public sealed record KeepAnswer(IdempotencyKey Key, string? Answer) : ICommand<string?>;

internal sealed class KeepAnswerHandler(ConsultationDb db) : IRequestHandler<KeepAnswer, string?>
{
    public async Task<string?> Handle(KeepAnswer request, CancellationToken cancellationToken)
    {
        var (caller, path, key, _) = request.Key;
        var kept = await db.Database.SqlQuery<string>($"""
            update idempotency set answer = coalesce(answer, {request.Answer}) where caller = {caller} and path = {path} and key = {key} returning answer as "Value"
            """).ToListAsync(cancellationToken);
        return kept.Count == 0 ? request.Answer : kept[0];
    }
}
