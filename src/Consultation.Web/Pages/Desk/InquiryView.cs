using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Desk;

/// <summary>What the page of a new inquiry shows beside what is typed.</summary>
/// <param name="Asked">Saving waits for a choice among the matches.</param>
public sealed record NewInquiryView(
    string Desk,
    DateTimeOffset Now,
    TicketView? Previous = null,
    MatchesView? Matches = null,
    SuggestionView? Suggestion = null,
    QuotaView? Quota = null,
    bool Asked = false);

/// <summary>A gap that is asked later: the field it stands in, and its name.</summary>
public sealed record GapView(string Field, string Name, string? Doubt = null);

/// <summary>An inquiry that has its number: what is still to be asked while the caller is on the line.</summary>
public sealed record InquiryView(
    TicketView Ticket,
    string CaseLink,
    string Desk,
    DateTimeOffset Now,
    SuggestionView Suggestion,
    QuotaView? Quota,
    DeadlineView? Deadline,
    IReadOnlyList<GapView> Gaps,
    bool CanRoute);
