using System.Text.Json;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.FollowUps;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Topics;
using Consultation.Visits;

namespace Consultation.CaseFile;

/// <summary>
/// What lies in the file of a case beside the case itself, read in one round trip with it: one by one these tables would cost more than everything
/// else that happens when a case is opened. Written as SQL for that reason; what of it is shown to whom is judged by <see cref="GetCase"/>.
/// </summary>
internal sealed class CasePapers
{
    /// <summary>Of contacts, notes, events and referrals the newest; what is older is found by search and audit.</summary>
    private const int Newest = 50;

    private const int MostEarlier = 10;

    private readonly IReadOnlyList<PaperVisit> visits;
    private readonly IReadOnlyList<FileWish> wishes;
    private readonly IReadOnlyList<PaperExpert> experts;
    private readonly IReadOnlyList<PaperReport> reports;
    private readonly IReadOnlyList<string> holders;
    private readonly IReadOnlyList<FileConsent> consents;
    private readonly IReadOnlyList<PaperAccount> accounts;

    public CasePapers(RoundTrip trip, CaseId @case, CaseAccess.Reach reach, DateTimeOffset now)
    {
        var (id, year) = (@case.Value, FiscalYear.Of(now).Year);
        FormattableString organisation = $"(select organisation_id from cases where id = {id})";
        Contacts = trip.Rows(
            $"select id, direction, channel, at, minutes, person, result, text, actor from contacts where case_id = {id} order by at desc, id desc limit {Newest}",
            r => new FileContact(r.Id<ContactId>(), r.Code<ContactDirection>(), r.Code<Channel>(), r.Time(), r.Maybe<int>(), r.MaybeText(), r.Code<ContactResult>(), r.MaybeText(), r.Text()));
        Calls = trip.Rows(
            $"select kind, id, due_at, phone, attempts, reason, title from call_backs where case_id = {id} and state = 'open' order by due_at",
            r => new PaperCall(r.Code<CallBackKind>(), new(r.Id<CallBackId>(), r.Time(), r.MaybeText(), r.Value<int>(), r.Text(), r.MaybeText())));
        Notes = trip.Rows($"select at, actor, text from case_notes where case_id = {id} order by at desc limit {Newest}", r => new FileNote(r.Time(), r.Text(), r.Text()));
        History = trip.Rows(
            $"select at, actor, kind, text from case_history where case_id = {id} order by at desc, id desc limit {Newest}", r => new FileEvent(r.Time(), r.Text(), r.Text(), r.Text()));
        visits = trip.Rows(
            $"""
            select id, ordinal, starts_at, ends_at, mode, place, stage, state, hold_expires_at, quota_units, minutes, source, cancelled_by, reason, quota_extra, quota_kept, quota_reason
            from visits where case_id = {id} order by starts_at, id
            """,
            r => new PaperVisit(
                r.Id<VisitId>(), r.Value<int>(), r.Time(), r.Time(), r.Code<VisitMode>(), r.MaybeText(), r.Code<VisitStage>(), r.Code<VisitState>(), r.MaybeTime(), r.Value<int>(), r.Maybe<int>(),
                r.MaybeText(), r.MaybeCode<CancelledBy>(), r.MaybeText(), new(r.Value<int>(), r.Value<bool>(), r.MaybeText())));
        wishes = trip.Rows(
            $"select id, state, mode, minutes, from_on, to_on, day_from, day_to, replaces, offered_visit, made_at, made_by from slot_wishes where case_id = {id} and state in ('waiting', 'offered')",
            r => new FileWish(
                r.Id<SlotWishId>(), r.Code<WishState>(), new(r.Code<VisitMode>(), r.Value<int>(), r.Value<DateOnly>(), r.Value<DateOnly>(), r.Maybe<TimeOnly>(), r.Maybe<TimeOnly>()),
                r.MaybeId<VisitId>(), r.MaybeId<VisitId>(), r.Time(), r.Text()));
        // Whoever was asked or holds a track, and whoever came to a visit, also to one long past.
        experts = trip.Rows(
            $"""
            select null::uuid, t.track, e.id, e.name from case_tracks t join experts e on e.id = t.expert_id where t.case_id = {id}
            union all
            select v.id, x.track, e.id, e.name from visits v join visit_experts x on x.visit_id = v.id join experts e on e.id = x.expert_id where v.case_id = {id}
            """,
            r => new PaperExpert(r.MaybeId<VisitId>(), r.Code<Track>(), r.Id<ExpertId>(), r.Text()));
        reports = trip.Rows(
            $"""
            select visit_id, track, state, text, topics, next, filed_at, filed_by, source, review, confirmed, advice::text, status_before, status_after, minutes, travel_km, expense_note, fee_minutes
            from session_reports where case_id = {id} order by filed_at
            """,
            r => new PaperReport(r.Id<VisitId>(), new(
                r.Code<Track>(), r.Code<ReportState>(), r.Text(), r.Value<string[]>(), r.Code<ReportNext>(), r.Time(), r.Text(), r.MaybeText(), r.MaybeText(), r.Value<bool>(),
                new(JsonSerializer.Deserialize<IReadOnlyList<TopicAdvice>>(r.Text(), StoredJson.Options), r.MaybeCode<TeleworkStatus>(), r.MaybeCode<TeleworkStatus>(), r.Maybe<int>(), r.Maybe<int>(), r.MaybeText(), r.Maybe<int>()))));
        FollowUps = trip.Rows(
            $"select id, kind, due_on, why, state, result, expert_id, asked, next_ask_on from follow_ups where case_id = {id} order by due_on",
            r => new FileFollowUp(r.Id<FollowUpId>(), r.Code<FollowUpKind>(), r.Value<DateOnly>(), r.Text(), r.Code<FollowUpState>(), r.MaybeCode<FollowUpResult>(), r.MaybeId<ExpertId>(),
                r.Value<int>(), r.Maybe<DateOnly>()));
        consents = trip.Rows(
            $"select given_at, given_by, channel, text_version, recorded_by from consents where case_id = {id} and withdrawn_at is null",
            r => new FileConsent(r.Time(), r.MaybeText(), r.Code<Channel>(), r.Text(), r.Text()));
        Referrals = trip.Rows(
            $"select target, target_name, channel, note, at, actor from referrals where case_id = {id} order by at desc limit {Newest}",
            r => new FileReferral(r.Text(), r.Text(), r.Code<Channel>(), r.MaybeText(), r.Time(), r.Text()));
        holders = trip.Rows($"select name from staff where id = (select holder from cases where id = {id})", r => r.Text());
        accounts = trip.Rows(
            $"""select "limit" + extra, held, used from quota_accounts where organisation_id = {organisation} and programme = {ProgrammeYear.OneStop} and fiscal_year = {year}""",
            r => new PaperAccount(r.Value<int>(), r.Value<int>(), r.Value<int>()));
        Ledger = trip.Rows(
            $"""
            select l.at, l.kind, l.visit_on, l.reason from quota_accounts a join quota_ledger l on l.account_id = a.id
            where a.organisation_id = {organisation} and a.programme = {ProgrammeYear.OneStop} and a.fiscal_year = {year} order by l.at, l.id
            """,
            r => new FileLedgerLine(r.Time(), r.Code<QuotaMove>(), r.Maybe<DateOnly>(), r.Text()));
        Earlier = trip.Rows(
            $"""
            select id, number, status, received_at from cases where organisation_id = {organisation} and id <> {id} and {reach.Covers}
            order by received_at desc limit {MostEarlier}
            """,
            r => new FileEarlierCase(r.Id<CaseId>(), r.Text(), r.Code<CaseStatus>(), r.Time()));
    }

    public IReadOnlyList<FileContact> Contacts { get; }
    public IReadOnlyList<PaperCall> Calls { get; }
    public IReadOnlyList<FileNote> Notes { get; }
    public IReadOnlyList<FileEvent> History { get; }
    public IReadOnlyList<FileFollowUp> FollowUps { get; }
    public IReadOnlyList<FileReferral> Referrals { get; }
    public IReadOnlyList<FileEarlierCase> Earlier { get; }
    public IReadOnlyList<FileLedgerLine> Ledger { get; }

    public FileWish? Wish => wishes.FirstOrDefault();
    public string? Holder => holders.FirstOrDefault();
    public FileConsent? Consent => consents.FirstOrDefault();
    public PaperAccount? Account => accounts.FirstOrDefault();

    public string? NameOf(ExpertId? expert) => experts.FirstOrDefault(e => e.Id == expert)?.Name;

    /// <summary>The next visit that is held or booked.</summary>
    public DateTimeOffset? NextVisit => visits.Where(v => v.State is VisitState.Held or VisitState.Confirmed).Min(v => (DateTimeOffset?)v.Start);

    public DateOnly? NextFollowUp => FollowUps.Where(f => f.State is FollowUpState.Planned or FollowUpState.Due).Min(f => (DateOnly?)f.Due);

    /// <param name="seesPerson">Where not, an address that may be the person's own is not shown.</param>
    public IReadOnlyList<FileVisit> Visits(bool seesPerson) =>
    [
        .. visits.Select(v =>
        {
            IReadOnlyList<FileVisitExpert> coming = [.. experts.Where(e => e.Visit == v.Id).OrderBy(e => e.Track).Select(e => new FileVisitExpert(e.Id, e.Name, e.Track))];
            return new FileVisit(
                v.Id, v.Ordinal, v.Start, v.End, v.Mode, VisitWords.PlaceSeen(v.Mode, v.Place, seesPerson), v.Stage, v.State, [.. coming.Select(e => e.Track)], coming,
                v.HoldExpiresAt, v.QuotaUnits, v.Minutes, v.Source, v.CancelledBy, v.Reason, [.. reports.Where(r => r.Visit == v.Id).Select(r => r.Report)], v.Counting);
        }),
    ];

    internal sealed record PaperCall(CallBackKind Kind, FileCallBack Call);

    internal sealed record PaperAccount(int Limit, int Held, int Used);

    private sealed record PaperVisit(
        VisitId Id, int Ordinal, DateTimeOffset Start, DateTimeOffset End, VisitMode Mode, string? Place, VisitStage Stage, VisitState State, DateTimeOffset? HoldExpiresAt, int QuotaUnits,
        int? Minutes, string? Source, CancelledBy? CancelledBy, string? Reason, FileCounting Counting);

    private sealed record PaperExpert(VisitId? Visit, Track Track, ExpertId Id, string Name);

    private sealed record PaperReport(VisitId Visit, FileVisitReport Report);
}
