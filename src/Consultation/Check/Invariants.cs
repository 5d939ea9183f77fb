namespace Consultation.Check;

/// <summary>
/// What must hold, as SQL that finds where it does not (reliability.md). Each statement yields the id or number of what is broken and
/// re-derives the truth from the rows themselves, never from the code that wrote them; each reads its tables once, so that a large house is
/// checked in a coffee break.
/// </summary>
/// <param name="Mark">The mark of reliability.md.</param>
internal sealed record Invariant(string Code, string Mark, string Text, string Sql);

/// <summary>The one list; its parts stand in files by mark.</summary>
internal static partial class Invariants
{
    public static readonly IReadOnlyList<Invariant> All = [.. Writes, .. Letters, .. Clocks, .. FollowUpPlans, .. Diaries, .. Paths, .. Quota, .. Records, .. CaseLoad];
}
