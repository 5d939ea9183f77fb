using Consultation.Messaging;
using MediatR;

namespace Consultation.Experts;

/// <summary>
/// Takes back leave that has not begun; one that runs ends now. What is over stays. The visits that were flagged stay booked either way, and
/// the desk's calls about them stay until somebody has made them.
/// </summary>
[Requires(Permission.SignedIn)]
public sealed record RemoveAbsence(ExpertId Expert, ExpertAbsenceId Absence) : ICommand<ExpertView>;

internal sealed class RemoveAbsenceHandler(Execution execution, ExpertAccess access) : IRequestHandler<RemoveAbsence, ExpertView>
{
    public async Task<ExpertView> Handle(RemoveAbsence request, CancellationToken cancellationToken)
    {
        var expert = await access.ForAvailabilityAsync(request.Expert, cancellationToken);
        expert.Return(request.Absence, execution.Now);
        execution.Audit("expert.absence_removed", expert.Id);
        return ExpertView.Of(expert, execution.Now);
    }
}
