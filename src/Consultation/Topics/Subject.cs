using Consultation.Reference;

namespace Consultation.Topics;

/// <summary>A topic or a matter with everything that speaks for it.</summary>
internal sealed class Subject(List<RuleFind> finds)
{
    public string? Topic { get; } = finds[0].Rule.Topic;

    public string? Matter { get; } = finds[0].Rule.Matter;

    public TopicLead? Lead { get; } = TopicCatalogue.Find(finds[0].Rule.Topic)?.Lead;

    public IReadOnlyList<RuleFind> Finds => finds;

    public decimal Weight { get; } = finds.Sum(find => find.Weight);

    public bool Prevails { get; } = finds.Exists(find => find.Rule.Prevails);

    public bool Elsewhere { get; } = finds.Exists(find => find.Rule.Elsewhere);

    public bool Unclear { get; } = finds.Exists(find => find.Rule.Unclear);

    public int FirstWord { get; } = finds.SelectMany(find => find.Matches).Select(match => match.Start).DefaultIfEmpty(int.MaxValue).Min();
}
