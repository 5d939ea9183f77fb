using System.Security.Cryptography;
using System.Text.Json;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Topics;

namespace Consultation.Routing.Board;

/// <summary>
/// All that a plan shows, the same for the same data. Experts and sentences stand once and are named by their place, because five hundred
/// needs times three hundred experts would else be tens of megabytes of repetition.
/// </summary>
/// <param name="Experts">Everybody who was judged, by id.</param>
/// <param name="Needs">In the order in which they wait: the most urgent first.</param>
/// <param name="More">Cases that wait too and found no room in the plan.</param>
/// <param name="LeftOut">Of a selection: what does not wait any more.</param>
/// <param name="Before">How evenly those who could be asked are loaded now.</param>
public sealed record PlanContent(
    IReadOnlyList<PlanExpert> Experts, IReadOnlyList<PlanText> Texts, IReadOnlyList<PlanNeed> Needs, int More, IReadOnlyList<LeftOutCase> LeftOut, Spread Before, Proposal Greedy,
    Proposal Optimal)
{
    /// <summary>SHA-256 of everything, in hexadecimal.</summary>
    public string Hash() => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this, StoredJson.Options)));

    /// <summary>What was judged of one need: experts by their place in <see cref="Experts"/>, the best first, then the excluded.</summary>
    public IEnumerable<(PlanExpert Expert, int At, int? Score, IReadOnlyList<PlanText> Why)> CandidatesOf(PlanNeed need) =>
        Experts.Select((expert, at) => (expert, at, need.Scores[at], (IReadOnlyList<PlanText>)[.. need.Why[at].Select(t => Texts[t])]))
            .OrderByDescending(c => c.Item3 is not null).ThenByDescending(c => c.Item3).ThenBy(c => c.expert.Load).ThenBy(c => c.expert.Name, StringComparer.Ordinal).ThenBy(c => c.at);
}

/// <param name="Load">Open cases in hand, both ministries of one case being one.</param>
/// <param name="Could">Could take at least one need of the plan.</param>
public sealed record PlanExpert(ExpertId Id, string Name, int Load, int Capacity, bool Could);

/// <param name="Code">Of an exclusion; null for a reason in favour.</param>
public sealed record PlanText(string? Code, string Text);

/// <param name="Waited">Business days since receipt.</param>
/// <param name="Pressing">What beside its age makes it urgent.</param>
/// <param name="Scores">By expert; null for the excluded.</param>
/// <param name="Why">By expert: places of the reasons, or of what excludes.</param>
public sealed record PlanNeed(
    CaseId Case, string Number, Track Track, DateTimeOffset ReceivedAt, DateTimeOffset? DueAt, int Waited, IReadOnlyList<string> Pressing, IReadOnlyList<int?> Scores, IReadOnlyList<IReadOnlyList<int>> Why)
{
    public int Could => Scores.Count(s => s is not null);
}

/// <summary>A case that was named and does not wait: somebody was faster, or it is on hold.</summary>
public sealed record LeftOutCase(CaseId Case, string Number, CaseStatus Status, bool OnHold);

/// <summary>One way to deal with all needs.</summary>
/// <param name="Choices">By need: who is asked.</param>
/// <param name="Points">Sum of the match scores of those chosen.</param>
/// <param name="Cost">What the solver made small: fit and travel, spread of load, age of whatever is left.</param>
/// <param name="OnePerson">Cases of both ministries that go to one person.</param>
/// <param name="TravelMinutes">One way, summed.</param>
/// <param name="WaitedLeft">Business days that the needs without an expert have waited, summed.</param>
/// <param name="LowerBound">No proposal can cost less; null where nothing was proved.</param>
public sealed record Proposal(
    IReadOnlyList<PlanChoice?> Choices, int Assigned, int Unassigned, int Points, long Cost, int OnePerson, int TravelMinutes, int WaitedLeft, int LongestLeft, Spread Spread,
    long? LowerBound)
{
    public bool IsOptimal => LowerBound == Cost;
}

/// <param name="Expert">The place in <see cref="PlanContent.Experts"/>.</param>
public sealed record PlanChoice(int Expert, int TravelMinutes);

/// <summary>How evenly load lies on those who could be asked, in parts of their capacity.</summary>
/// <param name="Highest">Of the one with the most.</param>
/// <param name="Deviation">Standard deviation.</param>
public sealed record Spread(double Highest, double Deviation)
{
    internal static Spread Of(IReadOnlyCollection<(int Load, int Capacity)> experts)
    {
        if (experts.Count == 0)
        {
            return new(0, 0);
        }

        var parts = experts.Select(e => (double)e.Load / e.Capacity).ToList();
        var mean = parts.Average();
        return new(Math.Round(parts.Max(), 4), Math.Round(Math.Sqrt(parts.Average(p => (p - mean) * (p - mean))), 4));
    }
}
