using System.Collections.Frozen;

namespace Consultation.Reference;

/// <summary>Who leads on a topic: one ministry, both, another body by referral, or the desk itself.</summary>
public enum TopicLead
{
    Mic,
    Mhlw,
    Both,
    Referral,
    Desk,
}

/// <summary>A subject of advice (相談分野). Names follow the ministries' own, the codes are ours (domain §5).</summary>
public sealed record Topic(string Code, string NameJa, string NameEn, TopicLead Lead);

/// <summary>The 23 topics in the order in which they are shown.</summary>
public static class TopicCatalogue
{
    public static IReadOnlyList<Topic> All { get; } =
        [.. CsvText.Embedded("topics.csv").Select(row => new Topic(row[0], row[1], row[2], Enum.Parse<TopicLead>(row[3], ignoreCase: true)))];

    private static readonly FrozenDictionary<string, Topic> s_byCode = All.ToFrozenDictionary(topic => topic.Code);

    public static Topic? Find(string? code) => code is null ? null : s_byCode.GetValueOrDefault(code);
}
