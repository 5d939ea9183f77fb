namespace Consultation.Web.Pages.Shared;

/// <summary>A state as text, colour and shape.</summary>
public sealed record StateView(string Text, Tone Tone, Shape Shape);
