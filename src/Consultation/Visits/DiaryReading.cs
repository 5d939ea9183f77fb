using Consultation.Cases;
using Consultation.Experts;
using Consultation.Experts.Outside;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>One visit in an expert's diary, Japan time; travel lies between <c>Leave</c> and <c>Start</c> and between <c>End</c> and <c>Back</c>.</summary>
/// <param name="Case">Null where the actor may not see the case; then nothing of it is told.</param>
/// <param name="InAbsence">Booked, and the expert will be absent.</param>
public sealed record DiaryVisit(
    VisitId Visit, CaseId? Case, string? Number, string? Organisation, string? Prefecture, string? City, string? Place, DateTimeOffset Leave, DateTimeOffset Start, DateTimeOffset End,
    DateTimeOffset Back, VisitMode Mode, VisitStage Stage, int Ordinal, VisitState State, IReadOnlyList<string> Together, bool InAbsence)
{
    /// <summary>Booked, and the expert's own calendar says busy elsewhere.</summary>
    public bool IsElsewhere { get; init; }

    /// <summary>It fell through or was moved when its expert was on the road for it; the time stays taken.</summary>
    public bool IsAway { get; init; }
}

/// <summary>Puts diary rows, visits and cases together for whoever looks.</summary>
public sealed class DiaryReading(ConsultationDb db, Execution execution)
{
    private const int Most = 300;

    /// <param name="expert">With the absences of the time that is looked at.</param>
    /// <param name="entries">Which rows; narrowed to this expert's here.</param>
    internal async Task<IReadOnlyList<DiaryVisit>> ReadAsync(Expert expert, IQueryable<DiaryEntry> entries, CancellationToken cancellationToken)
    {
        var rows = await entries.AsNoTracking().Where(e => e.ExpertId == expert.Id).OrderBy(e => e.StartsAt).Take(Most).ToListAsync(cancellationToken);
        var ids = rows.Select(e => new VisitId(e.Visit.Value)).ToList();
        var visible = db.Set<Case>().Where(CaseAccess.Visible(execution.Actor));
        var visits = (await (
            from v in db.Set<Visit>().AsNoTracking().Include(v => v.Experts)
            join c in db.Set<Case>() on v.CaseId equals c.Id
            where ids.Contains(v.Id)
            select new { Visit = v, c.Number, c.OrganisationName, c.Prefecture, c.City, Consented = c.ConsentedAt != null, MaySee = visible.Any(o => o.Id == c.Id) }).ToListAsync(cancellationToken)).ToDictionary(v => v.Visit.Id);
        var people = visits.Values.SelectMany(v => v.Visit.ExpertIds).Distinct().ToList();
        var names = await db.Set<Expert>().Where(e => people.Contains(e.Id)).ToDictionaryAsync(e => e.Id, e => e.Name, cancellationToken);
        var (first, last) = rows.Count == 0 ? (default, default) : (rows.Min(e => e.StartsAt), rows.Max(e => e.EndsAt));
        var elsewhere = rows.Count == 0 ? [] : await db.Set<ExpertElsewhere>().AsNoTracking().Where(b => b.ExpertId == expert.Id && b.EndsAt > first && b.StartsAt < last).ToListAsync(cancellationToken);
        return rows.ConvertAll(row =>
        {
            var found = visits[new(row.Visit.Value)];
            var (visit, seen) = (found.Visit, found.MaySee);
            return new DiaryVisit(
                visit.Id, seen ? visit.CaseId : null, seen ? found.Number : null, seen ? found.OrganisationName : null, seen ? Prefectures.Find(found.Prefecture)?.Name : null,
                seen ? found.City : null, seen ? VisitWords.PlaceSeen(visit.Mode, visit.Place, CaseAccess.MaySeePerson(execution.Actor, found.Consented)) : null, Instant(row.Busy.LowerBound), JapanTime.ToJapan(row.StartsAt), JapanTime.ToJapan(row.EndsAt), Instant(row.Busy.UpperBound),
                visit.Mode, visit.Stage, visit.Ordinal, row.State == DiaryState.Away && visit.State != VisitState.NoShow ? VisitState.Cancelled : visit.State, [.. visit.ExpertIds.Where(e => e != expert.Id).Select(e => names[e])],
                IsStanding(row) && expert.Absences.Any(a => a.StartsAt < row.EndsAt && row.StartsAt < a.EndsAt))
            {
                IsAway = row.State == DiaryState.Away,
                IsElsewhere = IsStanding(row) && elsewhere.Exists(b => b.StartsAt < row.EndsAt && row.StartsAt < b.EndsAt),
            };
        });
    }

    private static bool IsStanding(DiaryEntry row) => row.State is DiaryState.Held or DiaryState.Confirmed;

    private static DateTimeOffset Instant(DateTime utc) => JapanTime.ToJapan(new(utc, TimeSpan.Zero));
}
