namespace Consultation.Web.Pages.Shared;

/// <summary>One case or organisation that looks like the one being written down.</summary>
/// <param name="Value">What is sent back when it is chosen.</param>
/// <param name="Same">The signs that agree, in words: 電話番号とカナ名が一致.</param>
public sealed record MatchView(string Value, string Number, string Organisation, string Facts, string Same, StateView State);

/// <summary>A like-named case at another desk: which desk and which signs agree, nothing of its content.</summary>
public sealed record OtherDeskView(string Desk, string Number, string Same);

/// <summary>Records like the one being written down, and what to do with them; sent as <paramref name="Name"/>.</summary>
public sealed record MatchesView(string Name, string Typed, IReadOnlyList<MatchView> Own, IReadOnlyList<OtherDeskView> Others, string Chosen, bool More = false);
