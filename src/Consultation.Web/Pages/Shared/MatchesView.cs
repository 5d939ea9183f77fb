namespace Consultation.Web.Pages.Shared;

/// <summary>A case that may be the same company's: which desk holds it and which signs agree, nothing of what was told.</summary>
/// <param name="Value">What is sent back when it is chosen.</param>
/// <param name="Same">The signs that agree, in words: 電話番号と企業・団体名が一致.</param>
/// <param name="IsOtherDesks">Its content stays closed; a contact with a message to its desk is possible.</param>
public sealed record MatchView(string Value, string Number, string Desk, string Same, StateView State, bool IsOtherDesks, string Received);

/// <summary>Records like the one being written down, and what to do with them; sent as <paramref name="Name"/>.</summary>
public sealed record MatchesView(string Name, string Typed, IReadOnlyList<MatchView> Cases, string Chosen);
