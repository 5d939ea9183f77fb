using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Consultation.Web.Tests.Browser;

/// <summary>A clerk's day: journeys J01, J37, J38 and J59, with scripts and without.</summary>
public sealed class DeskJourneys(BrowserApp app) : IClassFixture<BrowserApp>
{
    [Theory]
    [InlineData(true, "tohoku", "株式会社架空すぎな商会", "カクウスギナショウカイ", "すぎなしょうかい", "022-000-7001")]
    [InlineData(false, "kyushu", "株式会社架空よもぎ工房", "カクウヨモギコウボウ", "よもぎこうぼう", "092-000-7002")]
    public async Task J01_J37_J59_a_call_becomes_a_case_with_an_expert_and_a_promised_call(
        bool scripts, string district, string organisation, string kana, string sought, string phone)
    {
        await using var desk = await app.OpenAsync(scripts);
        await ComeInAsync(desk, $"{district}@desk.example");
        var number = await WriteDownByKeyboardAsync(desk);

        await desk.GoAsync("/cases");
        await desk.SeesAsync(number);
        await desk.LookAsync();
        await desk.Page.GoBackAsync();

        await desk.Page.FillAsync("#Input_Organisation", organisation);
        await desk.Page.FillAsync("#Input_Kana", kana);
        await desk.Page.FillAsync("#Input_Phone", phone);
        await desk.Page.FillAsync("#Input_Prefecture", district == "tohoku" ? "宮城県" : "熊本県");
        await desk.PressAsync("聞けたことを保存する");
        await desk.SeesAsync("聞けたことを保存しました。");

        await RouteAndOfferAsync(desk);
        await J37_closing_is_refused_with_the_list(desk);
        await AcceptOnBehalfAsync(desk);
        await NoteAsync(desk);
        await J59_a_promised_call_tops_the_home(desk, number);

        await desk.Page.FillAsync("#q", sought);
        await desk.Page.Keyboard.PressAsync("Enter");
        await Expect(desk.Page.Locator("table.queue tbody tr")).ToHaveCountAsync(1);
        await Expect(desk.Page.Locator("table.queue tbody tr")).ToContainTextAsync(number);
        await desk.LookAsync();
    }

    private static async Task ComeInAsync(Visitor desk, string person)
    {
        await desk.GoAsync("/");
        await desk.LookAsync();
        await desk.SignInAsync(person, "wrong horse battery staple");
        await desk.SeesAsync("サインインできませんでした");
        await Expect(desk.Page.Locator("#userName")).ToHaveValueAsync(person);
        await desk.LookAsync();
        await desk.SignInAsync(person);
        Assert.Equal("/desk", desk.Path);
        await Expect(desk.Main.Locator("h2").First).ToContainTextAsync("折り返しの電話");
        await desk.LookAsync();
    }

    private static async Task<string> WriteDownByKeyboardAsync(Visitor desk)
    {
        var keyboard = desk.Page.Keyboard;
        await desk.TabToAsync(desk.Page.Locator("nav a", new() { HasText = "新規受付" }));
        await keyboard.PressAsync("Enter");
        await Expect(desk.Heading).ToHaveTextAsync("新規受付");
        await Expect(desk.Page.Locator("#Input_Phone")).ToBeFocusedAsync();
        await keyboard.PressAsync("Tab");
        await Expect(desk.Page.Locator("#Input_Organisation")).ToBeFocusedAsync();
        await keyboard.PressAsync("Tab");
        await Expect(desk.Page.Locator("#Input_Text")).ToBeFocusedAsync();
        await keyboard.InsertTextAsync("社外から社内のファイルを使いたい。VPNのセキュリティが心配。");
        await keyboard.PressAsync("Tab");
        await keyboard.PressAsync("Enter");

        await Expect(desk.Heading).ToHaveTextAsync(new Regex("^受付 R08-"));
        var number = (await desk.Heading.InnerTextAsync())["受付 ".Length..];
        await Expect(desk.Page.Locator(".ticket b")).ToHaveTextAsync(number);
        await Expect(desk.Page.Locator(".evidence mark", new() { HasText = "VPN" })).ToBeVisibleAsync();
        await desk.SeesAsync("あとで確認する項目");
        await desk.LookAsync();
        return number;
    }

    private static async Task RouteAndOfferAsync(Visitor desk)
    {
        await desk.FollowAsync("振り分けを決める");
        await Expect(desk.Main.Locator("label.choice", new() { HasText = "総務省" }).First.Locator("input")).ToBeCheckedAsync();
        await desk.LookAsync();
        await desk.PressAsync("この振り分けにする");
        await desk.SeesAsync("振り分けを決めました。");
        await desk.LookAsync();
        await desk.FollowAsync("専門家に打診する");
        await desk.LookAsync();
        await desk.PressAsync("おすすめの専門家に打診する");
        await desk.SeesAsync("受諾待ち");
    }

    private static async Task J37_closing_is_refused_with_the_list(Visitor desk)
    {
        await desk.FollowAsync("完了にする");
        await desk.ChooseAsync("取下げ");
        await desk.PressAsync("完了にする");
        await Expect(desk.Summary).ToBeFocusedAsync();
        await Expect(desk.Main.Locator("form li")).ToHaveTextAsync(new Regex("さんに打診中です"));
        await Expect(desk.Main.Locator("label.choice", new() { HasText = "取下げ" }).Locator("input")).ToBeCheckedAsync();
        await desk.LookAsync();
        await desk.FollowAsync("何もせずに戻る");
        await desk.SeesAsync("受諾待ち");
    }

    private static async Task AcceptOnBehalfAsync(Visitor desk)
    {
        await desk.FollowAsync(".*の受諾・辞退を記録する");
        await desk.ChooseAsync("受諾");
        await desk.PressAsync("返事を記録する");
        await Expect(desk.Summary).ToBeFocusedAsync();
        await Expect(desk.Page.Locator("#Source")).ToHaveAttributeAsync("aria-invalid", "true");
        await desk.LookAsync();
        await desk.Page.FillAsync("#Source", "電話で受諾");
        await desk.PressAsync("返事を記録する");
        await desk.SeesAsync("受諾を記録しました。");
        await desk.SeesAsync("日程調整中");
    }

    private static async Task NoteAsync(Visitor desk)
    {
        await desk.UnfoldAsync("内部メモを書く");
        await desk.Page.FillAsync("#Note_Text", "社長は午前中なら出られる。");
        await desk.PressAsync("内部メモを残す");
        await Expect(desk.Page.Locator(".internal", new() { HasText = "社長は午前中なら出られる。" })).ToContainTextAsync("相談者には送られません");
        await desk.LookAsync();
    }

    private static async Task J59_a_promised_call_tops_the_home(Visitor desk, string number)
    {
        await desk.UnfoldAsync("やりとりを記録する");
        await desk.Page.FillAsync("#Contact_Text", "希望日を10時に折り返して聞く。");
        await desk.Page.FillAsync("#Contact_CallBackAt", "10:00");
        await desk.PressAsync("やりとりを記録する");
        await desk.SeesAsync("やりとりを記録しました。");
        await desk.GoAsync("/desk");
        var calls = await desk.Page.Locator(".calls > li").AllInnerTextsAsync();
        Assert.Contains(calls, call => call.Contains(number));
        Assert.All(calls.TakeWhile(call => !call.Contains(number)), earlier => Assert.Contains("超過", earlier));
        await desk.LookAsync();
        await desk.Page.Locator(".calls > li", new() { HasText = number }).GetByRole(AriaRole.Button).ClickAsync();
        await desk.SeesAsync("「先方不在」を記録しました");
        await Expect(desk.Page.Locator(".calls > li", new() { HasText = number })).ToContainTextAsync("不在 1回");
    }
}
