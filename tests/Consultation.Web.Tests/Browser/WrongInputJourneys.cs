using Consultation.Cases;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Consultation.Web.Tests.Browser;

/// <summary>What is wrong is said first, leads to its field, and takes nothing away that was typed.</summary>
public sealed class WrongInputJourneys(BrowserApp app) : IClassFixture<BrowserApp>
{
    [Fact]
    public async Task A_new_inquiry_with_mistakes_comes_back_whole()
    {
        await using var desk = await app.OpenAsync("tohoku@desk.example");
        await desk.GoAsync("/inquiries/new");
        await desk.PressAsync("保存して番号を出す");
        await desk.IsToldAsync("相談の内容: 入力してください。");
        await desk.LookAsync();

        var tooLong = new string('長', 10_001);
        await desk.Page.FillAsync("#Input_Text", tooLong);
        await desk.PressAsync("保存して番号を出す");
        await desk.IsToldAsync("相談の内容: 10,000文字以内で入力してください。");
        await Expect(desk.Page.Locator("#Input_Text")).ToHaveValueAsync(tooLong);

        var typed = new Dictionary<string, string>
        {
            ["#Input_Text"] = "\n先頭の改行も残る。", ["#Input_Organisation"] = "株式会社架空<b>つくし", ["#Input_Employees"] = "二十人くらい", ["#Input_CapitalYen"] = "三千万",
            ["#Input_CallBackOn"] = "2026", ["[name='Input.CallBackOn.Month']"] = "2", ["[name='Input.CallBackOn.Day']"] = "30", ["#Input_CallBackAt"] = "25:00",
        };
        foreach (var (field, value) in typed)
        {
            await desk.Page.FillAsync(field, value);
        }

        await desk.PressAsync("保存して番号を出す");
        await desk.IsToldAsync(
            "折り返す日: 2026年11月24日のように、暦にある日付を入力してください。空欄ならきょうになります。",
            "時刻: 14:00 のように入力してください。",
            "従業員数(人): 24 のように数字だけで入力してください。およその人数でかまいません。",
            "資本金(円): 30,000,000 のように円で、数字だけを入力してください。");
        foreach (var (field, value) in typed)
        {
            await Expect(desk.Page.Locator(field)).ToHaveValueAsync(value);
        }

        await desk.LookAsync();
    }

    [Fact]
    public async Task Every_form_of_a_case_says_what_is_missing()
    {
        var (@case, offer) = await app.OfferedCaseAsync("株式会社架空なずな配送");
        await using var desk = await app.OpenAsync("tohoku@desk.example");

        await SendAsync($"/cases/{@case}/hold", "保留にする", "理由: 入力してください。");
        await SendAsync($"/cases/{@case}/hand-over", "引き継ぐ", "引き継ぐ窓口: 入力してください。", "理由: 入力してください。");
        await SendAsync($"/cases/{@case}/answer?offer={offer.Id}", "返事を記録する", "返事: 受諾か辞退を選んでください。");
        await SendAsync($"/cases/{@case}/close", "完了にする", "結果: 入力してください。");
        await desk.GoAsync($"/cases/{@case}");
        await desk.UnfoldAsync("内部メモを書く");
        await desk.PressAsync("内部メモを残す");
        await desk.IsToldAsync("内部メモ: 入力してください。");
        await desk.GoAsync($"/cases/{@case}");
        await desk.UnfoldAsync("やりとりを記録する");
        await desk.Page.FillAsync("#Contact_Text", "三月に折り返す。");
        await desk.Page.FillAsync("#Contact_Minutes", "しばらく");
        await desk.Page.FillAsync("#Contact_CallBackAt", "8:00");
        await desk.PressAsync("やりとりを記録する");
        await desk.IsToldAsync("かかった時間(分): 10 のように、分の数字だけを入力してください。");
        await Expect(desk.Page.Locator("#Contact_Text")).ToHaveValueAsync("三月に折り返す。");
        await desk.Page.FillAsync("#Contact_Minutes", "10");
        await desk.PressAsync("やりとりを記録する");
        await Expect(desk.Summary).ToContainTextAsync("折り返しの時刻には、これからの日時を入力してください。");
        await Expect(desk.Page.Locator("#Contact_CallBackAt")).ToHaveValueAsync("8:00");
        await desk.LookAsync();

        async Task SendAsync(string path, string button, params string[] errors)
        {
            await desk.GoAsync(path);
            await desk.PressAsync(button);
            await desk.IsToldAsync(errors);
            await desk.LookAsync();
        }
    }

    [Fact]
    public async Task J60_another_desks_case_shows_little_and_lets_nothing_be_done()
    {
        const string text = "社外秘の相談。VPNとセキュリティ。";
        var logged = await app.Send(new LogInquiry(Channel.Phone, text, Organisation: new("株式会社架空ははこぐさ", null, null, "宮城県", null, null, null, null)), "tohoku@desk.example");
        await using var desk = await app.OpenAsync("kyushu@desk.example");

        Assert.Equal(200, await desk.GoAsync($"/cases/{logged.Id}"));
        await desk.SeesAsync("東北窓口の案件です");
        await desk.SeesAsync(logged.Number);
        await Expect(desk.Main).Not.ToContainTextAsync("社外秘");
        await Expect(desk.Main).Not.ToContainTextAsync("ははこぐさ");
        await desk.LookAsync();
        foreach (var action in (string[])["route", "close", "edit", "hand-over", "visits/new"])
        {
            Assert.Equal(404, await desk.GoAsync($"/cases/{logged.Id}/{action}"));
            await Expect(desk.Heading).ToHaveTextAsync("見つかりません");
        }

        await desk.LookAsync();
        await using var expert = await app.OpenAsync("expert20@expert.example");
        Assert.Equal(404, await expert.GoAsync($"/cases/{logged.Id}"));
        await expert.LookAsync();
    }

    [Fact]
    public async Task After_an_ended_session_everything_typed_stands_in_the_page_again_and_nothing_was_sent_by_itself()
    {
        await using var desk = await app.OpenAsync("kanto@desk.example");
        await desk.GoAsync("/inquiries/new");
        var typed = new Dictionary<string, string>
        {
            ["#Input_Text"] = "書きかけの相談。\n2行目。", ["#Input_Phone"] = "044-000-7100", ["#Input_Organisation"] = "株式会社架空つゆくさ", ["#Input_Employees"] = "十二",
        };
        foreach (var (field, value) in typed)
        {
            await desk.Page.FillAsync(field, value);
        }

        await desk.ChooseAsync("来所・訪問");
        await desk.Context.ClearCookiesAsync(new() { Name = "consultation.session" });
        await desk.PressAsync("保存して番号を出す");
        await Expect(desk.Heading).ToHaveTextAsync("サインイン");
        await desk.SeesAsync("サインインの期限が切れました");
        await desk.LookAsync();
        await desk.SignInAsync("kanto@desk.example", "wrong horse battery staple");
        await desk.SeesAsync("サインインできませんでした");

        await desk.SignInAsync("kanto@desk.example");
        await Expect(desk.Heading).ToHaveTextAsync("新規受付");
        await desk.SeesAsync("まだ保存していません");
        foreach (var (field, value) in typed)
        {
            await Expect(desk.Page.Locator(field)).ToHaveValueAsync(value);
        }

        await Expect(desk.Main.Locator("label.choice", new() { HasText = "来所・訪問" }).Locator("input")).ToBeCheckedAsync();
        Assert.Empty((await app.Send(new ListCases("架空つゆくさ"), "kanto@desk.example")).Items);
        await desk.LookAsync();
        await desk.Page.FillAsync("#Input_Employees", "12");
        await desk.PressAsync("保存して番号を出す");
        await Expect(desk.Page.Locator(".ticket b")).ToBeVisibleAsync();
    }
}
