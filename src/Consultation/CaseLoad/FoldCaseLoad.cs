using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.CaseLoad;

/// <summary>Folds the marks that changes have left into the sums of the case load, in bounded batches. Returns how many; the figures stay what they are.</summary>
[Requires(Permission.Operate)]
public sealed record FoldCaseLoad : ICommand<int>;

internal sealed class FoldCaseLoadHandler(ConsultationDb db) : IRequestHandler<FoldCaseLoad, int>
{
    private const int Batch = 10_000;

    public Task<int> Handle(FoldCaseLoad request, CancellationToken cancellationToken) =>
        db.Database.SqlQuery<int>($"""select fold_case_load({Batch}) as "Value" """).SingleAsync(cancellationToken);
}
