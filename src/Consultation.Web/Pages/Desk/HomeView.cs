using Consultation.Web.Pages.FollowUps;
using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Desk;

/// <summary>A promised call-back: when, whom, which number to dial, and what was tried.</summary>
public sealed record CallBackView(
    string Id, string CaseLink, string Number, string Organisation, string? Person, string? Phone, DeadlineView When, int Attempts, string? LastAttempt, string? Note, string? Title = null);

/// <summary>What the desk does first this morning.</summary>
public sealed record HomeView(
    string Desk,
    DateTimeOffset Now,
    string? ClosedWhy,
    IReadOnlyList<CallBackView> CallBacks,
    IReadOnlyList<CaseRowView> Pressing,
    bool MorePressing,
    IReadOnlyList<FollowUpLineView> FollowUps,
    IReadOnlyList<Choice> TallyKinds,
    IReadOnlyList<Choice> TallyChannels);
