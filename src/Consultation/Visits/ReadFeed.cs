using Consultation.Cases;
using Consultation.Experts;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>
/// The calendar an expert subscribes to: held and confirmed visits from 30 days ago to 180 ahead, as iCalendar. It lies on other people's
/// servers, so it tells number, mode and prefecture and nothing of any person or company.
/// </summary>
/// <exception cref="NotFound">No such secret, or its expert has left.</exception>
[Requires(Permission.FollowLink)]
public sealed record ReadFeed(string? Secret) : IQuery<string>;

internal sealed class ReadFeedHandler(ConsultationDb db, Execution execution) : IRequestHandler<ReadFeed, string>
{
    private static readonly TimeSpan Back = TimeSpan.FromDays(30);
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(180);

    public async Task<string> Handle(ReadFeed request, CancellationToken cancellationToken)
    {
        if (!SecretText.CouldBe(request.Secret))
        {
            throw new NotFound();
        }

        var hash = SecretText.HashOf(request.Secret!);
        var owner = await db.Set<CalendarFeed>().AsNoTracking().Where(f => f.SecretHash == hash && db.Set<Expert>().Any(e => e.Id == f.ExpertId && e.Active)).Select(f => (ExpertId?)f.ExpertId).FirstOrDefaultAsync(cancellationToken) ?? throw new NotFound();
        // Days and not instants, so that the same visits give the same text all day.
        var today = JapanTime.At(JapanTime.DateOf(execution.Now), TimeOnly.MinValue).ToUniversalTime();
        var (first, last) = (today - Back, today + Ahead);
        var rows = await (
            from visit in db.Set<Visit>().AsNoTracking()
            join found in db.Set<Case>() on visit.CaseId equals found.Id
            where (visit.State == VisitState.Held || visit.State == VisitState.Confirmed) && visit.EndsAt > first && visit.StartsAt < last && visit.Experts.Any(e => e.ExpertId == owner)
            orderby visit.StartsAt, visit.Id
            select new { Visit = visit, found.Number, found.Prefecture }).ToListAsync(cancellationToken);
        return CalendarObject.Of(CalendarMethod.Publish, rows.Select(r => EventOf(r.Visit, r.Number, r.Prefecture)), "テレワーク相談");
    }

    private static CalendarEvent EventOf(Visit visit, string number, string? prefecture) => new(
        visit.Id.ToString(), visit.Sequence, visit.BookedAt, visit.Plan.Start, visit.Plan.End,
        $"{(visit.State == VisitState.Held ? "仮押さえ: " : "")}相談 第{visit.Ordinal}回({CaseWords.Of(visit.Mode)}) {number}",
        visit.Mode == VisitMode.Visit ? Prefectures.Find(prefecture)?.Name : null, null, null, visit.State == VisitState.Held ? "TENTATIVE" : "CONFIRMED", null, []);
}
