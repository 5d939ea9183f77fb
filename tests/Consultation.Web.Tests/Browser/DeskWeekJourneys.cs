using System.Text.RegularExpressions;
using Consultation.Cases;
using Consultation.Demo;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Consultation.Web.Tests.Browser;

/// <summary>A desk's day beside routing: second calls, answers and referrals beside a route, consent, promised calls, hand-over; J35, J59, J60, J63.</summary>
public sealed class DeskWeekJourneys(BrowserApp app) : IClassFixture<BrowserApp>
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 13, 50, 0, TimeSpan.FromHours(9));

    [Theory]
    [InlineData(true, "株式会社架空れんげ堂", "株式会社架空みつば舎", 13)]
    [InlineData(false, "株式会社架空あざみ堂", "株式会社架空せり舎", 15)]
    public async Task J59_J60_J63_a_desks_day(bool scripts, string heldElsewhere, string askedHere, int hour)
    {
        // The other run of this journey has moved the clock.
        await app.Send(new SetClock(new(2026, 11, 24, hour - 2, 30, 0, TimeSpan.FromHours(9))));
        await using var desk = await app.OpenAsync("tohoku@desk.example", scripts);
        await J60_a_second_call_elsewhere_takes_seconds_and_is_news_at_the_holder(desk, heldElsewhere, scripts);
        await ATallyIsOneClickAsync(desk);
        var number = await J63_a_subsidy_question_is_answered_and_referred_beside_the_route(desk, askedHere);
        await ConsentAsync(desk);
        await J35_what_a_colleague_saved_meanwhile_is_kept(desk, number);
        await J59_a_promised_call_is_kept_by_the_third_attempt(desk, number, hour);
        await HandOverAsync(desk, number, scripts);
    }

    [Fact]
    public async Task One_key_does_what_it_says_and_never_while_typing()
    {
        await using var desk = await app.OpenAsync("kinki@desk.example");
        await desk.GoAsync("/cases");
        var keyboard = desk.Page.Keyboard;
        await keyboard.PressAsync("?");
        await Expect(desk.Page.Locator("dialog")).ToContainTextAsync("次の案件");
        await desk.LookAsync();
        await keyboard.PressAsync("Escape");
        await keyboard.PressAsync("j");
        await Expect(desk.Page.Locator("tbody tr").First.Locator("a").First).ToBeFocusedAsync();
        await keyboard.PressAsync("Enter");
        await Expect(desk.Page.Locator(".case-head")).ToBeVisibleAsync();
        await keyboard.PressAsync("n");
        await Expect(desk.Page.Locator("#Note_Text")).ToBeFocusedAsync();
        await keyboard.TypeAsync("hec?");
        await Expect(desk.Page.Locator("#Note_Text")).ToHaveValueAsync("hec?");
        await Expect(desk.Page.Locator(".case-head")).ToBeVisibleAsync();

        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "キー操作の一覧" }).ClickAsync();
        await desk.Page.Locator("dialog input").UncheckAsync();
        await desk.PressAsync("閉じる");
        await desk.Page.Locator("main").ClickAsync(new() { Position = new() { X = 2, Y = 2 } });
        await keyboard.PressAsync("h");
        await Expect(desk.Page.Locator(".case-body")).ToBeVisibleAsync();
    }

    private async Task J60_a_second_call_elsewhere_takes_seconds_and_is_news_at_the_holder(Visitor holder, string organisation, bool scripts)
    {
        var logged = await app.Send(new LogInquiry(Channel.Phone, "社外秘の相談。", Organisation: new(organisation), Contact: new("ご担当", Phone: "022-000-7300")), "tohoku@desk.example");
        await using var other = await app.OpenAsync("kyushu@desk.example", scripts);
        await other.Page.FillAsync("#q", organisation);
        await other.Page.Keyboard.PressAsync("Enter");
        await other.SeesAsync("ほかの窓口の案件");
        await other.LookAsync();
        await other.FollowAsync(logged.Number);
        await Expect(other.Page.Locator("#Contact_Text")).ToBeFocusedAsync();
        await other.SeesAsync("窓口担当");
        await Expect(other.Main).Not.ToContainTextAsync("社外秘");
        await Expect(other.Main).Not.ToContainTextAsync(organisation);
        await other.Page.FillAsync("#Contact_Text", $"水曜の午後に{organisation[^3..]}へ電話がほしい。");
        await other.ChooseAsync("担当への伝言を預かった");
        await other.LookAsync();
        await other.PressAsync("追記して知らせる");
        await other.SeesAsync("東北窓口に知らせました");

        await holder.GoAsync("/desk");
        var news = holder.Page.Locator(".news > li", new() { HasText = logged.Number });
        await Expect(news).ToContainTextAsync("水曜の午後");
        await Expect(news).ToContainTextAsync("九州窓口");
        await holder.LookAsync();
        await news.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(news).ToHaveCountAsync(0);
    }

    private static async Task ATallyIsOneClickAsync(Visitor desk)
    {
        await desk.GoAsync("/inquiries/new");
        await desk.PressAsync("受付時間・所在地");
        await desk.SeesAsync("1件数えました。");
        Assert.Equal("/desk", desk.Path);
    }

    private static async Task<string> J63_a_subsidy_question_is_answered_and_referred_beside_the_route(Visitor desk, string organisation)
    {
        await desk.GoAsync("/inquiries/new");
        await desk.Page.FillAsync("#Input_Organisation", organisation);
        await desk.Page.FillAsync("#Input_Text", "VPNの設定と就業規則を直したい。使える補助金も知りたい。");
        await desk.Page.FillAsync("#Input_Email", "client7@client.example");
        await desk.PressAsync("似た記録と提案を確かめる(保存しない)");
        await desk.SeesAsync("利用可能回数");
        await desk.PressAsync("保存して番号を出す");
        await Expect(desk.Heading).ToHaveTextAsync(new Regex("^受付 R08-"));
        var number = (await desk.Heading.InnerTextAsync())["受付 ".Length..];
        await desk.SeesAsync("振り分けの提案: 両省");
        await desk.SeesAsync("主担当から始める");
        await desk.SeesAsync("あわせて紹介できる先");
        await desk.FollowAsync("振り分けを決める");
        await desk.PressAsync("この振り分けにする");
        await desk.SeesAsync("割当待ち");

        await desk.FollowAsync("標準の回答を送る");
        await desk.LookAsync();
        await desk.Page.SelectOptionAsync("#Answer", "SUBSIDY");
        await desk.Page.FillAsync("#Words", "お電話ありがとうございました。");
        await desk.PressAsync("送る内容を確かめる");
        await Expect(desk.Page.Locator("#preview")).ToContainTextAsync("client7@client.example");
        await Expect(desk.Page.Locator("#preview")).ToContainTextAsync("お電話ありがとうございました。");
        await Expect(desk.Page.Locator("#preview")).ToContainTextAsync("https://");
        await desk.LookAsync();
        await desk.PressAsync("この内容で送る");
        await desk.SeesAsync("回答を送信しました。");
        await desk.SeesAsync("標準の回答「補助金・助成金（ご案内のみ）」を送信");

        await desk.FollowAsync("標準の回答を送る");
        await desk.PressAsync("紹介を記録する");
        await desk.IsToldAsync("紹介した機関: 入力してください。");
        await desk.Page.SelectOptionAsync("#Target", "JINZAI-TW");
        await desk.PressAsync("紹介を記録する");
        await desk.SeesAsync("紹介: 人材確保等支援助成金（テレワークコース）");
        await desk.SeesAsync("割当待ち");
        await desk.LookAsync();
        return number;
    }

    private static async Task ConsentAsync(Visitor desk)
    {
        await desk.FollowAsync("情報の提供への同意を記録する");
        await desk.LookAsync();
        await desk.Page.FillAsync("#GivenBy", "社長の鈴木さま");
        await desk.PressAsync("同意を記録する");
        await desk.SeesAsync("同意あり");
        await desk.SeesAsync("社長の鈴木さま");
        await desk.FollowAsync("情報の提供への同意");
        await desk.SeesAsync("同意の撤回を記録する");
        await desk.LookAsync();
        await desk.FollowAsync("何もせずに戻る");
    }

    private async Task J35_what_a_colleague_saved_meanwhile_is_kept(Visitor desk, string number)
    {
        var id = (await app.Send(new ListCases(number))).Items.Single().Id;
        await desk.FollowAsync("直す・聞き足す");
        await desk.Page.FillAsync("#Input_Person", "鈴木");
        await desk.Page.FillAsync("#Input_City", "仙台市");
        await desk.Page.SelectOptionAsync("#Input_Holder", new SelectOptionValue { Label = "東北窓口 担当 01" });
        await app.Send(new EditCase(id, Organisation: new(City: "石巻市", Prefecture: "宮城県")));
        await desk.PressAsync("保存する");
        await Expect(desk.Page.Locator("#stale")).ToBeFocusedAsync();
        await Expect(desk.Page.Locator("#stale tbody tr")).ToHaveCountAsync(1);
        await Expect(desk.Page.Locator("#stale tbody tr")).ToContainTextAsync("石巻市");
        await Expect(desk.Page.Locator("#Input_Prefecture")).ToHaveValueAsync("宮城県");
        await Expect(desk.Page.Locator("#Input_City")).ToHaveValueAsync("仙台市");
        await desk.LookAsync();
        await desk.PressAsync("保存する");
        await desk.SeesAsync("直した内容を保存しました。");
        await desk.SeesAsync("宮城県仙台市");
        await desk.SeesAsync("東北窓口 担当 01");
    }

    private async Task J59_a_promised_call_is_kept_by_the_third_attempt(Visitor desk, string number, int hour)
    {
        await desk.UnfoldAsync("やりとりを記録する");
        await desk.Page.FillAsync("#Contact_CallBackAt", $"{hour + 1}:00");
        await desk.PressAsync("やりとりを記録する");
        await desk.SeesAsync("やりとりを記録しました。");
        var due = Noon.AddHours(hour - 13);
        await app.Send(new SetClock(due));
        await desk.GoAsync("/desk");
        var call = desk.Page.Locator(".calls > li[data-now='yes']", new() { HasText = number });
        for (var i = 0; i < 20 && await call.CountAsync() == 0; i++)
        {
            // The web server follows the moved clock within a moment.
            await Task.Delay(250);
            await desk.GoAsync("/desk");
        }

        await desk.LookAsync();
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            await call.GetByRole(AriaRole.Button).ClickAsync();
            await Expect(call).ToContainTextAsync($"不在 {attempt}回");
        }

        await call.GetByRole(AriaRole.Link, new() { Name = "話した内容を書く" }).ClickAsync();
        if (!await desk.Page.Locator("#Contact_Text").IsVisibleAsync())
        {
            await desk.UnfoldAsync("やりとりを記録する");
        }

        await desk.Page.FillAsync("#Contact_Text", "三度目でつながった。");
        await desk.PressAsync("やりとりを記録する");
        await desk.SeesAsync("三度目でつながった。");
        await desk.GoAsync("/desk");
        await Expect(call).ToHaveCountAsync(0);
    }

    private async Task HandOverAsync(Visitor desk, string number, bool scripts)
    {
        await desk.Page.FillAsync("#q", number);
        await desk.Page.Keyboard.PressAsync("Enter");
        await desk.FollowAsync(number);
        await desk.FollowAsync("ほかの窓口へ引き継ぐ");
        await desk.Page.SelectOptionAsync("#Desk", "kanto");
        await desk.Page.FillAsync("#Reason", "訪問先が管内のため");
        await desk.PressAsync("引き継ぐ");
        await desk.SeesAsync("関東窓口へ引き継ぎました。");
        await desk.SeesAsync("関東窓口の案件です");
        await using var other = await app.OpenAsync("kanto@desk.example", scripts);
        await Expect(other.Page.Locator(".news > li", new() { HasText = number })).ToContainTextAsync("訪問先が管内のため");
    }
}
