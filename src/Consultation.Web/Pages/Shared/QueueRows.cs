using Consultation.Cases;
using Consultation.Reference;

namespace Consultation.Web.Pages.Shared;

/// <summary>Rows of the queue as people read them.</summary>
public static class QueueRows
{
    public static async Task<IReadOnlyList<CaseRowView>> OfAsync(
        IEnumerable<CaseRow> rows, DeskClock clock, CancellationToken cancellationToken, string? asked = null)
    {
        var views = new List<CaseRowView>();
        foreach (var row in rows)
        {
            views.Add(await OneAsync(row, clock, asked, cancellationToken));
        }

        return views;
    }

    private static async Task<CaseRowView> OneAsync(CaseRow row, DeskClock clock, string? asked, CancellationToken cancellationToken)
    {
        var deadline = row is { DueAt: { } due, DueKind: { } kind } ? await clock.OfAsync(kind, row.DueTrack, due, row.DueWhy, row.District, cancellationToken) : null;
        var prefecture = row.PrefectureCode is { } code ? Prefectures.Find(code) : null;
        return new(
            LinkTo(row.Id),
            row.Number,
            CaseSigns.Of(row.Status, row.OnHold),
            row.Organisation ?? "企業・団体名は未確認",
            $"{CaseWords.Of(row.Channel)} {JapaneseDate.Short(JapanTime.DateOf(row.ReceivedAt))}",
            row.Snippet is { } words ? [Marked(words, asked)] : row.OnHold ? [new("相談者の回答待ち")] : [],
            prefecture?.Name ?? "未確認",
            row.City,
            prefecture is null ? null : prefecture.IsUrban ? "都市部" : "地方部",
            CaseSigns.Topics(row.Topics),
            [.. row.Tracks.OrderBy(track => track.Track).Select(track => new TrackView(CaseSigns.Of(track.Track), CaseSigns.Of(track.State), track.Expert))],
            deadline,
            row.HolderName);
    }

    /// <summary>Marks the first hit; folding may change the length, and then nothing is marked rather than the wrong place.</summary>
    private static MarkedText Marked(string text, string? asked)
    {
        var folded = JapaneseText.Fold(text);
        var wanted = JapaneseText.Fold(asked ?? "").Trim();
        var at = wanted.Length > 0 && folded.Length == text.Length ? folded.IndexOf(wanted, StringComparison.Ordinal) : -1;
        return at < 0 ? new(text) : new(text[..at], text.Substring(at, wanted.Length), text[(at + wanted.Length)..]);
    }

    public static string LinkTo(CaseId id) => $"/cases/{id}";
}
