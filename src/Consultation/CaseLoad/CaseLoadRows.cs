using Consultation.Calendar;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.Reference;

namespace Consultation.CaseLoad;

/// <summary>A line as the database counts it.</summary>
internal sealed record CaseLoadLine(
    string Key, string? Name, int Open, int Sreceived, int Swaiting, int Soffered, int Sassigned, int Sbooked, int Sreportdue, int Sfollowingup, int Onhold, int Overdue, int Duetoday,
    DateTimeOffset? Oldest, int Joint, int Asked, int Visits, Affiliation? Affiliation, int? Capacity, int Load, string? Stopped,
    int Experts = 0, int Beyond = 0, int Full = 0)
{
    public static readonly CaseLoadLine Nothing = new("", null, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, null, 0, 0, 0, null, null, 0, null);
}

/// <summary>Names the lines, adds the places and ministries that have none, and puts them into the order people know.</summary>
internal static class CaseLoadRows
{
    public static IReadOnlyList<CaseLoadRow> Of(CaseLoadBy by, IReadOnlyList<CaseLoadLine> lines, string? district, DateOnly today, NationalCalendar national)
    {
        var known = lines.Where(l => l.Key != "").ToDictionary(l => l.Key);
        if (Catalogue(by, district) is { } catalogue)
        {
            return [.. catalogue.Append(new Named(CaseNarrowing.Unknown, NameOfUnknown(by), false)).Where(n => n.Always || known.ContainsKey(n.Key)).Select(n => CaseLoadRow.Of(n.Key, n.Name, known.GetValueOrDefault(n.Key, CaseLoadLine.Nothing), today, national))];
        }

        var rows = lines.Where(l => l.Key != "").Select(l => CaseLoadRow.Of(l.Key, l.Name ?? l.Key, l, today, national));
        return by == CaseLoadBy.Expert
            ? [.. rows.OrderByDescending(r => r.Expert is { Capacity: > 0 } e ? (double)e.Load / e.Capacity : r.Open).ThenBy(r => r.Name, StringComparer.Ordinal)]
            : [.. rows.OrderBy(r => r.Name, StringComparer.Ordinal)];
    }

    private static IEnumerable<Named>? Catalogue(CaseLoadBy by, string? district) => by switch
    {
        CaseLoadBy.District => Districts.All.Select(d => new Named(d.Slug, d.Name, district is null || d.Slug == district)).Append(new Named("national", "全国窓口", district == "national")),
        CaseLoadBy.Prefecture => Prefectures.All.Select(p => new Named(p.Code, p.Name, district is null || p.District.Slug == district)),
        CaseLoadBy.Topic => TopicCatalogue.All.Select(t => new Named(t.Code, t.NameJa, false)),
        CaseLoadBy.Ministry => [new("mic", "総務省", true), new("mhlw", "厚生労働省", true)],
        _ => null,
    };

    private static string NameOfUnknown(CaseLoadBy by) => by switch
    {
        CaseLoadBy.Prefecture => "未確認",
        CaseLoadBy.Topic => "分野は未定",
        _ => "振り分け前",
    };

    /// <param name="Always">Stands there also where it counts nothing.</param>
    private sealed record Named(string Key, string Name, bool Always);
}
