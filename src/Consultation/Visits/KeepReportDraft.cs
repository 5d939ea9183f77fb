using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Topics;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>Keeps what was written of a report so far, for who writes it (<see cref="ReportDraft"/>); what was kept before is replaced.</summary>
[Requires(Permission.WriteReport)]
public sealed record KeepReportDraft(VisitId Visit, Track Track, DraftContent Content) : ICommand<DateTimeOffset>;

internal sealed class KeepReportDraftValidator : AbstractValidator<KeepReportDraft>
{
    public KeepReportDraftValidator()
    {
        RuleFor(r => r.Content.Text).Storable(InputRules.TextLength).OverridePropertyName("Text");
        RuleFor(r => r.Content.Source).Storable().OverridePropertyName("Source");
        RuleForEach(r => r.Content.Facts.Values).Storable(InputRules.TextLength).OverridePropertyName("Text");
    }
}

internal sealed class KeepReportDraftHandler(ConsultationDb db, Execution execution) : IRequestHandler<KeepReportDraft, DateTimeOffset>
{
    public async Task<DateTimeOffset> Handle(KeepReportDraft request, CancellationToken cancellationToken)
    {
        if (execution.Actor.Staff is not { } writer || !await VisitAccess.MayWriteAsync(db, execution.Actor, request.Visit, request.Track, cancellationToken))
        {
            throw new NotFound();
        }

        if (await db.Set<ReportDraft>().FirstOrDefaultAsync(d => d.VisitId == request.Visit && d.Track == request.Track && d.StaffId == writer, cancellationToken) is { } draft)
        {
            draft.Keep(request.Content, execution.Now);
        }
        else
        {
            db.Add(new ReportDraft(request.Visit, request.Track, writer, request.Content, execution.Now));
        }

        execution.Audit("report.draft_kept", request.Visit, request.Track.ToString());
        return execution.Now;
    }
}
