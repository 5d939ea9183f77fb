namespace Consultation.Topics;

/// <summary>Where a text should go. <see cref="Unsure"/> is an honest answer: the caller must be asked first. Source: design §2.</summary>
public enum Outcome
{
    Route,
    Desk,
    Referral,
    Unsure,
}

/// <summary>
/// What the rule base reads out of one text. Tracks and lead are set only for <see cref="Outcome.Route"/>; referrals (keys of
/// the referral targets) and answers stand beside tracks. It only suggests: a person may overrule it with a reason.
/// Source: design §2, domain §5.
/// </summary>
public sealed record Suggestion(
    IReadOnlyList<Track> Tracks,
    Track? Lead,
    Outcome Outcome,
    IReadOnlyList<string> Referrals,
    IReadOnlyList<SuggestedAnswer> Answers,
    IReadOnlyList<SuggestedTopic> Topics,
    int RuleVersion);

/// <summary>A standard answer that fits the text, by code and short title.</summary>
public sealed record SuggestedAnswer(string Code, string Title);

/// <summary>
/// One topic found. <paramref name="Weight"/> is the sum of the weights of its distinct words (no unit);
/// <paramref name="Counts"/> is false where the topic decided nothing: a topic of both ministries beside one of a single
/// ministry, or any topic beside a matter that the desk closes. Source: design §2.
/// </summary>
public sealed record SuggestedTopic(string Code, decimal Weight, bool Counts, IReadOnlyList<Evidence> Evidence);

/// <summary>A word that led to a topic: as the caller wrote it, with its place in UTF-16 units of the original text.</summary>
public sealed record Evidence(string Word, int Start, int Length);

/// <summary>What is known of the caller besides the text.</summary>
/// <param name="PrivatePerson">
/// The organisation field names a private person (個人). A sole trader is an organisation and does not count as one.
/// </param>
public sealed record SuggestionContext(bool PrivatePerson = false)
{
    /// <summary>What the organisation field of an intake tells, which may be empty.</summary>
    public static SuggestionContext Of(string? organisation) => new(NamesPrivatePerson(organisation));

    public static bool NamesPrivatePerson(string? organisation) => organisation?.Trim().Trim('(', ')', '（', '）') is "個人" or "一般" or "会社員";
}
