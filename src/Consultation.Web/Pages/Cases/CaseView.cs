using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Cases;

/// <summary>The head that every page of a case carries.</summary>
public sealed record CaseHeadView(string Link, string Number, string Organisation, StateView State, string? Kind, string Facts, IReadOnlyList<TrackView> Tracks);

/// <summary>Something that can be done now: a link to its page, or with <paramref name="Handler"/> a button that does it at once.</summary>
public sealed record ActionView(string Text, string? Link, string? Handler = null);

/// <summary>One consultation of the case and what can be done with it.</summary>
public sealed record VisitLineView(string Title, StateView State, string When, IReadOnlyList<ActionView> Actions);

/// <summary>One line of the quota's ledger.</summary>
public sealed record LedgerLineView(string At, string Move, string Held, string Used, int Left);

/// <summary>One follow-up of the case.</summary>
public sealed record FollowUpView(StateView State, string Kind, string Due, string? Note, string? Link);

/// <summary>A fact about the organisation; without a value it is still to be asked.</summary>
public sealed record FactView(string Name, string? Value, string? Doubt = null);

/// <summary>The match decision of a track, as clerks or supervisors see it.</summary>
public sealed record DecisionView(string When, IReadOnlyList<CandidatesView> Tracks);

/// <summary>Everything of one case: what is next in one column, what happened in the other.</summary>
public sealed record CaseView(
    CaseHeadView Head,
    DateTimeOffset Now,
    string Desk,
    string? Paused,
    IReadOnlyList<DeadlineView> Deadlines,
    ActionView? Main,
    IReadOnlyList<ActionView> Actions,
    string? CloseNeeds,
    SuggestionView? Suggestion,
    IReadOnlyList<SavedView> StoryViews,
    IReadOnlyList<StoryItemView> Story,
    string? MoreStory,
    DecisionView? Decision,
    QuotaView? Quota,
    IReadOnlyList<VisitLineView> Visits,
    IReadOnlyList<LedgerLineView> Ledger,
    IReadOnlyList<FollowUpView> FollowUps,
    string? FollowUpNote,
    IReadOnlyList<FactView> Facts);
