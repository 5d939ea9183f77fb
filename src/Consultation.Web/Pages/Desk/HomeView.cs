using Consultation.Web.Pages.FollowUps;
using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Desk;

/// <summary>A call that is owed: when, whom, which number to dial, what was tried, and the text of a mail it stands in for.</summary>
/// <param name="ToClient">False for a call to an expert or a task of the desk, which is no contact with the client.</param>
/// <param name="Now">From a quarter of an hour before the promised time.</param>
public sealed record CallBackView(
    string Id, string CaseLink, string Number, string Organisation, string? Person, string? Phone, DeadlineView When, bool Now, int Attempts, string? LastAttempt, string? Title, string? Body, bool ToClient);

/// <summary>What another desk did to a case of ours.</summary>
public sealed record NewsView(string Id, string CaseLink, string Number, string Organisation, string What, string When, string? Text);

/// <summary>A letter that did not arrive and of which no call could be made by itself.</summary>
public sealed record LostLetterView(string CaseLink, string Number, string Organisation, string Subject, string When);

/// <summary>What the desk does first this morning.</summary>
public sealed record HomeView(
    string Desk,
    DateTimeOffset Now,
    string? ClosedWhy,
    IReadOnlyList<CallBackView> Promised,
    IReadOnlyList<CallBackView> InsteadOfMail,
    IReadOnlyList<LostLetterView> Lost,
    IReadOnlyList<EscalationView> Escalations,
    IReadOnlyList<NewsView> News,
    IReadOnlyList<CaseRowView> Pressing,
    bool MorePressing,
    IReadOnlyList<CaseRowView> Unrouted,
    IReadOnlyList<FollowUpLineView> FollowUps,
    IReadOnlyList<Choice> TallyKinds,
    IReadOnlyList<Choice> TallyChannels);
