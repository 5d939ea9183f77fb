using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Staff;
using Consultation.Topics;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>
/// The one-stop queue: every case that waits for somebody (Received, Waiting, Offered, Assigned, ReportDue), by next deadline; then those
/// that have none, oldest first; those on hold last. Pages by keyset, so that the last page costs what the first one does.
/// </summary>
/// <param name="DueBefore">Only what falls due before this instant; for the desk's home.</param>
/// <param name="Unrouted">
/// Only received cases without a running clock, such as an answered call before it is routed: nothing but this list calls for them.
/// </param>
[Requires(Permission.ViewCases)]
public sealed record ListQueue(
    CaseStatus? Status = null, Track? Track = null, string? District = null, string? After = null, int Limit = 50, DateTimeOffset? DueBefore = null,
    bool Unrouted = false) : IQuery<Page<CaseRow>>;

internal sealed class ListQueueValidator : AbstractValidator<ListQueue>
{
    public ListQueueValidator()
    {
        RuleFor(r => r.Limit).InclusiveBetween(1, CaseRows.MostPerPage).WithErrorCode("page.malformed");
        RuleFor(r => r.After).Must(a => a is null || CaseRows.ReadPlace(a) is not null).WithErrorCode("page.malformed");
    }
}

internal sealed class ListQueueHandler(ConsultationDb db, Execution execution, DeskBook desks) : IRequestHandler<ListQueue, Page<CaseRow>>
{
    // Written into the SQL and not passed along: only so does every plan see that the queue's own index serves.
    private static readonly CaseStatus[] Waiting = [CaseStatus.Received, CaseStatus.Waiting, CaseStatus.Offered, CaseStatus.Assigned, CaseStatus.ReportDue];

    public async Task<Page<CaseRow>> Handle(ListQueue request, CancellationToken cancellationToken)
    {
        var cases = db.Set<Case>().Where(CaseAccess.Visible(execution.Actor)).Where(c => EF.Constant(Waiting).Contains(c.Status));
        if (request.Status is { } status)
        {
            cases = cases.Where(c => c.Status == status);
        }

        if (request.Track is { } track)
        {
            cases = cases.Where(c => c.Tracks.Any(t => t.Track == track && t.State != TrackState.Dropped));
        }

        if (request.District is { } district)
        {
            _ = (await desks.ReadAsync(cancellationToken)).Find(district) ?? throw new InvalidInput("district", "field.unknown_code");
            cases = cases.Where(c => c.District == district);
        }

        if (request.DueBefore is { } before)
        {
            var instant = before.ToUniversalTime();
            cases = cases.Where(c => c.NextDueAt < instant);
        }

        if (request.Unrouted)
        {
            cases = cases.Where(c => c.Status == CaseStatus.Received && c.NextDueAt == null);
        }

        if (request.After is { } after)
        {
            var (at, id) = CaseRows.ReadPlace(after)!.Value;
            cases = cases.Where(c => EF.Functions.GreaterThan(ValueTuple.Create(c.QueueAt, c.Id), ValueTuple.Create(at, id)));
        }

        return await CaseRows.PageAsync(
            db, execution, cases.OrderBy(c => c.QueueAt).ThenBy(c => c.Id).Take(request.Limit + 1), request.Limit, k => k.QueueAt, "queue.viewed", cancellationToken);
    }
}
