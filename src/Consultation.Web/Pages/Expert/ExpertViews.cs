using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Expert;

/// <summary>An offer that waits for an answer. Who asks is shown only with consent.</summary>
public sealed record OfferCard(
    string Id, string CaseLink, string Number, string Organisation, string Facts, Lead Lead, IReadOnlyList<TopicView> Topics, DeadlineView RespondBy, string? Contact, bool Consented);

/// <summary>A consultation that stands in the expert's diary.</summary>
/// <param name="Leave">When to leave; null where nobody travels or it is too late to say.</param>
/// <param name="Acts">遅れる・Webに変更・延期 for a visit of today.</param>
public sealed record NextVisitView(
    string CaseLink, string Number, string Organisation, string When, string Round, string Where, string? Way, string? Leave, string? Together, StateView State, string? Person, string? Phone, string? NoPhoneWhy,
    string? CompleteLink, bool IsToday, IReadOnlyList<PageLink> Acts);

/// <summary>A report that is owed.</summary>
public sealed record OwedReportView(string Link, string Number, string Organisation, string Visit, DeadlineView? Due, string? ReturnedWhy);

/// <summary>An offer on the home page.</summary>
public sealed record OfferLine(string Organisation, string Facts, DeadlineView RespondBy);

/// <summary>One stretch of working time as a row of fields.</summary>
/// <param name="Name">Of the bound property.</param>
/// <param name="Whose">What the labels begin with: 月曜日の1つ目の.</param>
public sealed record StretchView(string Name, string Whose, StretchInput Typed);
