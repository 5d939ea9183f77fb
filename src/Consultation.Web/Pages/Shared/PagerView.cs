namespace Consultation.Web.Pages.Shared;

/// <summary>Keyset paging: only forward, and back to the beginning; the browser's back does the rest.</summary>
public sealed record PagerView(string Summary, string? Next, string? First);
