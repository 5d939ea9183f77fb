namespace Consultation.Topics;

/// <summary>
/// Where a suggestion sends a text, in one word, as labelled files write it: <c>ict</c> (MIC), <c>labor</c> (MHLW), <c>both</c>, <c>desk</c>,
/// <c>referral</c> or <c>unsure</c>.
/// </summary>
public static class Way
{
    public const string Unsure = "unsure";

    public static IReadOnlyList<string> All { get; } = ["ict", "labor", "both", "desk", "referral", Unsure];

    public static string Of(Suggestion suggestion) => suggestion switch
    {
        { Outcome: Outcome.Desk } => "desk",
        { Outcome: Outcome.Referral } => "referral",
        { Outcome: Outcome.Unsure } => Unsure,
        { Tracks.Count: > 1 } => "both",
        _ => suggestion.Tracks[0] == Track.Mic ? "ict" : "labor",
    };
}
