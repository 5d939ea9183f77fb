using Consultation.Cases;
using Consultation.Reference;

namespace Consultation.Web.Pages.Shared;

/// <summary>Rows of the queue as people read them.</summary>
public static class QueueRows
{
    public static async Task<IReadOnlyList<CaseRowView>> OfAsync(IEnumerable<CaseRow> rows, DeskClock clock, CancellationToken cancellationToken)
    {
        var views = new List<CaseRowView>();
        foreach (var row in rows)
        {
            views.Add(await OfAsync(row, clock, cancellationToken));
        }

        return views;
    }

    private static async Task<CaseRowView> OfAsync(CaseRow row, DeskClock clock, CancellationToken cancellationToken)
    {
        var deadline = row is { DueAt: { } due, DueKind: { } kind } ? await clock.OfAsync(kind, row.DueTrack, due, row.DueWhy, row.District, cancellationToken) : null;
        var prefecture = row.PrefectureCode is { } code ? Prefectures.Find(code) : null;
        return new(
            LinkTo(row.Id),
            row.Number,
            CaseSigns.Of(row.Status, row.OnHold),
            row.Organisation ?? "企業・団体名は未確認",
            $"受付 {JapaneseDate.Short(JapanTime.DateOf(row.ReceivedAt))}",
            row.Snippet is { } hit ? [hit] : row.OnHold ? ["相談者の回答待ち"] : [],
            prefecture?.Name ?? "未確認",
            null,
            prefecture is null ? null : prefecture.IsUrban ? "都市部" : "地方部",
            CaseSigns.Topics(row.Topics),
            [.. row.Tracks.Select(track => new TrackView(CaseSigns.Of(track.Track), CaseSigns.Of(track.State)))],
            deadline,
            row.HolderName);
    }

    public static string LinkTo(CaseId id) => $"/cases/{id}";
}
