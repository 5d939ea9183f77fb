namespace Consultation.Web.Pages.Shared;

/// <summary>A text with the stretch that was searched for.</summary>
public sealed record MarkedText(string Before, string Hit = "", string After = "");

/// <summary>One row of the queue: whose turn it is, and until when.</summary>
public sealed record CaseRowView(
    string Link,
    string Number,
    StateView State,
    string Organisation,
    string Received,
    IReadOnlyList<MarkedText> Notes,
    string Prefecture,
    string? City,
    string? Area,
    IReadOnlyList<TopicView> Topics,
    IReadOnlyList<TrackView> Tracks,
    DeadlineView? Deadline,
    string? Holder);
