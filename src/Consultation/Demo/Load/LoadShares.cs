using Consultation.Messaging;

namespace Consultation.Demo;

/// <summary>
/// How many cases of a load take which way, to the row: what was asked for is met exactly, what was left open follows the proportions of a
/// desk that has worked for years. Cases come in the order of their receipt: first those of the past, at the end the young ones.
/// </summary>
internal sealed class LoadShares
{
    private const int YoungPercent = 5;
    private const int VisitedPercent = 45;
    private const int BookedPercent = 14;
    private const int VisitsPerHundred = 135;
    private const int MostVisits = 3;
    private const int MostFollowUps = 4;

    private LoadShares(int cases, int young, int booked, int visited, int visits, int followUps) =>
        (Cases, Young, Booked, Visited, Visits, FollowUps) = (cases, young, booked, visited, visits, followUps);

    public int Cases { get; }

    /// <summary>Received in the last four weeks; the queue is among them.</summary>
    public int Young { get; }

    /// <summary>Young ones with a first visit still to come.</summary>
    public int Booked { get; }

    /// <summary>Cases of the past with at least one visit that took place.</summary>
    public int Visited { get; }

    public int Visits { get; }

    public int FollowUps { get; }

    public int Past => Cases - Young;

    /// <param name="visits">All rows of visits; null for the usual share.</param>
    /// <param name="followUps">All rows of follow-ups; null for the programme's months for each visited case.</param>
    /// <exception cref="RuleViolation"><c>load.impossible</c>: no such data could have come about.</exception>
    public static LoadShares Of(int cases, int? visits, int? followUps, int months, int quota)
    {
        var young = cases * YoungPercent / 100;
        var past = cases - young;
        var booked = Math.Min(young * BookedPercent / 100, (visits ?? int.MaxValue) / 10);
        var perCase = Math.Clamp(quota, 1, MostVisits);

        // What the two totals leave room for: one to three visits for a visited case, one to four follow-ups.
        var least = Math.Max(visits is { } v ? Up(v - booked, perCase) : 0, followUps is { } f ? Up(f, MostFollowUps) : 0);
        var most = Math.Min(past, Math.Min(visits - booked ?? past, followUps ?? past));
        if (least > most)
        {
            throw new RuleViolation("load.impossible", cases, perCase, MostFollowUps);
        }

        var usual = visits is null ? past * VisitedPercent / 100 : (int)((visits.Value - booked) * 100L / VisitsPerHundred);
        var visited = Math.Clamp(usual, least, most);
        var all = visits ?? booked + Math.Min((int)((long)visited * VisitsPerHundred / 100), visited * perCase);
        return new(cases, young, booked, visited, all, followUps ?? visited * months);
    }

    public bool IsVisited(int past) => Share(past, Visited, Past) == 1;

    public bool IsBooked(int young) => Share(young, Booked, Young) == 1;

    /// <summary>Visits of the n-th visited case.</summary>
    public int VisitsOf(int visited) => Share(visited, Visits - Booked, Visited);

    public int FollowUpsOf(int visited) => Share(visited, FollowUps, Visited);

    /// <summary>What falls to one of many when a total is spread evenly.</summary>
    private static int Share(int at, long total, int many) => many == 0 ? 0 : (int)(((at + 1L) * total / many) - (at * total / many));

    private static int Up(int total, int by) => (total + by - 1) / by;
}
