using Consultation.Cases;
using Consultation.Organisations;
using Consultation.Reference;

namespace Consultation.Routing;

/// <summary>
/// How much it would cost to leave a case without an expert: points with their parts in words. Pure. Meant to be compared before any score of
/// <see cref="Matching"/>, so that no near expert lets a younger case overtake an older one (journey J13); the same points are ordered by
/// the time of receipt.
/// </summary>
public sealed record Urgency(int Points, IReadOnlyList<ScorePart> Parts, DateTimeOffset ReceivedAt) : IComparable<Urgency>
{
    /// <summary>A deadline that has passed weighs less than a business hour of waiting at the usual weight: a decline renews the deadline and not the age (journey J15).</summary>
    private const int OverduePoints = 10;
    private const int DueTodayPoints = 4;

    /// <param name="occasion">Now, the calendar of the case's desk, and the programme year whose weights hold.</param>
    public static Urgency Of(Case found, Occasion occasion) =>
        Of(found.ReceivedAt, found.Deadlines.Where(d => d.Kind == DeadlineKind.Assignment && d.State == DeadlineState.Open).Select(d => (DateTimeOffset?)d.DueAt).Min(), found.Prefecture, occasion);

    /// <param name="receivedAt">Neither a decline nor a hand-over changes it.</param>
    /// <param name="assignBy">The open deadline of assignment; null where none runs.</param>
    /// <param name="prefecture">JIS code; an unknown place is not rural.</param>
    public static Urgency Of(DateTimeOffset receivedAt, DateTimeOffset? assignBy, string? prefecture, Occasion occasion)
    {
        var calendar = occasion.Calendar;
        var waited = Math.Max(0, calendar.WorkBetween(receivedAt, occasion.Now) / calendar.Hours.Day);
        var parts = new List<ScorePart>();
        Add("waiting", (int)(waited * occasion.Programme.WaitingWeight), waited < 1 ? "受付から1営業日たっていません" : $"受付から{(int)waited}営業日待っています");
        Add("deadline", assignBy is not { } due ? 0 : due <= occasion.Now ? OverduePoints : JapanTime.DateOf(due) == occasion.Today ? DueTodayPoints : 0,
            assignBy <= occasion.Now ? "割当ての期限を過ぎています" : "割当ての期限は今日です");
        Add("rural", Prefectures.Find(prefecture) is { IsUrban: false } ? occasion.Programme.RuralWeight : 0, "地方部の相談です（事業年度の設定による加点）");
        return new(parts.Sum(p => p.Points), parts, receivedAt);

        void Add(string code, int points, string text)
        {
            if (points != 0)
            {
                parts.Add(new(code, points, text));
            }
        }
    }

    /// <summary>The more urgent first.</summary>
    public int CompareTo(Urgency? other) =>
        other is null ? -1 : Points != other.Points ? other.Points.CompareTo(Points) : ReceivedAt.CompareTo(other.ReceivedAt);
}
