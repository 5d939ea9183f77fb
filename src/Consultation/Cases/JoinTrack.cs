using Consultation.Messaging;
using Consultation.Topics;
using MediatR;

namespace Consultation.Cases;

/// <summary>Starts the second ministry of a case whose lead began alone.</summary>
[Requires(Permission.RouteCase)]
public sealed record JoinTrack(CaseId Case, Track Track) : ICommand<ChangedCase>;

internal sealed class JoinTrackHandler(Execution execution, CaseAccess access) : IRequestHandler<JoinTrack, ChangedCase>
{
    public async Task<ChangedCase> Handle(JoinTrack request, CancellationToken cancellationToken)
    {
        var found = await access.ForChangeAsync(request.Case, cancellationToken);
        found.JoinTrack(request.Track, await access.OccasionAsync(found.DeskId, cancellationToken));
        execution.Audit("case.joined", found.Id, request.Track.ToString());
        return ChangedCase.Of(found);
    }
}
