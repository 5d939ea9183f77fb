using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Expert;

/// <summary>An offer that waits for an answer. What identifies the client is shown only with consent.</summary>
public sealed record OfferView(
    string Id, string CaseLink, string Number, string Organisation, string Place, string Wish, Lead Lead, IReadOnlyList<TopicView> Topics, string Text,
    DeadlineView RespondBy, IReadOnlyList<string> Reasons, string? Together);

/// <summary>What the expert is asked, worst first.</summary>
public sealed record OffersView(DateTimeOffset Now, IReadOnlyList<OfferView> Offers);

/// <summary>A consultation that stands in the expert's diary.</summary>
public sealed record NextVisitView(string CaseLink, string Number, string Organisation, string When, string Where, string? Leave, string? Together, StateView State, string? CompleteLink);

/// <summary>A report that is owed.</summary>
public sealed record OwedReportView(string Link, string Number, string Organisation, string Visit, DeadlineView Due);

/// <summary>One case of the expert, with the next thing to do.</summary>
public sealed record MyCaseView(string Link, string Number, string Organisation, string Place, StateView State, IReadOnlyList<TrackView> Tracks, DeadlineView? Deadline, string? NextLink, string? NextText);

/// <summary>The expert's own cases: the next visit, what is owed, and everything that is held.</summary>
public sealed record MyCasesView(DateTimeOffset Now, NextVisitView? Next, IReadOnlyList<OwedReportView> Reports, IReadOnlyList<MyCaseView> Cases, int Offers);

/// <summary>The report of one visit on one track.</summary>
public sealed record ReportView(
    string CaseLink, string Number, string Organisation, string Visit, Lead Lead, DeadlineView? Due, IReadOnlyList<Choice> Topics, IReadOnlyList<StoryItemView> Earlier,
    string? ReturnedWhy);
