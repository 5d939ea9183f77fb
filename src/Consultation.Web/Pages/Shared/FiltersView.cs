namespace Consultation.Web.Pages.Shared;

/// <summary>A view that is often wanted, as a link; <paramref name="Count"/> only where it is known without counting.</summary>
public sealed record SavedView(string Name, string Link, bool Current, string? Count = null);

/// <summary>One list to narrow by.</summary>
public sealed record FilterView(string Name, string Label, string Value, IReadOnlyList<Choice> Options);

/// <summary>All that narrows a list; lives in the address.</summary>
/// <param name="Sent">What is typed may not stand in an address: the form is posted, and the page decides.</param>
public sealed record FiltersView(IReadOnlyList<FilterView> Lists, string Words, string WordsLabel, string Cleared, IReadOnlyDictionary<string, string> Kept, bool Active, bool Sent = false);
