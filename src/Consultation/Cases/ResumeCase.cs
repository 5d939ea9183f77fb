using Consultation.Messaging;
using MediatR;

namespace Consultation.Cases;

/// <summary>Lets the clocks of a held case run on, each with the time it had left (journey J33).</summary>
[Requires(Permission.EditCase)]
public sealed record ResumeCase(CaseId Case) : ICommand<ChangedCase>;

internal sealed class ResumeCaseHandler(Execution execution, CaseAccess access) : IRequestHandler<ResumeCase, ChangedCase>
{
    public async Task<ChangedCase> Handle(ResumeCase request, CancellationToken cancellationToken)
    {
        var found = await access.ForChangeAsync(request.Case, cancellationToken);
        if (found.Resume(await access.OccasionAsync(found.DeskId, cancellationToken)))
        {
            execution.Audit("case.resumed", found.Id);
        }

        return ChangedCase.Of(found);
    }
}
