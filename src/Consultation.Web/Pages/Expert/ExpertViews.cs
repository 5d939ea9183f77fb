using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Expert;

/// <summary>An offer that waits for an answer. Who asks is shown only with consent.</summary>
public sealed record OfferCard(
    string Id, string CaseLink, string Number, string Organisation, string Facts, Lead Lead, IReadOnlyList<TopicView> Topics, DeadlineView RespondBy, string? Contact, bool Consented);

/// <summary>A consultation that stands in the expert's diary.</summary>
public sealed record NextVisitView(string CaseLink, string Number, string Organisation, string When, string Where, string? Leave, string? Together, StateView State, string? CompleteLink);

/// <summary>A report that is owed.</summary>
public sealed record OwedReportView(string Link, string Number, string Organisation, string Visit, DeadlineView? Due, string? ReturnedWhy);
