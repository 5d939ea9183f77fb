using Consultation.CaseLoad;
using Consultation.Cases;
using Consultation.Reference;

namespace Consultation.Web.Pages.Supervision;

/// <summary>The rows of a case load as a table of numbers that lead to their cases.</summary>
public sealed record LoadTableView(string Caption, string Head, bool Long, IReadOnlyList<LoadTableRow> Rows, LoadTableRow Total, string? Note)
{
    /// <summary>Without the columns of the states.</summary>
    public static LoadTableView Short(CaseLoadView load, LoadLinks links) => Of(load, links, isLong: false);

    public static LoadTableView Of(CaseLoadView load, LoadLinks links, bool isLong) => new(
        $"{HeadOf(load.By)}ごと", HeadOf(load.By), isLong, [.. load.Rows.Select(row => LoadTableRow.Of(load.By, row, links, isLong))],
        LoadTableRow.OfTotal(load, links),
        load.By is CaseLoadBy.Ministry or CaseLoadBy.Topic or CaseLoadBy.Expert ? "合同の案件は各行に1件ずつ、合計では1件と数えるため、行の和は合計より多くなります。" : null);

    public static string HeadOf(CaseLoadBy by) => by switch
    {
        CaseLoadBy.Expert => "専門家",
        CaseLoadBy.Desk => "窓口",
        CaseLoadBy.District => "総合通信局等",
        CaseLoadBy.Prefecture => "都道府県",
        CaseLoadBy.Topic => "相談分野",
        _ => "省",
    };
}

public sealed record LoadTableRow(
    string Name, string? Area, CountView Open, IReadOnlyList<(CaseStatus Status, CountView Count)> Statuses, CountView Waiting, CountView Overdue, int? OldestDays, CountView Joint, double JointShare, int Visits)
{
    /// <param name="statuses">False where no column shows them: their links would be most of what a page builds.</param>
    public static LoadTableRow Of(CaseLoadBy by, CaseLoadRow row, LoadLinks links, bool statuses) => new(
        row.Name, by == CaseLoadBy.Prefecture && Prefectures.Find(row.Key) is { } place ? place.IsUrban ? "都市部" : "地方部" : null,
        links.Of(by, row, row.Open, n => n, "未完了"),
        statuses ? [.. row.ByStatus.OrderBy(s => s.Key).Select(s => (s.Key, StatusOf(by, row, s, links)))] : [],
        links.Of(by, row, row.Waiting, n => n with { Waiting = true }, "専門家待ち"),
        links.Of(by, row, row.Overdue, n => n with { Overdue = true }, "期限超過"),
        row.OldestWaitingBusinessDays,
        by == CaseLoadBy.Ministry ? new(row.Joint, null) : links.Of(by, row, row.Joint, n => n with { Side = CaseSide.Both }, "合同"), row.JointShare, row.Visits);

    public static LoadTableRow OfTotal(CaseLoadView load, LoadLinks links)
    {
        var row = load.Total;
        return new(
            row.Name, null, links.To(row.Open, new(Open: true), of: "合計"), [.. row.ByStatus.OrderBy(s => s.Key).Select(s => (s.Key, links.To(s.Value, new(Open: true), status: s.Key, of: "合計")))],
            links.To(row.Waiting, new(Waiting: true), of: "合計 専門家待ち"), links.To(row.Overdue, new(Overdue: true), of: "合計 期限超過"), row.OldestWaitingBusinessDays,
            links.To(row.Joint, new(Open: true, Side: CaseSide.Both), of: "合計 合同"), row.JointShare, row.Visits);
    }

    private static CountView StatusOf(CaseLoadBy by, CaseLoadRow row, KeyValuePair<CaseStatus, int> status, LoadLinks links)
    {
        var (narrowing, district) = CaseLoadLists.Of(by, row.Key);
        return links.To(status.Value, narrowing, district, status.Key, $"{row.Name} {CaseWords.Of(status.Key)}");
    }
}
