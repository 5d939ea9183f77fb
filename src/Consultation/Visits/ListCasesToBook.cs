using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Topics;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>
/// Which cases a free time of an expert could be booked for: those the actor may see, whose track the expert holds and for which nothing is
/// booked yet, the most urgent first.
/// </summary>
[Requires(Permission.BookVisit)]
public sealed record ListCasesToBook(ExpertId Expert) : IQuery<CasesToBook>;

public sealed record CasesToBook(ExpertId Expert, string Name, IReadOnlyList<CaseToBook> Cases);

/// <param name="Others">Who holds the case's other track and would come along.</param>
/// <param name="Due">The next deadline of the case.</param>
public sealed record CaseToBook(
    CaseId Id, string Number, string? Organisation, string? PrefectureCode, string? City, string District, VisitMode? PreferredMode, IReadOnlyList<Track> Tracks, IReadOnlyList<string> Others,
    DeadlineKind? DueKind, DateTimeOffset? Due, string? Why);

internal sealed class ListCasesToBookHandler(ConsultationDb db, Execution execution, ExpertAccess experts) : IRequestHandler<ListCasesToBook, CasesToBook>
{
    private const int Most = 50;

    public async Task<CasesToBook> Handle(ListCasesToBook request, CancellationToken cancellationToken)
    {
        var name = await experts.Visible().Where(e => e.Id == request.Expert).Select(e => e.Name).FirstOrDefaultAsync(cancellationToken) ?? throw new NotFound();
        var rows = await db.Set<Case>().AsNoTracking().Where(CaseAccess.Visible(execution.Actor))
            .Where(c => c.Status != CaseStatus.Closed && c.OpenVisits == 0 && c.Tracks.Any(t => t.ExpertId == request.Expert && t.State == TrackState.Held))
            .OrderBy(c => c.NextDueAt ?? DateTimeOffset.MaxValue).ThenBy(c => c.Id).Take(Most)
            .Select(c => new
            {
                c.Id, c.Number, c.OrganisationName, c.Prefecture, c.City, c.District, c.PreferredMode, c.NextDueKind, c.NextDueAt, c.NextDueWhy,
                Held = c.Tracks.Where(t => t.State == TrackState.Held).Select(t => new { t.Track, t.ExpertId, Name = db.Set<Expert>().Where(e => e.Id == t.ExpertId).Select(e => e.Name).FirstOrDefault() }).ToList(),
            }).ToListAsync(cancellationToken);
        execution.Audit("diary.cases_to_book", request.Expert, string.Join(' ', rows.Select(r => r.Number)));
        return new(request.Expert, name, rows.ConvertAll(r => new CaseToBook(
            r.Id, r.Number, r.OrganisationName, r.Prefecture, r.City, r.District, r.PreferredMode, [.. r.Held.Select(t => t.Track).Order()],
            [.. r.Held.Where(t => t.ExpertId != request.Expert).Select(t => t.Name!).Distinct()], r.NextDueKind, r.NextDueAt, r.NextDueWhy)));
    }
}
