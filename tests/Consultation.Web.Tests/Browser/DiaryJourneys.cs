using System.Text;
using System.Text.RegularExpressions;
using Consultation.CaseFile;
using Consultation.Cases;
using Consultation.Demo;
using Consultation.Experts;
using Consultation.Routing;
using Consultation.Topics;
using Consultation.Visits;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Consultation.Web.Tests.Browser;

/// <summary>From the diary of a district to a booking and on to the sheet (J54), the outcome, a report with a draft (J61).</summary>
public sealed partial class DiaryJourneys(BrowserApp app) : IClassFixture<BrowserApp>
{
    private const string Clerk = "tohoku@desk.example";
    private const string Supervisor = "supervisor@desk.example";
    private static readonly DateTimeOffset Tuesday = new(2026, 11, 24, 10, 0, 0, TimeSpan.FromHours(9));
    private static readonly DateTimeOffset Friday = Tuesday.AddDays(10);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_free_time_in_the_districts_diary_becomes_a_booking_that_stands_there_afterwards(bool scripts)
    {
        await app.Send(new SetClock(Tuesday));
        var organisation = $"株式会社架空そよかぜ{(scripts ? "本店" : "支店")}";
        var (@case, person) = await AcceptedAsync(organisation);
        var expert = (await app.Send(new GetCase(@case), Clerk)).Full!.Tracks[0];
        // Two weeks later than the visits of the others here, who may have taken the whole day before.
        var day = (await app.Send(new ListSlots(@case, Friday.AddDays(14), Friday.AddDays(24), VisitMode.Visit), Clerk))[0].Start.ToOffset(Tuesday.Offset);
        await using var desk = await app.OpenAsync(Clerk, scripts);
        Assert.Equal(404, await desk.GoAsync("/diaries?district=okinawa"));
        await desk.GoAsync("/diaries");
        await desk.SeesAsync("東北の専門家の予定");
        await desk.SeesAsync("国民の祝日(勤労感謝の日)");
        await desk.LookAsync();

        await desk.Page.Locator("[name='Go.Month']").FillAsync("13");
        await desk.PressAsync("この日を見る");
        await desk.IsToldAsync("日付: 日付を確かめてください。例 2026年11月24日(2019年から2045年まで)");
        await desk.Page.Locator("[name='Go.Month']").FillAsync($"{day.Month}");
        await desk.Page.Locator("[name='Go.Day']").FillAsync($"{day.Day}");
        await desk.PressAsync("この日を見る");
        await desk.FollowAsync("1日");
        await desk.SeesAsync($"{day.Year}年{day.Month}月{day.Day}日({"日月火水木金土"[(int)day.DayOfWeek]})");
        await desk.LookAsync();

        var row = desk.Main.Locator("tbody tr", new() { HasText = expert.Expert! });
        await row.Locator("li[data-kind=free] a").First.ClickAsync();
        await desk.SeesAsync("予約する案件を選ぶ");
        await desk.LookAsync();
        await desk.Main.Locator("li", new() { HasText = organisation }).GetByRole(AriaRole.Link, new() { NameRegex = new("^空いている時間を選ぶ") }).ClickAsync();
        await desk.SeesAsync("第1回の相談を予約する");
        await desk.PressAsync("この内容で予約する");
        await Expect(desk.Summary).ToContainTextAsync("空いている時間を1つ選んでください。");
        await desk.Main.Locator($"input[name=Slot][value^='{day:yyyy-MM-dd}']").First.CheckAsync();
        await desk.LookAsync();
        await desk.PressAsync("この内容で予約する");
        await desk.SeesAsync("予約しました。");

        await desk.GoAsync($"/diaries?on={day:yyyy-MM-dd}&span=list");
        await desk.Main.Locator("tr", new() { HasText = organisation }).GetByRole(AriaRole.Link, new() { Name = organisation }).ClickAsync();
        Assert.Equal($"/cases/{@case}", desk.Path.Split('#')[0]);
        await using var mine = await app.OpenAsync(person, scripts);
        await mine.Page.SetViewportSizeAsync(360, 740);
        await mine.GoAsync($"/diary?on={day:yyyy-MM-dd}");
        await mine.SeesAsync(organisation);
        await mine.SeesAsync("予約を入れる");
        await mine.LookAsync();
    }

    [Fact]
    public async Task J58_a_road_of_several_nights_tells_its_days_and_stands_on_each_of_them()
    {
        await app.Send(new SetClock(Tuesday));
        const string Name = "架空 旅人";
        var expert = (await app.Send(new CreateExpert(Name, Affiliation.Mic, "東京都", Nationwide: true), Supervisor)).Id;
        var (far, other) = (await HeldAsync("株式会社架空しまかげ"), await HeldAsync("株式会社架空みやこ"));
        await app.Send(new EditCase(far, Organisation: new(Prefecture: "沖縄県", City: "那覇市")), Supervisor);
        var visit = await app.Send(new BookVisit(far, At(8, 16), At(8, 17), VisitMode.Visit, VisitStage.Assess), Supervisor);
        // More than five hours away: off on Monday to be there in the evening, home on Wednesday.
        var way = Travel.Between("13", "47", new(2026, 12, 8));
        var (leaves, back) = (Travel.LeaveFor(At(8, 16), way).ToOffset(Tuesday.Offset), Travel.BackFrom(At(8, 17), way).ToOffset(Tuesday.Offset));
        Assert.Equal((7, 9), (leaves.Day, back.Day));

        await using var desk = await app.OpenAsync(Supervisor);
        await desk.GoAsync($"/cases/{other}/visits/new?Mode=Web&week=2026-12-07");
        Assert.EndsWith($"{Name}は{leaves:H:mm}から24:00 移動。", await LaneAsync(7), StringComparison.Ordinal);
        await Expect(desk.Main.Locator("section[aria-labelledby=d20261208]")).ToContainTextAsync($"選べません: {Name}さんの他の予約と移動が重なります。");
        Assert.EndsWith($"{Name}は0:00から{back:H:mm} 移動。", await LaneAsync(9), StringComparison.Ordinal);
        await desk.LookAsync();

        await desk.GoAsync($"/experts/{expert}/diary?on=2026-12-07&span=week");
        await desk.SeesAsync("移動　12月8日(火)の那覇市へ");
        await desk.SeesAsync("移動　12月8日(火)の那覇市から");
        await desk.LookAsync();
        foreach (var span in new[] { "week", "day" })
        {
            await desk.GoAsync($"/diaries?district=kanto&on=2026-12-07&span={span}");
            await Expect(desk.Main.Locator("tbody tr", new() { HasText = Name }).Locator("li[data-kind=way]").First).ToContainTextAsync($"{leaves:H:mm}〜24:00");
            // Where the columns are cards, each says its day and not the hours of the drawing.
            Assert.StartsWith("12月7日(月)", await desk.Main.Locator("tbody td").First.GetAttributeAsync("data-label"), StringComparison.Ordinal);
            Assert.DoesNotContain("時", await desk.Main.Locator("tbody td").First.GetAttributeAsync("data-label"), StringComparison.Ordinal);
            await desk.LookAsync();
        }

        await desk.GoAsync($"/diaries?district=kanto&on=2026-12-08&span=week");
        await desk.SeesAsync($"移動 前日{leaves:H:mm}〜翌日{back:H:mm}");

        // From Miyagi at half past twelve there is no time to go home first.
        await desk.GoAsync($"/cases/{other}/visits/new?Mode=Visit&week=2026-12-07");
        await Expect(desk.Main.Locator("label", new() { Has = desk.Page.Locator("input[value='2026-12-07T11:30']") })).ToContainTextAsync("・次の訪問先へ直行");

        // There already, and the visit is a day later: what was travelled stays with it.
        await app.Send(new SetClock(At(8, 10)));
        await desk.GoAsync($"/cases/{far}/visits/new?moving={visit.Id}&week=2026-12-07");
        await Expect(desk.Main.Locator("label", new() { Has = desk.Page.Locator("input[value='2026-12-09T15:30']") })).ToContainTextAsync($"{Name} 12月7日(月)出発 {leaves:H:mm}・翌日戻り");
        await desk.SeesAsync($"{Name}さんは、この相談のために 12月7日(月) {leaves:H:mm} に出発しています。");
        await desk.LookAsync();
        await app.Send(new SetClock(Tuesday));

        static DateTimeOffset At(int day, int hour) => new(2026, 12, day, hour, 0, 0, TimeSpan.FromHours(9));

        async Task<string> LaneAsync(int day) => (await desk.Main.Locator($"section[aria-labelledby=d202612{day:00}] svg.lanes").GetAttributeAsync("aria-label"))!;

        async Task<CaseId> HeldAsync(string organisation)
        {
            var (id, offer) = await app.OfferedCaseAsync(organisation, expert);
            await app.Send(new AcceptOffer(offer.Id, "電話で受諾"), Clerk);
            return id;
        }
    }

    [Fact]
    public async Task The_diary_prints_on_a4_landscape_and_a_supervisor_looks_at_any_district_by_keyboard()
    {
        await using var supervisor = await app.OpenAsync(Supervisor);
        await supervisor.GoAsync("/diaries?on=2026-11-26");
        await supervisor.TabToAsync(supervisor.Page.Locator("#District"), 40);
        await supervisor.Page.Keyboard.TypeAsync("沖縄");
        await supervisor.Page.SelectOptionAsync("#District", "okinawa");
        await supervisor.TabToAsync(supervisor.Page.GetByRole(AriaRole.Button, new() { Name = "この日を見る" }));
        await supervisor.Page.Keyboard.PressAsync("Enter");
        await supervisor.SeesAsync("沖縄の専門家の予定");
        Assert.Contains("/MediaBox [0 0 841", Encoding.Latin1.GetString(await supervisor.Page.PdfAsync(new() { PreferCSSPageSize = true })), StringComparison.Ordinal);
    }

    [Fact]
    public async Task J54_the_sheet_is_one_a4_page_also_with_the_longest_texts_and_leads_to_where_the_outcome_is_recorded()
    {
        var longest = string.Concat(Enumerable.Repeat("遠隔勤務の手順と機器", 1_000));
        await app.Send(new SetClock(Tuesday));
        var (@case, person) = await AcceptedAsync(new string('架', 480) + "株式会社");
        await app.Send(new EditCase(@case, Contact: new(new string('名', 500), new string('役', 500), "022-000-1234", null)), Clerk);
        var first = await BookAsync(@case, Friday, null);
        await app.Send(new SetClock(first.End.AddMinutes(5)));
        await app.Send(new CompleteVisit(first.Id, VisitOutcome.TookPlace), person);
        await app.Send(new FileReport(first.Id, Track.Mic, longest, ReportNext.Another), person);
        var second = await BookAsync(@case, first.End.AddDays(3), new string('場', 500));

        await using var expert = await app.OpenAsync(person);
        await expert.GoAsync("/diary");
        await expert.FollowAsync("相談票を開く");
        await expert.SeesAsync("これまでの助言");
        await expert.LookAsync();
        Assert.Equal(1, Pages().Count(Encoding.Latin1.GetString(await expert.Page.PdfAsync(new() { PreferCSSPageSize = true }))));
        await expert.Page.EmulateMediaAsync(new() { Media = Media.Print });
        Assert.True((await expert.Page.Locator(".sheet__write").BoundingBoxAsync())!.Height > 200, "no room to write");
        await expert.Page.EmulateMediaAsync(new() { Media = Media.Screen });
        await expert.FollowAsync("結果を記録する");
        Assert.Equal($"/cases/{@case}/visits/{second.Id}/complete", expert.Path);
        await app.Send(new SetClock(Tuesday));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task J61_a_report_begun_on_the_phone_is_found_again_and_filed_with_its_facts(bool scripts)
    {
        await app.Send(new SetClock(Tuesday));
        var (@case, person) = await AcceptedAsync($"株式会社架空したがき{(scripts ? "本店" : "支店")}");
        var visit = await BookAsync(@case, Friday, null);
        await app.Send(new SetClock(visit.End.AddMinutes(5)));
        // The desk heard of it by telephone; the report is another act.
        await app.Send(new CompleteVisit(visit.Id, VisitOutcome.TookPlace, 55, "相談者に電話で確認"), Clerk);

        await using (var expert = await app.OpenAsync(person, scripts))
        {
            await expert.Page.SetViewportSizeAsync(360, 740);
            await expert.GoAsync($"/cases/{@case}/visits/{visit.Id}/report?track=Mic");
            await expert.Page.FillAsync("#Text", "途中まで書いた。");
            await expert.Page.FillAsync("#Facts_Minutes", "一時間");
            await expert.PressAsync("下書きを保存する");
            await expert.SeesAsync("下書きを保存しました。まだ提出していません。");
            await expert.LookAsync();
        }

        await using (var desk = await app.OpenAsync(Clerk, scripts))
        {
            await desk.GoAsync($"/cases/{@case}/visits/{visit.Id}/report?track=Mic");
            await Expect(desk.Page.Locator("#Text")).ToHaveValueAsync("");
        }

        await using var again = await app.OpenAsync(person, scripts);
        await again.GoAsync($"/reports/{visit.Id}?track=Mic");
        await Expect(again.Page.Locator("#Text")).ToHaveValueAsync("途中まで書いた。");
        await again.ChooseAsync("もう1回の相談が要る");
        await again.PressAsync("報告を提出する");
        await again.IsToldAsync("実際の時間(分): 1から1440までの数字で入力してください。");
        await again.Page.FillAsync("#Facts_Minutes", "75");
        await again.Page.FillAsync("#Facts_FeeMinutes", "90");
        await again.Page.SelectOptionAsync("#Facts_After", nameof(TeleworkStatus.Trial));
        await again.LookAsync();
        await again.PressAsync("報告を提出する");
        await again.SeesAsync("報告を提出しました。");

        await using var supervisor = await app.OpenAsync(Supervisor, scripts);
        await supervisor.GoAsync($"/cases/{@case}/visits/{visit.Id}/review?track=Mic");
        await supervisor.SeesAsync("75分");
        await supervisor.SeesAsync("90分");
        await supervisor.LookAsync();
        await supervisor.PressAsync("承認する");
        await supervisor.SeesAsync("報告を承認しました。");
        await app.Send(new SetClock(Tuesday));
    }

    private async Task<(CaseId Case, string Person)> AcceptedAsync(string organisation)
    {
        var (@case, offer) = await app.OfferedCaseAsync(organisation);
        var person = app.PersonOf(offer.Expert);
        await app.Send(new AcceptOffer(offer.Id), person);
        return (@case, person);
    }

    private async Task<ChangedVisit> BookAsync(CaseId @case, DateTimeOffset from, string? place)
    {
        var slot = (await app.Send(new ListSlots(@case, from, from.AddDays(7), VisitMode.Visit), Clerk))[0];
        return await app.Send(new BookVisit(@case, slot.Start, slot.End, VisitMode.Visit, VisitStage.Assess, place), Clerk);
    }

    [GeneratedRegex("/Type\\s*/Page\\b(?!s)")]
    private static partial Regex Pages();
}
