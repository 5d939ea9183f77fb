using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Visits;

/// <summary>The booking page: which days have room for everybody, and what a booking will do.</summary>
/// <param name="Place">Where the client is.</param>
/// <param name="SetOut">Who is on the road for the visit that is being moved, in words.</param>
/// <param name="Picked">The period that was chosen before something else was wrong.</param>
public sealed record BookView(
    string Title,
    IReadOnlyList<Choice> Experts,
    string Week,
    int Free,
    string? Previous,
    string Next,
    IReadOnlyList<DayView> Days,
    IReadOnlyList<string> Coming,
    QuotaView? Quota,
    IReadOnlyList<string> Recipients,
    string? MovingFrom,
    IReadOnlyList<string> SetOut,
    string NextWeek,
    string? Place,
    string? Picked,
    IReadOnlyList<WishView> Wished);

/// <summary>One wish of the client with what of it is free.</summary>
public sealed record WishView(string Title, IReadOnlyList<SlotView> Slots, string? WhyNot);
