using System.Globalization;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Consultation.Web.Tests.Browser;

/// <summary>A supervisor on Monday morning, and somebody of a ministry who only reads figures.</summary>
public sealed class SupervisorJourneys(BrowserApp app) : IClassFixture<BrowserApp>
{
    private const string Reports = "/supervision/reports";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task J61_a_supervisor_sees_the_load_and_deals_with_late_reports(bool scripts)
    {
        await using var supervisor = await app.OpenAsync("supervisor@desk.example", scripts);
        Assert.Equal("/supervision", supervisor.Path);
        await supervisor.LookAsync();
        await NothingStandsOutAsync(supervisor, scripts);
        foreach (var figure in new[] { "期限超過", "専門家待ち", "未完了の案件", "合同\\(両省\\)", "地方部" })
        {
            await ANumberLeadsToItsCasesAsync(supervisor, $"^{figure} ");
        }

        await supervisor.GoAsync(Reports);
        await supervisor.LookAsync();
        await supervisor.FollowAsync("新しい打診を止める");
        await supervisor.LookAsync();
        await supervisor.PressAsync("新しい打診を止める");
        await Expect(supervisor.Summary).ToContainTextAsync("入力してください");
        await supervisor.Page.FillAsync("#Reason", "報告が2週間たっても出ていないため");
        await supervisor.PressAsync("新しい打診を止める");
        await supervisor.SeesAsync("新しい打診を止めています");
        await supervisor.LookAsync();
        await supervisor.GoAsync("/supervision");
        await supervisor.SeesAsync("打診を停止中");
        await supervisor.GoAsync(Reports);
        await supervisor.FollowAsync("打診の停止を見直す");
        await supervisor.PressAsync("打診を再開する");
        await supervisor.SeesAsync("打診を再開しました。");

        await supervisor.GoAsync(Reports);
        await supervisor.FollowAsync("未提出で終了する");
        await supervisor.LookAsync();
        // Both runs share the demo: the report itself is left for the other one, and the core test closes it for good.
        await supervisor.PressAsync("未提出で終了する");
        await Expect(supervisor.Summary).ToContainTextAsync("理由: 入力してください。");

        await supervisor.GoAsync(Reports);
        await supervisor.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^承認する") }).First.ClickAsync();
        await supervisor.SeesAsync("を承認しました。");
        await supervisor.GoAsync("/supervision/months/2026-11");
        await supervisor.LookAsync();
        var notFiled = await supervisor.Main.Locator("table", new() { HasText = "うち終了" }).Locator("tfoot td").Nth(3).InnerTextAsync();
        Assert.NotEqual("0", notFiled);
        Assert.Equal(404, await supervisor.GoAsync("/supervision/months/2026-13"));
        await supervisor.GoAsync("/supervision/table?By=Topic");
        await supervisor.LookAsync();
    }

    [Fact]
    public async Task A_supervisor_gives_a_case_to_another_expert()
    {
        var (@case, offer) = await app.OfferedCaseAsync("株式会社架空すずらん商会");
        await using var supervisor = await app.OpenAsync("supervisor@desk.example");
        await supervisor.GoAsync($"/cases/{@case}");
        await supervisor.FollowAsync("専門家を替える");
        await supervisor.LookAsync();
        var other = supervisor.Main.Locator($"tbody input[type=radio]:not([value='{offer.Expert}'])").First;
        await other.CheckAsync();
        await supervisor.Page.FillAsync("#Reason", "長期の不在のため");
        await supervisor.PressAsync("選んだ専門家に替える");
        await supervisor.SeesAsync("専門家を替えて打診しました。");
        await supervisor.SeesAsync("長期の不在のため");
    }

    [Fact]
    public async Task The_ministry_reads_figures_and_no_case()
    {
        await using var ministry = await app.OpenAsync("ministry@desk.example");
        Assert.Equal("/supervision", ministry.Path);
        await ministry.LookAsync();
        Assert.Equal(0, await ministry.Page.Locator("main a[href^='/cases'], main a[href*='experts/']").CountAsync());
        await Expect(ministry.Page.Locator("#breach")).ToHaveCountAsync(0);
        foreach (var (path, status) in new[] { ("/cases?view=all", 403), (Reports, 403), ("/supervision/table?By=Expert", 200), ("/supervision/months", 200) })
        {
            Assert.Equal((path, status), (path, await ministry.GoAsync(path)));
        }

        await using var clerk = await app.OpenAsync("kanto@desk.example");
        Assert.Equal(403, await clerk.GoAsync("/supervision"));
    }

    private static async Task ANumberLeadsToItsCasesAsync(Visitor supervisor, string figure)
    {
        await supervisor.GoAsync("/supervision");
        var link = supervisor.Main.Locator(".figures").GetByRole(AriaRole.Link, new() { NameRegex = new(figure) });
        var count = int.Parse((await link.InnerTextAsync()).Split(' ', '\n')[^1], CultureInfo.InvariantCulture);
        await link.ClickAsync();
        await Expect(supervisor.Heading).ToContainTextAsync("案件一覧");
        var listed = await supervisor.Main.Locator(".queue tbody tr").CountAsync();
        while (await supervisor.Main.Locator("a[rel=next]").CountAsync() > 0)
        {
            await supervisor.GoAsync((await supervisor.Main.Locator("a[rel=next]").GetAttributeAsync("href"))!);
            listed += await supervisor.Main.Locator(".queue tbody tr").CountAsync();
        }

        Assert.Equal((figure, count), (figure, listed));
    }

    private static async Task NothingStandsOutAsync(Visitor supervisor, bool scripts)
    {
        foreach (var width in scripts ? [360, 1440] : Array.Empty<int>())
        {
            await supervisor.Page.SetViewportSizeAsync(width, 900);
            Assert.Equal(0, await supervisor.Page.EvaluateAsync<int>("() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"));
        }
    }
}
