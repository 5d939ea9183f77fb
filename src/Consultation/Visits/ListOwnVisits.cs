using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Topics;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>
/// What an expert has in hand: booked visits, soonest first, also past ones whose outcome nobody has recorded, and the visits whose report is
/// owed, oldest first, and the reports the desk took down that wait for the expert's word.
/// </summary>
[Requires(Permission.CompleteVisit)]
public sealed record ListOwnVisits : IQuery<OwnVisits>;

/// <param name="Travel">One way, by the model of <see cref="Travel"/>; nothing for web and phone.</param>
/// <param name="Together">Who else comes.</param>
/// <param name="Person">Who asks; null without consent, like <c>Phone</c>.</param>
public sealed record OwnVisit(
    VisitId Id, CaseId Case, string Number, string District, string? Organisation, string? PrefectureCode, string? City, int Ordinal, DateTimeOffset Start, DateTimeOffset End,
    VisitMode Mode, string? Place, VisitState State, TimeSpan Travel, IReadOnlyList<string> Together, VisitStage Stage, string? Person, string? Phone, bool Consented)
{
    /// <summary>When to leave home; a day before where the night is spent away.</summary>
    public DateTimeOffset Leave { get; init; }
}

/// <param name="Due">When the report is due; null where its clock has been ended.</param>
public sealed record OwedReport(VisitId Visit, Track Track, CaseId Case, string Number, string District, string? Organisation, int Ordinal, DateTimeOffset HeldOn, DateTimeOffset? Due, string? Why, string? ReturnedWhy);

/// <summary>A report of the expert's that somebody took down as dictated and the expert has not confirmed.</summary>
public sealed record DictatedReport(VisitId Visit, Track Track, CaseId Case, string Number, string? Organisation, int Ordinal, DateTimeOffset HeldOn, string FiledBy, DateTimeOffset FiledAt);

public sealed record OwnVisits(IReadOnlyList<OwnVisit> Booked, IReadOnlyList<OwedReport> Owed, IReadOnlyList<DictatedReport> ToConfirm);

internal sealed class ListOwnVisitsHandler(ConsultationDb db, Execution execution) : IRequestHandler<ListOwnVisits, OwnVisits>
{
    private const int Most = 100;

    public async Task<OwnVisits> Handle(ListOwnVisits request, CancellationToken cancellationToken)
    {
        if (execution.Actor.Expert is not { } own)
        {
            return new([], [], []);
        }

        var all = new OwnVisits(await BookedAsync(own, cancellationToken), await OwedAsync(own, cancellationToken), await ToConfirmAsync(own, cancellationToken));
        // One view, one row: the numbers tell whose cases were shown.
        execution.Audit("visits.own_listed", own, string.Join(' ', all.Booked.Select(b => b.Number).Concat(all.Owed.Select(o => o.Number)).Concat(all.ToConfirm.Select(o => o.Number)).Distinct()));
        return all;
    }

    private async Task<IReadOnlyList<OwnVisit>> BookedAsync(ExpertId own, CancellationToken cancellationToken)
    {
        var rows = await (
            from v in db.Set<Visit>().AsNoTracking().Include(v => v.Experts).Where(VisitAccess.Visible(db, execution.Actor))
            join c in db.Set<Case>() on v.CaseId equals c.Id
            where (v.State == VisitState.Held || v.State == VisitState.Confirmed) && v.Experts.Any(e => e.ExpertId == own)
            orderby v.StartsAt, v.Id
            select new { Visit = v, c.Number, c.District, c.OrganisationName, c.Prefecture, c.City, c.ContactName, c.Phone, Consented = c.ConsentedAt != null }).Take(Most).ToListAsync(cancellationToken);
        var people = rows.SelectMany(r => r.Visit.ExpertIds).Append(own).Distinct().ToList();
        var known = await db.Set<Expert>().AsNoTracking().Where(e => people.Contains(e.Id)).ToDictionaryAsync(e => e.Id, cancellationToken);
        return rows.ConvertAll(r => new OwnVisit(
            r.Visit.Id, r.Visit.CaseId, r.Number, r.District, r.OrganisationName, r.Prefecture, r.City, r.Visit.Ordinal, r.Visit.StartsAt, r.Visit.EndsAt, r.Visit.Mode,
            VisitWords.PlaceSeen(r.Visit.Mode, r.Visit.Place, CaseAccess.MaySeePerson(execution.Actor, r.Consented)), r.Visit.State, Travel.Around(known[own].BasePrefecture, r.Prefecture, r.Visit.StartsAt, r.Visit.EndsAt, r.Visit.Mode).OneWay, [.. r.Visit.ExpertIds.Where(e => e != own).Select(e => known[e].Name)], r.Visit.Stage,
            CaseAccess.MaySeePerson(execution.Actor, r.Consented) ? r.ContactName : null, CaseAccess.MaySeePerson(execution.Actor, r.Consented) ? r.Phone : null, r.Consented)
        {
            Leave = JapanTime.ToJapan(Travel.Around(known[own].BasePrefecture, r.Prefecture, r.Visit.StartsAt, r.Visit.EndsAt, r.Visit.Mode).Leave),
        });
    }

    private async Task<IReadOnlyList<OwedReport>> OwedAsync(ExpertId own, CancellationToken cancellationToken)
    {
        var rows = await (
            from v in db.Set<Visit>().AsNoTracking().Where(VisitAccess.Owing(db, own))
            join c in db.Set<Case>() on v.CaseId equals c.Id
            from e in v.Experts
            where v.State == VisitState.TookPlace && e.ExpertId == own
            let report = db.Set<SessionReport>().FirstOrDefault(r => r.VisitId == v.Id && r.Track == e.Track)
            where report == null || report.State == ReportState.Returned
            orderby v.StartsAt, v.Id
            select new
            {
                v.Id, e.Track, Case = c.Id, c.Number, c.District, c.OrganisationName, v.Ordinal, v.StartsAt, Review = report == null ? null : report.Review,
                Clocks = c.Deadlines.Where(d => d.Kind == DeadlineKind.Report && d.Track == e.Track && d.State == DeadlineState.Open).Select(d => new { d.Subject, d.DueAt, d.Why }).ToList(),
            }).Take(Most).ToListAsync(cancellationToken);
        // Each visit has a clock of its own; two owed reports of one track are due on two days.
        return rows.ConvertAll(r => (Row: r, Due: r.Clocks.FirstOrDefault(d => d.Subject == Ref.To(r.Id))))
            .ConvertAll(r => new OwedReport(r.Row.Id, r.Row.Track, r.Row.Case, r.Row.Number, r.Row.District, r.Row.OrganisationName, r.Row.Ordinal, r.Row.StartsAt, r.Due?.DueAt, r.Due?.Why, r.Row.Review));
    }

    private async Task<IReadOnlyList<DictatedReport>> ToConfirmAsync(ExpertId own, CancellationToken cancellationToken)
    {
        var rows = await (
            from v in db.Set<Visit>().AsNoTracking().Where(VisitAccess.ToConfirm(db, own))
            join r in db.Set<SessionReport>() on v.Id equals r.VisitId
            join c in db.Set<Case>() on v.CaseId equals c.Id
            where r.ExpertId == own && !r.Confirmed && (r.State == ReportState.Submitted || r.State == ReportState.Approved)
            orderby r.FiledAt, r.Id
            select new DictatedReport(v.Id, r.Track, c.Id, c.Number, c.OrganisationName, v.Ordinal, v.StartsAt, r.FiledBy, r.FiledAt)).Take(Most).ToListAsync(cancellationToken);
        return rows;
    }
}
