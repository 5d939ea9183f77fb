using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Cases;

/// <summary>The head that every page of a case carries.</summary>
public sealed record CaseHeadView(string Link, string Number, string Organisation, StateView State, string? Kind, string Facts, IReadOnlyList<TrackView> Tracks);

/// <summary>
/// Something that can be done now: a link to its page, or with <paramref name="Handler"/> a button that does it at once, to <paramref name="Subject"/>.
/// </summary>
/// <param name="Key">One key that does the same, listed by <c>?</c>.</param>
public sealed record ActionView(string Text, string? Link, string? Handler = null, string? Subject = null, string? Key = null);

/// <summary>One consultation of the case, its reports, and what can be done with it.</summary>
public sealed record VisitLineView(string Title, StateView State, string When, string? Note, string? Counting, IReadOnlyList<TrackView> Reports, IReadOnlyList<ActionView> Actions);

/// <summary>One line of the quota's ledger.</summary>
public sealed record LedgerLineView(string At, string Move, string VisitOn, string Reason);

/// <summary>One follow-up of the case.</summary>
public sealed record FollowUpView(StateView State, string Kind, string Due, string? Note, string? Link);

/// <summary>A fact about the organisation; without a value it is still to be asked.</summary>
public sealed record FactView(string Name, string? Value, string? Doubt = null);

/// <summary>A call that was promised: which number to dial, and what was tried.</summary>
public sealed record PromisedCallView(string When, string? Phone, int Attempts, string Reason, string? Title = null);

/// <summary>An earlier case of the same organisation.</summary>
public sealed record EarlierCaseView(string Link, string Number, StateView State, string Received);

/// <summary>Another desk's case: number, state and the next date; contacts and messages may be added, nothing else is shown.</summary>
public sealed record OtherDesksCaseView(string Number, StateView State, string? Next, string Holder, string Desk);

/// <summary>Everything of one case: what is next in one column, what happened in the other.</summary>
public sealed record CaseView(
    CaseHeadView Head,
    DateTimeOffset Now,
    string Desk,
    string? Paused,
    IReadOnlyList<DeadlineView> Deadlines,
    IReadOnlyList<PromisedCallView> Calls,
    ActionView? Main,
    IReadOnlyList<ActionView> Actions,
    SuggestionView? Suggestion,
    IReadOnlyList<SavedView> StoryViews,
    IReadOnlyList<StoryItemView> Story,
    QuotaView? Quota,
    IReadOnlyList<VisitLineView> Visits,
    IReadOnlyList<LedgerLineView> Ledger,
    IReadOnlyList<FollowUpView> FollowUps,
    string? FollowUpNote,
    IReadOnlyList<FactView> Facts,
    IReadOnlyList<EarlierCaseView> Earlier,
    bool CanEdit,
    bool CanNote,
    IReadOnlyList<NoticeView> ToConfirm,
    WaitingView? Waiting,
    bool MayWait);

/// <summary>The wish for a time that somebody else gives up.</summary>
public sealed record WaitingView(string Text);
