using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Topics;

namespace Consultation.Routing;

public readonly record struct MatchDecisionId(Guid Value) : IStrongId<MatchDecisionId>
{
    public static MatchDecisionId New() => new(Guid.CreateVersion7());
    public static MatchDecisionId From(Guid value) => new(value);
    public static MatchDecisionId Parse(string s, IFormatProvider? provider) => StrongId.Parse<MatchDecisionId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out MatchDecisionId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}

/// <summary>
/// Why an offer went where it went: the need, what was known of the experts, and the verdicts, under the version of the rules. The facts
/// are kept so that the decision can be judged again with the same answer (design §2). Never changed.
/// </summary>
public sealed class MatchDecision
{
    /// <summary>Of a larger house those are counted by reason only who stand farthest from the case, so that one offer stays some ten kilobytes.</summary>
    public const int MostKept = 300;

    // What stands on the card rules out most experts of a large house whatever the day.
    internal static readonly string[] OnTheCard = ["inactive", "term", "ministry", "region"];

    private MatchDecision()
    {
    }

    internal MatchDecision(Offer offer, bool auto, CaseNeed need, IReadOnlyList<ExpertFacts> facts, IReadOnlyList<Verdict> verdicts)
    {
        Id = MatchDecisionId.New();
        OfferId = offer.Id;
        CaseId = offer.CaseId;
        Track = offer.Track;
        Chosen = offer.ExpertId;
        Auto = auto;
        DecidedAt = offer.OfferedAt;
        RuleVersion = Matching.Version;
        Need = need;
        var kept = verdicts.OrderBy(v => v.Expert != Chosen).ThenBy(v => v.Excluded.Any(x => OnTheCard.Contains(x.Code))).Take(MostKept).Select(v => v.Expert).ToHashSet();
        Facts = [.. facts.Where(f => kept.Contains(f.Expert))];
        Verdicts = [.. verdicts.Where(v => kept.Contains(v.Expert))];
        Others = verdicts.Where(v => !kept.Contains(v.Expert)).GroupBy(v => v.IsEligible ? "lower" : v.Excluded[0].Code).ToDictionary(g => g.Key, g => g.Count());
    }

    public MatchDecisionId Id { get; private set; }
    public OfferId OfferId { get; private set; }
    public CaseId CaseId { get; private set; }
    public Track Track { get; private set; }
    public ExpertId Chosen { get; private set; }

    /// <summary>True where the rules chose, false where a person did.</summary>
    public bool Auto { get; private set; }
    public DateTimeOffset DecidedAt { get; private set; }
    public string RuleVersion { get; private set; } = "";
    public CaseNeed Need { get; private set; } = null!;
    public List<ExpertFacts> Facts { get; private set; } = [];
    public List<Verdict> Verdicts { get; private set; } = [];

    /// <summary>How many more were judged, by the code of what excludes them first; <c>lower</c> for those who only scored less.</summary>
    public Dictionary<string, int> Others { get; private set; } = [];

    /// <summary>The stored facts judged by the rules of today.</summary>
    public IReadOnlyList<Verdict> JudgedAgain() => Matching.Judge(Need, Facts);

    /// <summary>The same verdicts in the same order, and what the rules chose is still what they choose.</summary>
    public bool IsRepeatedBy(IReadOnlyList<Verdict> again) =>
        Verdicts.Count == again.Count && Verdicts.Zip(again).All(pair => Same(pair.First, pair.Second))
        && again.Any(v => v.Expert == Chosen) && (!Auto || again[0].Expert == Chosen);

    internal static bool Same(Verdict one, Verdict other) =>
        one.Expert == other.Expert && one.Name == other.Name && one.Load == other.Load && one.Score == other.Score
        && one.Parts.SequenceEqual(other.Parts) && one.Reasons.SequenceEqual(other.Reasons) && one.Excluded.SequenceEqual(other.Excluded);
}
