using Consultation.CaseLoad;
using Consultation.Cases;
using Consultation.Reference;

namespace Consultation.Web.Pages.Supervision;

/// <summary>The 47 prefectures as tiles of a grid of 13 by 12, each about where it lies.</summary>
public static class TileMap
{
    public const int Step = 48;
    public const int Side = 44;

    // JIS code, column, row.
    private static readonly (string Code, int Column, int Row)[] Places =
    [
        ("01", 11, 0), ("02", 11, 1), ("03", 11, 2), ("04", 11, 3), ("05", 10, 2), ("06", 10, 3), ("07", 11, 4), ("08", 12, 5), ("09", 11, 5), ("10", 10, 5), ("11", 10, 6), ("12", 12, 6),
        ("13", 11, 6), ("14", 10, 7), ("15", 10, 4), ("16", 9, 4), ("17", 8, 4), ("18", 8, 5), ("19", 9, 6), ("20", 9, 5), ("21", 8, 6), ("22", 9, 7), ("23", 8, 7), ("24", 7, 7), ("25", 7, 6),
        ("26", 6, 6), ("27", 5, 7), ("28", 5, 6), ("29", 6, 7), ("30", 6, 8), ("31", 4, 6), ("32", 3, 6), ("33", 4, 7), ("34", 3, 7), ("35", 2, 7), ("36", 5, 10), ("37", 5, 9), ("38", 4, 9),
        ("39", 4, 10), ("40", 1, 8), ("41", 0, 8), ("42", 0, 9), ("43", 1, 9), ("44", 2, 8), ("45", 2, 9), ("46", 1, 10), ("47", 0, 11),
    ];

    public static IReadOnlyList<TileView> Of(CaseLoadView load, LoadLinks links)
    {
        var counts = load.Rows.ToDictionary(r => r.Key, r => r.Open);
        return [.. Places.Select(place =>
        {
            var prefecture = Prefectures.Find(place.Code)!;
            var count = counts.GetValueOrDefault(place.Code);
            var name = place.Code == "01" ? prefecture.Name : prefecture.Name[..^1];
            return new TileView(name, place.Column, place.Row, prefecture.IsUrban, count, links.To(count, new(Open: true, Prefecture: place.Code)).Link);
        })];
    }
}
