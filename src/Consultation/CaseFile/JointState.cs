using Consultation.Cases;
using Consultation.Topics;
using Consultation.Visits;

namespace Consultation.CaseFile;

/// <summary>
/// What a case of both ministries waits for between its two sides, in words. Derived from tracks and visits and no status of its own
/// (journey J19: "needs partner").
/// </summary>
public static class JointState
{
    /// <summary>Null where one ministry is asked only, or the two sides wait for nothing of each other.</summary>
    public static string? Of(FullCase file)
    {
        var sides = file.Tracks.Where(t => t.State != TrackState.Dropped).ToList();
        if (file.ClosedAt is not null || sides.Count < 2)
        {
            return null;
        }

        if (sides.Any(t => t.State == TrackState.Held) && sides.FirstOrDefault(t => t.State is TrackState.Wanted or TrackState.Offered) is { } missing)
        {
            return $"相手の専門家を探しています（{CaseWords.Of(missing.Track)}）";
        }

        var last = file.Visits.LastOrDefault(v => v.Tracks.Count > 1);
        return sides.All(t => t.State == TrackState.Held) && last is { State: VisitState.Cancelled, CancelledBy: CancelledBy.Expert }
            && !file.Visits.Any(v => v.State is VisitState.Held or VisitState.Confirmed)
            ? "合同の相談の日程を、あらためて探しています" : null;
    }

    /// <summary>One ministry's side: its running clocks, and how its newest report stands.</summary>
    public static JointSide SideOf(FullCase file, Track track)
    {
        var newest = file.Visits.Where(v => v.State == VisitState.TookPlace && v.Tracks.Contains(track)).MaxBy(v => v.Start);
        return new(
            file.Lead == track && file.Tracks.Count(t => t.State != TrackState.Dropped) > 1,
            [.. file.Deadlines.Where(d => d.Track == track).OrderBy(d => d.Due)],
            newest?.Ordinal, newest?.Reports.FirstOrDefault(r => r.Track == track)?.State);
    }
}

/// <param name="ReportOf">第n回 whose report is meant; null where nothing took place yet.</param>
/// <param name="Report">Null where that report is owed.</param>
public sealed record JointSide(bool Leads, IReadOnlyList<FileDeadline> Clocks, int? ReportOf, ReportState? Report);
