using Consultation.Cases;
using Consultation.Demo;
using Consultation.Experts;
using Consultation.Routing;
using Consultation.Visits;
using static Microsoft.Playwright.Assertions;

namespace Consultation.Web.Tests.Browser;

/// <summary>Words of letters, what will be sent, who got what when, and how letters come.</summary>
public sealed class NotificationJourneys(BrowserApp app) : IClassFixture<BrowserApp>
{
    private const string Administrator = "admin@desk.example";
    private const string Clerk = "tohoku@desk.example";

    [Theory]
    [InlineData(true, "visit-reminder", "相談日が近づいたお知らせ")]
    [InlineData(false, "report-late", "実施報告のお願い")]
    public async Task P08_an_administrator_rewords_a_letter_looks_publishes_and_goes_back(bool scripts, string template, string name)
    {
        await using var admin = await app.OpenAsync(Administrator, scripts);
        await admin.GoAsync("/settings/templates");
        await admin.FollowAsync(name);
        await admin.LookAsync();
        await admin.FollowAsync("文面を直す");
        await admin.LookAsync();
        var body = await admin.Page.InputValueAsync("#Body");
        await admin.Page.FillAsync("#Subject", "お知らせ {{surname}}");
        await admin.Page.FillAsync("#Body", "{{number}} だけの本文 {{");
        await admin.PressAsync("下書きに保存する");
        await Expect(admin.Summary).ToContainTextAsync("件名: 件名には使えない差し込みがあります: {{surname}}。");
        await Expect(admin.Summary).ToContainTextAsync("本文: 「{{」と「}}」の形がくずれています。");
        await Expect(admin.Summary).ToContainTextAsync("{{desk}}（窓口の署名）");
        await Expect(admin.Page.Locator("#Body")).ToHaveValueAsync("{{number}} だけの本文 {{");
        await admin.LookAsync();
        await admin.Page.FillAsync("#Subject", "【新しい件名】（{{number}}）");
        await admin.Page.FillAsync("#Body", body + "\n追記の行です。\n");
        await admin.PressAsync("下書きに保存する");
        await admin.SeesAsync("下書きに保存しました。");
        await admin.SeesAsync("【新しい件名】（R08-000000）");
        await Expect(admin.Main.Locator(".diff ins").First).ToBeVisibleAsync();
        await admin.LookAsync();
        await admin.PressAsync("新しい版として公開する");
        await admin.IsToldAsync("変更の理由: 入力してください。");
        await admin.Page.FillAsync("#Note", "言い回しを改めた");
        await admin.PressAsync("新しい版として公開する");
        await admin.SeesAsync("第1版として公開しました。");
        await admin.SeesAsync("言い回しを改めた");
        await admin.LookAsync();

        await admin.PressAsync("この版に戻す");
        await admin.IsToldAsync("戻す版: 戻す版を選んでください。");
        await admin.Page.SelectOptionAsync("#Back", "0");
        await admin.PressAsync("この版に戻す");
        await admin.IsToldAsync("戻す理由: 入力してください。");
        await admin.Page.SelectOptionAsync("#Back", "0");
        await admin.Page.FillAsync("#Why", "元がよい");
        await admin.PressAsync("この版に戻す");
        await admin.SeesAsync("はじめの文面の内容を第2版として公開しました。");

        await using var clerk = await app.OpenAsync(Clerk);
        Assert.Equal(403, await clerk.GoAsync($"/settings/templates/mail?name={template}"));
        Assert.Equal(403, await clerk.GoAsync($"/settings/templates/mail/edit?name={template}"));
        Assert.Equal(404, await admin.GoAsync("/settings/templates/mail/edit?name=nobody"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task P08_before_booking_and_closing_the_page_tells_who_will_get_which_letter_and_the_ledger_tells_afterwards(bool scripts)
    {
        await app.Send(new SetClock(new(2026, 11, 24, 10, 0, 0, TimeSpan.FromHours(9))));
        var (@case, offer) = await app.OfferedCaseAsync($"株式会社架空しらせ{(scripts ? "本店" : "支店")}");
        await app.Send(new AcceptOffer(offer.Id), app.PersonOf(offer.Expert));
        await using var clerk = await app.OpenAsync(Clerk, scripts);
        await clerk.GoAsync($"/cases/{@case}/visits/new?Mode=Web&week=2026-12-07");
        await clerk.PressAsync("送信内容を確認する");
        await Expect(clerk.Summary).ToContainTextAsync("空いている時間を1つ選んでください。");
        await clerk.Main.Locator("section.day input[type=radio]").First.CheckAsync();
        await clerk.PressAsync("送信内容を確認する");
        await clerk.SeesAsync("この操作で送るメール 2通");
        await clerk.SeesAsync("まだ何も変えず、何も送っていません。");
        await Expect(clerk.Main.Locator("#rehearsed")).ToContainTextAsync("client@client.example");
        await Expect(clerk.Main.Locator("#rehearsed")).ToContainTextAsync("相談日のお知らせ");
        if (scripts)
        {
            await Expect(clerk.Main.Locator("#rehearsed")).ToBeFocusedAsync();
        }

        await clerk.LookAsync();
        await clerk.PressAsync("この内容で予約する");
        await clerk.SeesAsync("予約しました。");

        await clerk.FollowAsync("メールの記録");
        await clerk.SeesAsync("相談日のお知らせ");
        await clerk.SeesAsync("client@client.example");
        await clerk.LookAsync();
        await clerk.FollowAsync("相談日のお知らせ（相談者）の本文を読む");
        await clerk.SeesAsync("ご相談の日程が次のとおり決まりました");
        await clerk.LookAsync();
        await clerk.FollowAsync("メールの記録");
        await clerk.Page.SelectOptionAsync("#template", "visit-moved");
        await clerk.PressAsync("下見する");
        await clerk.SeesAsync("使用中（はじめの文面）");
        await clerk.SeesAsync("架空の見本を入れた項目: 変更前の日時");
        await clerk.LookAsync();

        await clerk.GoAsync($"/cases/{@case}/close");
        await clerk.ChooseAsync("取下げ");
        await clerk.PressAsync("送信内容を確認する");
        await clerk.SeesAsync("終わっていないものがあります");
        await clerk.ChooseAsync("これらをすべて取り消して完了にする");
        await clerk.PressAsync("送信内容を確認する");
        await clerk.SeesAsync("この操作で送るメール 2通");
        await Expect(clerk.Main.Locator("#rehearsed")).ToContainTextAsync("相談中止のお知らせ");
        await clerk.LookAsync();
        await clerk.SeesAsync("実施予定");
        await Expect(clerk.Main.Locator("label.choice", new() { HasText = "これらをすべて取り消して" }).Locator("input")).ToBeCheckedAsync();
        await clerk.PressAsync("完了にする");
        await clerk.SeesAsync("完了にしました。");
    }

    [Fact]
    public async Task A_desks_mail_hours_are_set_with_what_is_wrong_said_and_nothing_lost()
    {
        await using var admin = await app.OpenAsync(Administrator);
        await admin.GoAsync("/settings/desks/okinawa");
        await admin.Page.FillAsync("#MailFrom", "20:00");
        await admin.Page.FillAsync("#MailUntil", "8時");
        await admin.PressAsync("送る時間を保存する");
        await admin.Page.FillAsync("#MailUntil", "8:00");
        await admin.PressAsync("送る時間を保存する");
        await Expect(admin.Summary).ToContainTextAsync("メールを送る時間は、始まりと終わりの両方を");
        await Expect(admin.Page.Locator("#MailFrom")).ToHaveValueAsync("20:00");
        await admin.LookAsync();
        await admin.Page.FillAsync("#MailFrom", "8:00");
        await admin.Page.FillAsync("#MailUntil", "20:00");
        await admin.ChooseAsync("受付日だけ");
        await admin.PressAsync("送る時間を保存する");
        await admin.SeesAsync("メールを送る時間を保存しました。");
        await Expect(admin.Page.Locator("#MailUntil")).ToHaveValueAsync("20:00");
        await Expect(admin.Page.Locator("#Name")).Not.ToHaveValueAsync("");
        await admin.LookAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_expert_reads_the_own_letters_and_chooses_how_they_come(bool scripts)
    {
        var (_, offer) = await app.OfferedCaseAsync($"株式会社架空まとめ{(scripts ? "本店" : "支店")}");
        await using var expert = await app.OpenAsync(app.PersonOf(offer.Expert), scripts);
        await expert.GoAsync("/my-mail");
        await expert.SeesAsync("担当のお願い");
        await expert.LookAsync();
        await expert.ChooseAsync("急ぎでないものは1日1通にまとめる");
        await expert.PressAsync("受け取り方を保存する");
        await expert.SeesAsync("受け取り方を保存しました。");
        await Expect(expert.Main.Locator("label.choice", new() { HasText = "まとめる" }).Locator("input")).ToBeCheckedAsync();
        await expert.ChooseAsync("そのつど受け取る");
        await expert.PressAsync("受け取り方を保存する");
        await expert.SeesAsync("受け取り方を保存しました。");

        await using var supervisor = await app.OpenAsync("supervisor@desk.example", scripts);
        await supervisor.GoAsync($"/experts/{offer.Expert}");
        await supervisor.FollowAsync("送ったメール");
        await supervisor.SeesAsync("担当のお願い");
        await supervisor.LookAsync();
    }
}
