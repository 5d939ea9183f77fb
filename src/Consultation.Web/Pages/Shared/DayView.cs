namespace Consultation.Web.Pages.Shared;

/// <summary>What fills a stretch of an expert's day: busy, travel, pick, pick-travel.</summary>
public sealed record LanePart(TimeOnly From, TimeOnly To, string Kind, string Text);

/// <summary>One expert's day.</summary>
public sealed record LaneView(string Expert, IReadOnlyList<LanePart> Parts);

/// <summary>A bookable period; <paramref name="Details"/> tell departure and return of each expert.</summary>
public sealed record SlotView(string Value, string Period, IReadOnlyList<string> Details, string? Wish = null);

/// <summary>One day of the booking page. A day without room says why in words.</summary>
public sealed record DayView(
    DateOnly Date,
    string? Note,
    string? ClosedWhy,
    TimeOnly Opens,
    TimeOnly Closes,
    IReadOnlyList<LaneView> Lanes,
    IReadOnlyList<SlotView> Slots,
    IReadOnlyList<string> WhyNot);
