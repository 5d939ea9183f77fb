namespace Consultation.Web.Pages.Shared;

/// <summary>A stretch of the client's words; with a lead it is a word that led to a topic, <paramref name="Ref"/> the number of that topic.</summary>
public sealed record EvidencePart(string Text, Lead? Lead = null, int? Ref = null);

/// <summary>Why a topic is suggested: its number, name and the words it was read from.</summary>
public sealed record ReasonView(int Ref, string Code, string Name, Lead Lead, IReadOnlyList<string> Words);

/// <summary>What the rules suggest for an inquiry. A suggestion: a person decides.</summary>
public sealed record SuggestionView(
    string Outcome,
    IReadOnlyList<TrackView> Tracks,
    IReadOnlyList<ReasonView> Reasons,
    IReadOnlyList<EvidencePart> Evidence,
    IReadOnlyList<string> Referrals,
    IReadOnlyList<SuggestedReplyView> Answers,
    string RuleVersion)
{
    /// <summary>Where the answers are sent and the referrals recorded; null where there is no case yet or nobody here may.</summary>
    public string? ReplyLink { get; init; }
}

/// <summary>A standard answer that fits what was told.</summary>
public sealed record SuggestedReplyView(string Code, string Title);
