using Consultation.CaseFile;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Topics;
using Consultation.Visits;

namespace Consultation.Web.Api;

/// <summary>
/// The case as the wire carries it: one flat object. Another district's desk gets <see cref="ReducedCaseAnswer"/> instead. The ETag is the
/// case's version.
/// </summary>
internal sealed record CaseAnswer(
    CaseId Id, string Number, CaseStatus Status, StaffId? Holder, DateTimeOffset? Next, int Version, string Desk, string District, bool OnHold, Channel Channel,
    DateTimeOffset ReceivedAt, DateTimeOffset LoggedAt, string Text, FileOrganisation Organisation, FileContactPerson Contact, TeleworkStatus TeleworkStatus,
    TeleworkStatus? TeleworkStatusAfter, VisitMode? PreferredMode, string? Source, string? HolderName, IReadOnlyList<string> Topics, Track? Lead, SuggestionAnswer Suggestion,
    bool Consented, IReadOnlyList<string> Missing, IReadOnlyList<string> Doubtful, CaseOutcome? Outcome, DateTimeOffset? ClosedAt, IReadOnlyList<CaseAction> AllowedActions,
    IReadOnlyList<FileTrack> Tracks, IReadOnlyList<FileDeadline> Deadlines, IReadOnlyList<FileContact> Contacts, IReadOnlyList<FileCallBack> CallBacks,
    IReadOnlyList<FileNote> Notes, IReadOnlyList<FileEvent> History, FileQuota? Quota, IReadOnlyList<FileEarlierCase> EarlierCases,
    IReadOnlyList<CaseVisitAnswer> Visits, IReadOnlyList<FileFollowUp> FollowUps, FileWish? SlotWish, IReadOnlyList<VisitWish> Wishes)
{
    public static Answer Of(CaseFileView view, int status, int? version) => view.Full is { } full
        ? Answer.Of(Whole(view, full), full.Version, status)
        : Answer.Of(new ReducedCaseAnswer(view.Id, view.Number, view.Status, view.Holder, view.Next), version, status);

    private static CaseAnswer Whole(CaseFileView view, FullCase f) => new(
        view.Id, view.Number, view.Status, view.Holder, view.Next, f.Version, f.Desk, f.District, f.OnHold, f.Channel, f.ReceivedAt, f.LoggedAt, f.Text, f.Organisation, f.Contact,
        f.TeleworkStatus, f.TeleworkStatusAfter, f.PreferredMode, f.Source, f.HolderName, f.Topics, f.Lead, SuggestionAnswer.Of(f.Suggestion), f.Consented, f.Missing, f.Doubtful,
        f.Outcome, f.ClosedAt, f.AllowedActions, f.Tracks, f.Deadlines, f.Contacts, f.CallBacks, f.Notes, f.History, f.Quota, f.EarlierCases,
        f.Visits.Select(CaseVisitAnswer.Of).ToList(), f.FollowUps, f.Wish, f.Wishes);
}

internal sealed record CaseVisitAnswer(
    VisitId Id, int Ordinal, DateTimeOffset Start, DateTimeOffset End, VisitMode Mode, string? Place, VisitStage Stage, VisitState State, IReadOnlyList<VisitorAnswer> Experts,
    DateTimeOffset? HoldExpiresAt, bool ConsumesQuota, int? Minutes, string? Source, CancelledBy? CancelledBy, string? Reason, IReadOnlyList<FileVisitReport> Reports,
    string? QuotaReason, bool QuotaCounted)
{
    public static CaseVisitAnswer Of(FileVisit v) => new(
        v.Id, v.Ordinal, v.Start, v.End, v.Mode, v.Place, v.Stage, v.State, v.Experts.Select(e => new VisitorAnswer(e.Track, e.Id, e.Name)).ToList(), v.HoldExpiresAt,
        v.QuotaUnits > 0, v.Minutes, v.Source, v.CancelledBy, v.Reason, v.Reports,
        v.Counting.Reason, v.QuotaUnits > 0 && (v.State == VisitState.TookPlace || v.Counting.Kept));
}

internal sealed record VisitorAnswer(Track Track, ExpertId ExpertId, string Name);

/// <summary>What another district's desk sees of a case (design §6).</summary>
internal sealed record ReducedCaseAnswer(CaseId Id, string Number, CaseStatus Status, StaffId? Holder, DateTimeOffset? Next);
