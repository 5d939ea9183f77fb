using Consultation.Web.Pages.Cases;
using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Visits;

/// <summary>The booking page: which days have room for everybody, and what a booking will do.</summary>
/// <param name="Taken">Said when the chosen period was taken by somebody else in the meantime; nothing was changed.</param>
public sealed record BookView(
    CaseHeadView Head,
    string Title,
    DateTimeOffset Now,
    IReadOnlyList<Choice> Modes,
    IReadOnlyList<Choice> Experts,
    string Week,
    int Free,
    string? Previous,
    string? Next,
    IReadOnlyList<DayView> Days,
    IReadOnlyList<Choice> Stages,
    QuotaView? Quota,
    IReadOnlyList<string> Recipients,
    string? LetterToClient,
    string? HoldUntil,
    NoticeView? Taken);
