using Consultation.Audit;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.FollowUps;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using Consultation.Topics;
using Consultation.Visits;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.CaseFile;

/// <summary>
/// Everything of one case, as far as the actor may see it. Another district's desk gets number, state, holder and next date only (journey
/// J60); to everybody else a case that is not theirs does not exist. Every view leaves an audit row.
/// </summary>
[Requires(Permission.ViewCases)]
public sealed record GetCase(CaseId Case) : IQuery<CaseFileView>;

/// <param name="Next">The next date anybody waits for.</param>
/// <param name="Full">Null in the reduced view of another district's desk.</param>
/// <param name="HolderName">窓口担当; in the reduced view the clerk names it to the caller.</param>
/// <param name="Desk">The desk that holds the case, for a message to it.</param>
public sealed record CaseFileView(CaseId Id, string Number, CaseStatus Status, StaffId? Holder, DateTimeOffset? Next, FullCase? Full, string? HolderName = null, string? Desk = null);

public sealed record FullCase(
    int Version, string Desk, string District, bool OnHold, Channel Channel, DateTimeOffset ReceivedAt, DateTimeOffset LoggedAt, string Text,
    FileOrganisation Organisation, FileContactPerson Contact, TeleworkStatus TeleworkStatus, TeleworkStatus? TeleworkStatusAfter, VisitMode? PreferredMode, string? Source,
    string? HolderName, IReadOnlyList<string> Topics, Track? Lead, Suggestion Suggestion, bool Consented, IReadOnlyList<string> Missing, IReadOnlyList<string> Doubtful,
    CaseOutcome? Outcome, DateTimeOffset? ClosedAt, IReadOnlyList<CaseAction> AllowedActions, IReadOnlyList<FileTrack> Tracks, IReadOnlyList<FileDeadline> Deadlines,
    IReadOnlyList<FileContact> Contacts, IReadOnlyList<FileCallBack> CallBacks, IReadOnlyList<FileNote> Notes, IReadOnlyList<FileEvent> History, FileQuota? Quota,
    IReadOnlyList<FileEarlierCase> EarlierCases, IReadOnlyList<FileVisit> Visits, IReadOnlyList<FileFollowUp> FollowUps, FileConsent? Consent,
    IReadOnlyList<FileReferral> Referrals)
{
    /// <summary>第1希望 to 第3希望 of the client.</summary>
    public IReadOnlyList<VisitWish> Wishes { get; init; } = [];

    /// <summary>Those of the calls that were promised to the client to the minute; the others are owed until their time.</summary>
    public IReadOnlySet<CallBackId> Promises { get; init; } = new HashSet<CallBackId>();

    /// <summary>The open wish for a time that somebody else gives up.</summary>
    public FileWish? Wish { get; init; }
}

public sealed record FileOrganisation(string? Name, string? Kana, string? CorporateNumber, string? Prefecture, string? City, string? Industry, int? Employees, long? CapitalYen);

public sealed record FileContactPerson(string? Name, string? Role, string? Phone, string? Email);

public sealed record FileTrack(Track Track, TrackState State, OfferId? OfferId, ExpertId? ExpertId, string? Expert, DateTimeOffset? RespondBy);

/// <summary>The consent that stands.</summary>
public sealed record FileConsent(DateTimeOffset GivenAt, string? GivenBy, Channel Channel, string TextVersion, string RecordedBy);

public sealed record FileReferral(string Target, string TargetName, Channel Channel, string? Note, DateTimeOffset At, string By);

/// <param name="Left">What was left when the clock was paused (残り3時間); null while it runs.</param>
/// <param name="Escalated">Who has been told last that it passed, and when.</param>
public sealed record FileDeadline(
    DeadlineKind Kind, Track? Track, DateTimeOffset Due, string Why, DeadlineState State, bool ByDay, string? Left = null, EscalationStep? Escalated = null, DateTimeOffset? EscalatedAt = null);

public sealed record FileContact(ContactId Id, ContactDirection Direction, Channel Channel, DateTimeOffset At, int? Minutes, string? Person, ContactResult Result, string? Text, string By);

public sealed record FileCallBack(CallBackId Id, DateTimeOffset DueAt, string? Phone, int Attempts, string Reason, string? Title);

public sealed record FileNote(DateTimeOffset At, string By, string Text);

public sealed record FileEvent(DateTimeOffset At, string By, string Kind, string Text);

/// <summary>無料回数 of the fiscal year that <c>now</c> falls in.</summary>
public sealed record FileQuota(string Year, int Limit, int Held, int Used, IReadOnlyList<FileLedgerLine> Ledger)
{
    public int Left => Limit - Held - Used;
}

public sealed record FileLedgerLine(DateTimeOffset At, QuotaMove Kind, DateOnly? VisitOn, string Reason);

public sealed record FileEarlierCase(CaseId Id, string Number, CaseStatus Status, DateTimeOffset ReceivedAt);

public sealed record FileVisit(
    VisitId Id, int Ordinal, DateTimeOffset Start, DateTimeOffset End, VisitMode Mode, string? Place, VisitStage Stage, VisitState State, IReadOnlyList<Track> Tracks,
    IReadOnlyList<FileVisitExpert> Experts, DateTimeOffset? HoldExpiresAt, int QuotaUnits, int? Minutes, string? Source, CancelledBy? CancelledBy, string? Reason,
    IReadOnlyList<FileVisitReport> Reports, FileCounting Counting);

/// <summary>How a visit is counted where that is not usual.</summary>
/// <param name="Extra">Units granted beyond the limit.</param>
/// <param name="Kept">It fell through and counts all the same.</param>
/// <param name="Reason">Why it does not count or was granted.</param>
public sealed record FileCounting(int Extra, bool Kept, string? Reason);

/// <param name="Earlier">The booked visit that is to be earlier.</param>
/// <param name="OfferedVisit">The hold about which the client is asked.</param>
public sealed record FileWish(SlotWishId Id, WishState State, WantedTime Wanted, VisitId? Earlier, VisitId? OfferedVisit, DateTimeOffset MadeAt, string MadeBy);

public sealed record FileVisitExpert(ExpertId Id, string Name, Track Track);

public sealed record FileVisitReport(Track Track, ReportState State, string Text, IReadOnlyList<string> Topics, ReportNext Next, DateTimeOffset FiledAt, string FiledBy, string? Source, string? Review, bool Confirmed,
    ReportFacts Facts);

public sealed record FileFollowUp(FollowUpId Id, FollowUpKind Kind, DateOnly Due, string Why, FollowUpState State, FollowUpResult? Result, ExpertId? Expert, int Asked = 0, DateOnly? NextAskOn = null);

internal sealed class GetCaseHandler(ConsultationDb db, Execution execution, DeskBook desks, ProgrammeBook programmes) : IRequestHandler<GetCase, CaseFileView>
{
    public async Task<CaseFileView> Handle(GetCase request, CancellationToken cancellationToken)
    {
        var reach = CaseAccess.Reach.Of(execution.Actor);
        var trip = new RoundTrip(db);
        // The case comes first: what somebody changes meanwhile may show below, but never under a version that is newer than it.
        var seen = CaseAccess.Read(trip, request.Case, reach);
        var papers = new CasePapers(trip, request.Case, reach, execution.Now);
        execution.Audit("case.viewed", request.Case);
        var written = AuditTrail.Join(trip, execution, $"exists (select 1 from cases where id = {request.Case.Value} and {reach.Covers})");
        await trip.GoAsync(cancellationToken);
        // Handed over between the first statement and the last it is another desk's: nothing is shown that leaves no trace.
        if (seen.SingleOrDefault() is not { } found || written.Any(line => line.Count == 0))
        {
            return await ReducedAsync(request.Case, cancellationToken);
        }

        return new(found.Id, found.Number, found.Status, found.Holder, First(found.NextDueAt, papers.NextVisit, papers.NextFollowUp), await FullAsync(found, papers, cancellationToken));
    }

    private async Task<CaseFileView> ReducedAsync(CaseId id, CancellationToken cancellationToken)
    {
        if (execution.Actor.Role is not (Role.Desk or Role.Supervisor))
        {
            throw new NotFound();
        }

        var reduced = await db.Set<Case>().Where(c => c.Id == id)
            .Select(c => new CaseFileView(
                c.Id, c.Number, c.Status, c.Holder, c.NextDueAt, null, db.Set<StaffMember>().Where(m => m.Id == c.Holder).Select(m => m.Name).FirstOrDefault(),
                db.Set<Desk>().Where(d => d.Id == c.DeskId).Select(d => d.Name).FirstOrDefault())).FirstOrDefaultAsync(cancellationToken) ?? throw new NotFound();
        execution.Audit("case.viewed", id, "reduced");
        var visit = await db.Set<Visit>().Where(v => v.CaseId == id && (v.State == VisitState.Held || v.State == VisitState.Confirmed)).MinAsync(v => (DateTimeOffset?)v.StartsAt, cancellationToken);
        var asked = await db.Set<FollowUp>().Where(f => f.CaseId == id && (f.State == FollowUpState.Planned || f.State == FollowUpState.Due)).MinAsync(f => (DateOnly?)f.DueOn, cancellationToken);
        return reduced with { Next = First(reduced.Next, visit, asked) };
    }

    /// <summary>What comes first: the next deadline, the next visit, or the next follow-up, which is of a day and stands at its beginning.</summary>
    private static DateTimeOffset? First(DateTimeOffset? due, DateTimeOffset? visit, DateOnly? asked) =>
        new[] { due, visit, asked is { } day ? JapanTime.At(day, TimeOnly.MinValue) : null }.Min();

    private async Task<FullCase> FullAsync(Case found, CasePapers papers, CancellationToken cancellationToken)
    {
        var hidePerson = !CaseAccess.MaySeePerson(execution.Actor, found.ConsentedAt is not null);
        return new(
            found.Version, (await desks.ReadAsync(cancellationToken)).Find(found.DeskId)!.Name, found.District, found.OnHold, found.Channel, found.ReceivedAt, found.LoggedAt, found.Text,
            new(found.OrganisationName, found.Kana, found.CorporateNumber, PlaceOf(found), found.City, found.Industry, found.Employees, found.CapitalYen),
            hidePerson ? new(null, found.ContactRole, null, null) : new(found.ContactName, found.ContactRole, found.Phone, found.Email),
            found.TeleworkStatus, found.TeleworkStatusAfter, found.PreferredMode, found.Source, papers.Holder, found.Topics, found.Lead, found.Suggestion, found.ConsentedAt is not null,
            found.Missing, found.Doubtful, found.Outcome, found.ClosedAt, [.. found.AllowedActions],
            found.Tracks.OrderBy(t => t.Track).Select(t => new FileTrack(t.Track, t.State, t.OfferId, t.ExpertId, papers.NameOf(t.ExpertId), t.RespondBy)).ToList(),
            found.Deadlines.OrderBy(d => d.DueAt).Select(d => new FileDeadline(d.Kind, d.Track, d.DueAt, d.Why, d.State, Deadline.IsByDay(d.Kind), d.LeftWords, d.Escalated, d.EscalatedAt)).ToList(),
            [.. papers.Contacts.Select(c => hidePerson ? c with { Person = null, Text = null } : c)], hidePerson ? [] : [.. papers.Calls.Select(c => c.Call)],
            execution.Actor.Role == Role.Expert ? [] : papers.Notes, papers.History, found.OrganisationId is null ? null : await QuotaAsync(papers, cancellationToken), papers.Earlier, papers.Visits(seesPerson: !hidePerson), papers.FollowUps,
            hidePerson && papers.Consent is { } consent ? consent with { GivenBy = null } : papers.Consent, [.. papers.Referrals.Select(r => hidePerson ? r with { Note = null } : r)])
        {
            Wish = papers.Wish,
            Wishes = found.Wishes,
            Promises = papers.Calls.Where(c => c.Kind == CallBackKind.Promise).Select(c => c.Call.Id).ToHashSet(),
        };
    }

    private async Task<FileQuota?> QuotaAsync(CasePapers papers, CancellationToken cancellationToken)
    {
        var year = FiscalYear.Of(execution.Now);
        return papers.Account is { } account ? new(year.Label, account.Limit, account.Held, account.Used, papers.Ledger)
            : await programmes.FindAsync(year, cancellationToken) is { } programme ? new(year.Label, programme.QuotaLimit, 0, 0, []) : null;
    }

    private static string? PlaceOf(Case found) => found.Prefecture is { } code ? Prefectures.Find(code)?.Name : found.PlaceAsTyped;
}
