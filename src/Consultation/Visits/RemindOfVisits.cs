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
/// date it was given, and each in a transaction of its own. Answers how many; a full batch means that there may be more.
/// </summary>
/// <exception cref="PartlyDone">All others were told of; these could not be.</exception>
[Requires(Permission.Operate), OutsideTransaction]
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

internal sealed class RemindOfVisitsHandler(ConsultationDb db, Dispatcher dispatcher, Execution execution, DeskBook desks) : IRequestHandler<RemindOfVisits, int>
{
    public async Task<int> Handle(RemindOfVisits request, CancellationToken cancellationToken)
    {
        var book = await desks.ReadAsync(cancellationToken);
        var now = execution.Now.ToUniversalTime();
        var due = new List<Guid>();
        foreach (var group in book.OpenAt(execution.Now).GroupBy(d => RemindOfVisits.Until(book.CalendarOf(d.Id), execution.Now), d => d.Id.Value))
        {
            due.AddRange(await db.Database.SqlQuery<Guid>($"""
                select v.id as "Value" from visits v join cases c on c.id = v.case_id
                where v.state = 'confirmed' and v.reminded_at is null and v.starts_at > {now} and v.starts_at < {group.Key} and c.desk_id = any({group.ToArray()})
                order by exists (select 1 from work_failures w where w.row_id = v.id::text), v.starts_at, v.id limit {request.Most - due.Count}
                """).ToListAsync(cancellationToken));
        }

        return await dispatcher.SendEach(due, id => new RemindOfVisit(new(id)), execution.Actor, cancellationToken);
    }
}

/// <summary>One visit is announced once more. False where somebody else did it, or the visit is no longer what it was.</summary>
[Requires(Permission.Operate)]
public sealed record RemindOfVisit(VisitId Visit) : ICommand<bool>;

internal sealed class RemindOfVisitHandler(ConsultationDb db, CaseAccess cases, VisitLetters letters) : IRequestHandler<RemindOfVisit, bool>
{
    public async Task<bool> Handle(RemindOfVisit request, CancellationToken cancellationToken)
    {
        var owner = await db.Set<Visit>().Where(v => v.Id == request.Visit).Select(v => (CaseId?)v.CaseId).FirstOrDefaultAsync(cancellationToken) ?? throw new NotFound();
        var found = await cases.ForConsequenceAsync(owner, cancellationToken);
        var visit = await db.Set<Visit>().Include(v => v.Experts).SingleAsync(v => v.Id == request.Visit, cancellationToken);
        var occasion = await cases.OccasionAsync(found.DeskId, cancellationToken);
        if (visit.State != VisitState.Confirmed || visit.RemindedAt is not null || visit.StartsAt <= occasion.Now || visit.StartsAt >= RemindOfVisits.Until(occasion.Calendar, occasion.Now))
        {
            return false;
        }

        await letters.RemindAsync(visit, found, occasion, cancellationToken);
        visit.Reminded(occasion.Now);
        found.Tell(occasion, "visit_reminded", $"{VisitWords.Of(visit)}を相談者と専門家に{(JapanTime.DateOf(visit.StartsAt) == occasion.Today ? "当日に" : "前もって")}お知らせ");
        return true;
    }
}
