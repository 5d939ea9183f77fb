namespace Consultation.Web.Pages.Shared;

/// <summary>A consultation topic; <paramref name="Ref"/> is the number that ties it to the words it was read from.</summary>
public sealed record TopicView(string Name, Lead Lead, int? Ref = null);

/// <summary>One ministry's side of a case: who, and how far. <paramref name="Notes"/> are its own clock and report where two sides stand beside each other.</summary>
public sealed record TrackView(Lead Lead, StateView State, string? Expert = null, string? Title = null, IReadOnlyList<string>? Notes = null);
