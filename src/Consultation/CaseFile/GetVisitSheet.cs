using Consultation.Audit;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using Consultation.Topics;
using Consultation.Visits;
using MediatR;

namespace Consultation.CaseFile;

/// <summary>
/// What stands on the 相談票, the one page an expert takes along (journey J54): case, company, contact, quota left, route, last advice and the
/// visit. Never an internal note; the contact for an expert only with the client's consent. Every view leaves an audit row.
/// </summary>
/// <param name="Visit">The visit it is printed for; the case alone where null.</param>
[Requires(Permission.ViewCases)]
public sealed record GetVisitSheet(CaseId Case, VisitId? Visit = null) : IQuery<VisitSheet>;

/// <param name="Contact">Null where the actor may not see the person.</param>
/// <param name="RouteReason">How it was routed, in the words of the history.</param>
/// <param name="Quota">Of the fiscal year of the visit, or of today; null where the client is not known yet.</param>
/// <param name="Advice">The newest report of each ministry that was handed in, newest first.</param>
public sealed record VisitSheet(
    CaseId Case, string Number, string Desk, FileOrganisation Organisation, FileContactPerson? Contact, TeleworkStatus TeleworkStatus, VisitMode? PreferredMode, string Text, IReadOnlyList<string> Topics,
    Track? Lead, IReadOnlyList<FileTrack> Tracks, string? RouteReason, SheetQuota? Quota, FileVisit? Visit, IReadOnlyList<SheetAdvice> Advice, DateTimeOffset Now);

/// <summary>利用可能回数, in the visit's fiscal year.</summary>
public sealed record SheetQuota(string Year, int Limit, int Held, int Used)
{
    public int Left => Limit - Held - Used;
}

/// <param name="On">When the visit was that it tells of.</param>
public sealed record SheetAdvice(Track Track, int Ordinal, DateTimeOffset On, string Text);

internal sealed class GetVisitSheetHandler(ConsultationDb db, Execution execution, DeskBook desks, ProgrammeBook programmes) : IRequestHandler<GetVisitSheet, VisitSheet>
{
    public async Task<VisitSheet> Handle(GetVisitSheet request, CancellationToken cancellationToken)
    {
        var (reach, id) = (CaseAccess.Reach.Of(execution.Actor), request.Case.Value);
        var trip = new RoundTrip(db);
        var seen = CaseAccess.Read(trip, request.Case, reach);
        var papers = new CasePapers(trip, request.Case, reach, execution.Now);
        var accounts = trip.Rows(
            $"""
            select a.fiscal_year, a."limit", a.held, a.used from quota_accounts a join cases c on c.organisation_id = a.organisation_id
            where c.id = {id} and a.programme = {ProgrammeYear.OneStop}
            """,
            r => (Year: r.Value<int>(), Limit: r.Value<int>(), Held: r.Value<int>(), Used: r.Value<int>()));
        execution.Audit("case.sheet_viewed", request.Case, request.Visit?.ToString());
        AuditTrail.Join(trip, execution, $"exists (select 1 from cases where id = {id} and {reach.Covers})");
        await trip.GoAsync(cancellationToken);
        var found = seen.SingleOrDefault() ?? throw new NotFound();
        var seesPerson = CaseAccess.MaySeePerson(execution.Actor, found.ConsentedAt is not null);
        var visits = papers.Visits(seesPerson);
        var visit = request.Visit is { } asked ? visits.FirstOrDefault(v => v.Id == asked) ?? throw new NotFound() : null;
        var year = FiscalYear.Of(visit?.Start ?? execution.Now);
        var limit = (await programmes.FindAsync(year, cancellationToken))?.QuotaLimit;
        return new(
            found.Id, found.Number, (await desks.ReadAsync(cancellationToken)).Find(found.DeskId)!.Name,
            new(found.OrganisationName, found.Kana, found.CorporateNumber, Prefectures.Find(found.Prefecture)?.Name ?? found.PlaceAsTyped, found.City, found.Industry, found.Employees, found.CapitalYen),
            seesPerson ? new(found.ContactName, found.ContactRole, found.Phone, found.Email) : null,
            found.TeleworkStatus, found.PreferredMode, found.Text, found.Topics, found.Lead,
            [.. found.Tracks.Where(t => t.State != TrackState.Dropped).OrderBy(t => t.Track).Select(t => new FileTrack(t.Track, t.State, t.OfferId, t.ExpertId, papers.NameOf(t.ExpertId), t.RespondBy))],
            papers.History.FirstOrDefault(h => h.Kind == "routed")?.Text,
            found.OrganisationId is null ? null
                : accounts.Where(a => a.Year == year.Year).Select(a => new SheetQuota(year.Label, a.Limit, a.Held, a.Used)).FirstOrDefault() ?? (limit is { } free ? new(year.Label, free, 0, 0) : null),
            visit, [.. AdviceOf(visits, visit)], execution.Now);
    }

    /// <summary>Of what was advised before this visit, or at any where there is none.</summary>
    private static IEnumerable<SheetAdvice> AdviceOf(IReadOnlyList<FileVisit> visits, FileVisit? visit) => visits
        .Where(v => visit is null || v.Start < visit.Start)
        .SelectMany(v => v.Reports.Where(r => r.State is ReportState.Submitted or ReportState.Approved).Select(r => new SheetAdvice(r.Track, v.Ordinal, v.Start, r.Text)))
        .GroupBy(a => a.Track).Select(g => g.MaxBy(a => a.On)!).OrderByDescending(a => a.On).ThenBy(a => a.Track);
}
