namespace Consultation.Web.Pages.Shared;

/// <summary>One row of the queue: whose turn it is, and until when.</summary>
public sealed record CaseRowView(
    string Link,
    string Number,
    StateView State,
    string Organisation,
    string Received,
    IReadOnlyList<string> Notes,
    string Prefecture,
    string? City,
    string? Area,
    IReadOnlyList<TopicView> Topics,
    IReadOnlyList<TrackView> Tracks,
    DeadlineView? Deadline,
    string? Holder);
