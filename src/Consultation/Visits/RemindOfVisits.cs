using Consultation.Calendar;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>
/// Job: reminds clients and experts on the business day before a visit, while the desk is open (design §2, §4). Each visit once for each
/// date it was given. Answers how many; a full batch means that there may be more.
/// </summary>
[Requires(Permission.Operate)]
public sealed record RemindOfVisits(int Most = 200) : ICommand<int>
{
    /// <summary>Whoever was just told of a change is not reminded of the same visit minutes later: the letter of the change is the reminder.</summary>
    internal static void Spare(Visit visit, Occasion occasion)
    {
        if (visit.State == VisitState.Confirmed && visit.StartsAt < Until(occasion.Calendar, occasion.Now))
        {
            visit.Reminded(occasion.Now);
        }
    }

    /// <summary>The visits whose business day before is today or was missed: all that begin before the end of the next business day.</summary>
    internal static DateTimeOffset Until(BusinessCalendar calendar, DateTimeOffset now) =>
        JapanTime.At(calendar.AddBusinessDays(JapanTime.DateOf(now), 1).Due.AddDays(1), TimeOnly.MinValue).ToUniversalTime();
}

internal sealed class RemindOfVisitsHandler(ConsultationDb db, Execution execution, CaseAccess cases, DeskBook desks, VisitLetters letters) : IRequestHandler<RemindOfVisits, int>
{
    public async Task<int> Handle(RemindOfVisits request, CancellationToken cancellationToken)
    {
        var book = await desks.ReadAsync(cancellationToken);
        var open = book.OpenAt(execution.Now).GroupBy(d => RemindOfVisits.Until(book.CalendarOf(d.Id), execution.Now), d => d.Id.Value).ToList();
        var reminded = 0;
        foreach (var group in open)
        {
            reminded += await RemindAsync([.. group], group.Key, request.Most - reminded, cancellationToken);
        }

        return reminded;
    }

    private async Task<int> RemindAsync(Guid[] ofDesks, DateTimeOffset until, int most, CancellationToken cancellationToken)
    {
        var now = execution.Now.ToUniversalTime();
        var due = await db.Database.SqlQuery<Guid>($"""
            select v.id as "Value" from visits v join cases c on c.id = v.case_id
            where v.state = 'confirmed' and v.reminded_at is null and v.starts_at > {now} and v.starts_at < {until} and c.desk_id = any({ofDesks})
            order by v.starts_at limit {most} for update of c skip locked
            """).ToListAsync(cancellationToken);
        var count = 0;
        foreach (var id in due)
        {
            var visit = await db.Set<Visit>().Include(v => v.Experts).SingleAsync(v => v.Id == new VisitId(id), cancellationToken);
            if (visit.State != VisitState.Confirmed || visit.RemindedAt is not null)
            {
                continue;
            }

            var found = await cases.ForConsequenceAsync(visit.CaseId, cancellationToken);
            var occasion = await cases.OccasionAsync(found.DeskId, cancellationToken);
            await letters.RemindAsync(visit, found, occasion, cancellationToken);
            visit.Reminded(now);
            found.Tell(occasion, "visit_reminded", $"{VisitWords.Of(visit)}を相談者と専門家に{(JapanTime.DateOf(visit.StartsAt) == occasion.Today ? "当日に" : "前もって")}お知らせ");
            count++;
        }

        return count;
    }
}
