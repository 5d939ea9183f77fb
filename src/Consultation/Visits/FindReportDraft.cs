using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Topics;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>The actor's own draft of a report; null where none was kept, or where the actor may write it no more.</summary>
[Requires(Permission.WriteReport)]
public sealed record FindReportDraft(VisitId Visit, Track Track) : IQuery<KeptDraft?>;

public sealed record KeptDraft(DraftContent Content, DateTimeOffset KeptAt);

internal sealed class FindReportDraftHandler(ConsultationDb db, Execution execution) : IRequestHandler<FindReportDraft, KeptDraft?>
{
    public async Task<KeptDraft?> Handle(FindReportDraft request, CancellationToken cancellationToken) =>
        execution.Actor.Staff is { } writer && await VisitAccess.MayWriteAsync(db, execution.Actor, request.Visit, request.Track, cancellationToken)
            ? await db.Set<ReportDraft>().AsNoTracking().Where(d => d.VisitId == request.Visit && d.Track == request.Track && d.StaffId == writer)
                .Select(d => new KeptDraft(d.Content, d.KeptAt)).FirstOrDefaultAsync(cancellationToken)
            : null;
}
