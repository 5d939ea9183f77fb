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
/// Why an offer went where it went: the need, what was known of every expert, and every verdict, under the version of the rules. The facts
/// are kept so that the decision can be judged again with the same answer (design §2). Never changed.
/// </summary>
public sealed class MatchDecision
{
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
        Facts = [.. facts];
        Verdicts = [.. verdicts];
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
}
