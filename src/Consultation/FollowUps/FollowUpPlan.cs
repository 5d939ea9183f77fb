using Consultation.Calendar;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Visits;
using Microsoft.EntityFrameworkCore;

namespace Consultation.FollowUps;

/// <summary>
/// The one plan of a case, made to agree with what has happened: anchored on the last visit that took place, suspended while another visit
/// is wanted or booked, nothing beyond the programme year's dates (design §2). What ended only with its case comes back. Running it twice
/// changes nothing.
/// </summary>
public sealed class FollowUpPlan(ConsultationDb db, Execution execution, CaseAccess cases, Approaches approaches, ProgrammeBook programmes)
{
    internal async Task AgreeAsync(CaseId id, CancellationToken cancellationToken)
    {
        var found = await cases.ForConsequenceAsync(id, cancellationToken);
        // A case that was reopened with nothing wanted is followed up again when it is routed and visited again.
        if (found.Status is CaseStatus.Closed or CaseStatus.Received)
        {
            return;
        }

        var read = new RoundTrip(db);
        var met = read.Rows($"select starts_at from visits where case_id = {id.Value} and state = 'took_place' order by starts_at desc limit 1", r => r.Time());
        var there = read.Entities<FollowUp>($"where case_id = {id.Value}");
        await read.GoAsync(cancellationToken);
        if (met.Count == 0)
        {
            return;
        }

        var (anchor, rows) = (JapanTime.DateOf(met[0]), there.ToList());
        var suspended = await IsSuspendedAsync(found, cancellationToken);
        var occasion = await cases.OccasionAsync(found.DeskId, cancellationToken);
        foreach (var row in rows.Where(r => r.State == FollowUpState.Due && (suspended || r.BaseOn != anchor)))
        {
            await approaches.EndAsync(found, row, answered: false, occasion, cancellationToken);
        }

        await AnchorAsync(found, anchor, rows, suspended, occasion, cancellationToken);
        foreach (var row in rows)
        {
            row.Suspend(suspended, occasion.Today);
        }
    }

    /// <summary>True while another visit of the case is booked or wanted.</summary>
    internal async Task<bool> IsSuspendedAsync(Case found, CancellationToken cancellationToken) =>
        found.OpenVisits > 0 || await AnotherIsWantedAsync(found.Id, cancellationToken);

    /// <summary>For each ministry its newest consultation speaks: its report asks for another one.</summary>
    private async Task<bool> AnotherIsWantedAsync(CaseId id, CancellationToken cancellationToken)
    {
        var newestFirst = await db.Set<Visit>().AsNoTracking().Include(v => v.Experts)
            .Where(v => v.CaseId == id && v.State == VisitState.TookPlace).OrderByDescending(v => v.StartsAt).ToListAsync(cancellationToken);
        var reports = await db.Set<SessionReport>().AsNoTracking()
            .Where(r => r.CaseId == id && r.Next == ReportNext.Another && (r.State == ReportState.Submitted || r.State == ReportState.Approved))
            .Select(r => new { r.VisitId, r.Track }).ToListAsync(cancellationToken);
        return newestFirst.SelectMany(v => v.Tracks.Select(t => (v.Id, Track: t))).GroupBy(v => v.Track).Select(g => g.First())
            .Any(newest => reports.Any(r => r.VisitId == newest.Id && r.Track == newest.Track));
    }

    /// <summary>The steps of a programme year: its months in their order, then 翌年度アンケート where it has one.</summary>
    internal static List<FollowUpKind> StepsOf(ProgrammeYear programme)
    {
        var steps = programme.FollowUpMonths.Order().Select(m => (FollowUpKind)m).ToList();
        if (programme.NextYearSurveyOn is not null)
        {
            steps.Add(FollowUpKind.NextYear);
        }

        return steps;
    }

    private static DueDate DueOf(FollowUpKind kind, DateOnly anchor, ProgrammeYear programme, BusinessCalendar calendar) =>
        kind == FollowUpKind.NextYear ? calendar.Roll(programme.NextYearSurveyOn!.Value) : calendar.AddMonthsThenRoll(anchor, (int)kind, "実施");

    private async Task AnchorAsync(Case found, DateOnly anchor, List<FollowUp> rows, bool suspended, Occasion occasion, CancellationToken cancellationToken)
    {
        var year = FiscalYear.Of(anchor);
        var programme = await programmes.FindAsync(year, cancellationToken) ?? new ProgrammeYear(ProgrammeYear.OneStop, year);
        var kinds = StepsOf(programme);
        var stale = kinds.Where(k => rows.FirstOrDefault(r => r.Kind == k) is not { } row
            || (row.IsOpen && row.BaseOn != anchor) || row.EndedWithCase).ToList();
        if (stale.Count == 0)
        {
            return;
        }

        // The limit of a day is shared by all cases of the desk.
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({found.DeskId.Value.ToString()}, 70))", cancellationToken);
        var told = new List<string>();
        foreach (var kind in stale)
        {
            var due = DueOf(kind, anchor, programme, occasion.Calendar);
            if (due.Due <= programme.ContractEndsOn)
            {
                var (first, last) = (occasion.Calendar.AddBusinessDays(due.Due, -Spread.Days).Due, occasion.Calendar.AddBusinessDays(due.Due, Spread.Days).Due);
                var taken = await db.Set<FollowUp>()
                    .Where(f => f.DeskId == found.DeskId && f.CaseId != found.Id && f.DueOn >= first && f.DueOn <= last
                        && (f.State == FollowUpState.Planned || f.State == FollowUpState.Suspended || f.State == FollowUpState.Due))
                    .GroupBy(f => f.DueOn).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken);
                due = Spread.Within(
                    occasion.Calendar, due, occasion.Today, programme.ContractEndsOn, programme.FollowUpDailyLimit, day => taken.GetValueOrDefault(day));
            }

            if (rows.FirstOrDefault(r => r.Kind == kind) is { } row)
            {
                var revived = row.EndedWithCase;
                row.Plan(anchor, due, programme.ContractEndsOn, suspended, occasion.Today);
                execution.Audit(revived ? "follow_up.revived" : "follow_up.planned", row.Id);
            }
            else
            {
                row = new(found.Id, kind, found.DeskId, anchor, due, programme.ContractEndsOn, suspended, occasion.Today);
                db.Add(row);
                rows.Add(row);
                execution.Audit("follow_up.planned", row.Id);
            }

            told.Add($"{FollowUpWords.ShortOf(kind)} {JapaneseDate.Long(due.Due)}{(row.State == FollowUpState.HandOver ? "（契約終了後のため引継ぎ）" : "")}");
        }

        found.Tell(occasion, "follow_ups_planned", $"フォローアップの予定: {string.Join("、", told)}");
    }
}
