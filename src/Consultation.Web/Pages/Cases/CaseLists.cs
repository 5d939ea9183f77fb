using System.Globalization;
using System.Text;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Topics;
using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Cases;

/// <summary>A narrowed list of cases as an address, and back: what a figure counts can be opened and sent to a colleague.</summary>
public static class CaseLists
{
    private const string Path = "/cases";

    /// <summary>A page of figures has hundreds of these: none needs a dictionary.</summary>
    public static string PathTo(CaseNarrowing narrowing, string? district = null, CaseStatus? status = null)
    {
        var path = new StringBuilder(Path, 160);
        foreach (var (name, value) in Members(narrowing))
        {
            Add(name, value);
        }

        Add("view", "all");
        Add("district", district);
        Add("status", status?.ToString());
        return path.ToString();

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                path.Append(path.Length == Path.Length ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
            }
        }
    }

    /// <summary>Members that narrow nothing are null.</summary>
    public static Dictionary<string, string?> Pairs(CaseNarrowing n) => Members(n).ToDictionary(m => m.Name, m => m.Value);

    private static (string Name, string? Value)[] Members(CaseNarrowing n) =>
    [
        ("only", n.Overdue ? "overdue" : n.DueToday ? "today" : n.OnHold ? "hold" : n.Waiting ? "waiting" : n.Open ? "open" : null),
        ("expert", n.Expert?.ToString()),
        ("asked", n.Asked ? "true" : null),
        ("topic", n.Topic),
        ("side", n.Side?.ToString().ToLowerInvariant()),
        ("prefecture", n.Prefecture),
        ("area", n.Rural ? "rural" : null),
        ("desk", n.Desk?.ToString()),
        ("age", n.Age is { } age ? ((int)age).ToString(CultureInfo.InvariantCulture) : null),
    ];

    /// <summary>What is no code narrows nothing.</summary>
    public static CaseNarrowing Read(IQueryCollection query)
    {
        var only = query["only"].ToString();
        return new(
            Open: only == "open", Waiting: only == "waiting", Overdue: only == "overdue", DueToday: only == "today", OnHold: only == "hold",
            Expert: ExpertId.TryParse(query["expert"], null, out var expert) ? expert : null,
            Asked: query["asked"] == "true",
            Topic: query["topic"].ToString() is var topic && (topic == CaseNarrowing.Unknown || TopicCatalogue.Find(topic) is not null) ? topic : null,
            Side: Enum.TryParse<CaseSide>(query["side"], ignoreCase: true, out var side) && Enum.IsDefined(side) ? side : null,
            Prefecture: query["prefecture"] == CaseNarrowing.Unknown ? CaseNarrowing.Unknown : Prefectures.Find(query["prefecture"])?.Code,
            Rural: query["area"] == "rural",
            Desk: DeskId.TryParse(query["desk"], null, out var desk) ? desk : null,
            Age: Choices.Read<WaitingAge>(query["age"]));
    }

    /// <summary>期限超過・総務省・東京都; empty where nothing is narrowed.</summary>
    public static string Words(CaseNarrowing n, string? expert = null) => string.Join('・', new[]
    {
        n.Overdue ? "期限超過" : n.DueToday ? "きょうが期限" : n.OnHold ? "保留" : n.Waiting ? "専門家待ち" : n.Age is { } age ? $"専門家待ち {Words(age)}" : n.Open ? "未完了" : null,
        n.Expert is null ? null : $"{expert ?? "専門家"}{(n.Asked ? "に打診中" : "の担当")}",
        n.Topic is null ? null : TopicCatalogue.Find(n.Topic)?.NameJa ?? "分野は未定",
        n.Side switch { CaseSide.Mic => "総務省", CaseSide.Mhlw => "厚労省", CaseSide.Both => "合同(両省)", CaseSide.None => "振り分け前", _ => null },
        n.Prefecture is null ? null : Prefectures.Find(n.Prefecture)?.Name ?? "都道府県は未確認",
        n.Rural ? "地方部" : null,
    }.Where(word => word is not null));

    public static string Words(WaitingAge age) => age switch
    {
        WaitingAge.UpToOne => "0〜1日",
        WaitingAge.UpToThree => "2〜3日",
        WaitingAge.UpToFive => "4〜5日",
        WaitingAge.UpToTen => "6〜10日",
        _ => "11日以上",
    };
}
