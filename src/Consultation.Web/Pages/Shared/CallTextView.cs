namespace Consultation.Web.Pages.Shared;

/// <summary>What a call is to tell: a line, and the whole letter it stands in for where there is one.</summary>
public sealed record CallTextView(string? Title, string Text);
