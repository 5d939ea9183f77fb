using Consultation.Cases;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Consultation.Web.Tests.Browser;

/// <summary>The administrator changes rules, years and calendar: looks first, then does it.</summary>
public sealed class SettingsJourneys(BrowserApp app) : IClassFixture<BrowserApp>
{
    private const string Administrator = "admin@desk.example";

    [Fact]
    public async Task A_new_word_is_tried_compared_and_saved_as_a_version_the_desk_sees_at_once()
    {
        await using var admin = await app.OpenAsync(Administrator);
        await admin.GoAsync("/settings");
        await admin.FollowAsync("振り分け基準");
        await admin.LookAsync();
        await admin.FollowAsync("通信環境・ネットワーク");
        var topic = admin.Path;
        await admin.LookAsync();

        await admin.PressAsync("下書きに足す");
        await admin.IsToldAsync("足す語句: 入力してください。");
        await admin.Page.FillAsync("#Phrase", "の");
        await admin.PressAsync("下書きに足す");
        await Expect(admin.Summary).ToContainTextAsync("語句が短すぎるか、ありふれています。");
        await Expect(admin.Page.Locator("#Phrase")).ToHaveValueAsync("の");
        await admin.Page.FillAsync("#Weight", "重い");
        await admin.PressAsync("重みを変える");
        await admin.IsToldAsync("新しい重み: 0.7 のように、0 より大きく 10 以下の数字で入力してください。");
        await admin.PressAsync("削除する");
        await Expect(admin.Summary).ToContainTextAsync("語句: 語句を一つ以上選んでください。");
        await admin.LookAsync();

        await admin.GoAsync(topic);
        await admin.Page.FillAsync("#Phrase", "ゾルトラーク");
        await admin.PressAsync("下書きに足す");
        await admin.SeesAsync("「ゾルトラーク」を下書きに足しました。");
        await admin.FollowAsync("文章で試す");
        await admin.PressAsync("この文章で試す");
        await admin.IsToldAsync("相談の文章: 入力してください。");
        await admin.Page.FillAsync("#Text", "ゾルトラークについて。");
        await admin.PressAsync("この文章で試す");
        await Expect(admin.Page.Locator("#now")).ToContainTextAsync("聞き足してから判断");
        await Expect(admin.Page.Locator("#draft")).ToContainTextAsync("総務省");
        await Expect(admin.Page.Locator("mark[data-lead=mic]")).ToHaveTextAsync("ゾルトラーク");
        await admin.LookAsync();
        await admin.FollowAsync("最近の案件で比べる");
        await admin.SeesAsync("件のうち0件の行き先が変わります。");
        await admin.LookAsync();
        var logged = await app.Send(new LogInquiry(Channel.Phone, "ゾルトラークがどうにも。内緒の話。"), "tohoku@desk.example");
        await admin.GoAsync("/settings/rules");
        await admin.FollowAsync("変わる案件を確かめる");
        await admin.SeesAsync("件のうち1件の行き先が変わります。");
        var changed = admin.Main.Locator($"#{logged.Number}");
        await Expect(changed).ToContainTextAsync($"{logged.Number} 聞き足してから判断 → 総務省");
        await Expect(changed).ToContainTextAsync("「ゾルトラーク」");
        await Expect(admin.Main).Not.ToContainTextAsync("内緒");
        await admin.LookAsync();

        await admin.GoAsync("/settings/rules");
        await admin.PressAsync("新しい版として保存する");
        await admin.IsToldAsync("変更の理由: 入力してください。");
        await admin.LookAsync();
        await admin.Page.FillAsync("#Note", "新しい設備の名前が増えたため");
        await admin.PressAsync("新しい版として保存する");
        await admin.SeesAsync("第2版として保存しました。");
        await admin.SeesAsync("新しい設備の名前が増えたため");
        Assert.Equal([Consultation.Topics.Track.Mic], (await app.Send(new LogInquiry(Channel.Phone, "ゾルトラークについて。"), "tohoku@desk.example")).Suggestion.Tracks);

        await admin.GoAsync("/settings/rules/answer?code=HOURS");
        await admin.Page.FillAsync("#Heading", "");
        await admin.Page.FillAsync("#Text", new string('長', 401));
        await admin.PressAsync("下書きに保存する");
        await admin.IsToldAsync("見出し: 入力してください。");
        await admin.Page.FillAsync("#Heading", "受付時間");
        await admin.PressAsync("下書きに保存する");
        await admin.IsToldAsync("文面: 文面は400文字以内で入力してください（いまは 401文字）。");
        await admin.LookAsync();
        await admin.GoAsync("/settings/rules/expert");
        await admin.LookAsync();
        await admin.Page.FillAsync("#Json", "{ \"version\": ");
        await admin.PressAsync("確かめて下書きに保存する");
        await Expect(admin.Summary).ToContainTextAsync("基準: 基準として読み取れません");
        await Expect(admin.Page.Locator("#Json")).ToHaveValueAsync("{ \"version\": ");
        await admin.GoAsync("/settings/templates");
        await admin.LookAsync();
        await admin.FollowAsync("相談日のお知らせ");
        await admin.SeesAsync("{{number}}");
        await admin.SeesAsync("株式会社見本すみれ");
        await admin.LookAsync();
    }

    [Fact]
    public async Task J29_a_day_is_closed_after_looking_at_what_moves_and_opened_again()
    {
        var logged = await app.Send(new LogInquiry(Channel.Email, "勤怠の相談。", Desk: "shikoku"));
        var friday = new DateOnly(2026, 11, 27);
        await using var admin = await app.OpenAsync(Administrator);
        await admin.GoAsync("/settings/calendar");
        await admin.LookAsync();
        await admin.FollowAsync("2028年");
        await admin.SeesAsync("案（未確定）");
        await admin.FollowAsync("臨時休業を加える");
        await admin.PressAsync("動く日付を確かめる");
        await admin.IsToldAsync("休業する日: 入力してください。", "理由: 入力してください。");
        await FillAsync(admin, "2026", "2", "30", "停電");
        await admin.PressAsync("動く日付を確かめる");
        await admin.IsToldAsync("休業する日: 2026年12月24日のように、暦にある日付を入力してください。");
        await admin.LookAsync();
        await FillAsync(admin, "2026", "11", "23", "停電");
        await admin.PressAsync("動く日付を確かめる");
        await admin.IsToldAsync("休業する日: 過ぎた日は休業日にできません。今日以降の日付を入力してください。");

        await FillAsync(admin, "2026", "11", "24", "停電");
        await admin.Page.SelectOptionAsync("#Desk", "shikoku");
        await admin.PressAsync("動く日付を確かめる");
        var row = admin.Page.Locator("#preview tr", new() { HasText = logged.Number });
        await Expect(row).ToContainTextAsync("初回応答");
        await Expect(row).ToContainTextAsync("11月25日(水) 13:00");
        await admin.LookAsync();
        await FillAsync(admin, $"{friday.Year}", $"{friday.Month}", $"{friday.Day}", "停電");
        await admin.PressAsync("11月24日(火)を休業日にする");
        // What was typed since is looked at first and not done.
        await Expect(admin.Page.Locator("#preview-h")).ToContainTextAsync("11月27日(金)");
        await admin.PressAsync("11月27日(金)を休業日にする");
        await admin.SeesAsync("2026年11月27日(金)を休業日にしました。");
        await admin.FollowAsync("取りやめる");
        await admin.LookAsync();
        await admin.PressAsync("11月27日(金)を受付日に戻す");
        await admin.SeesAsync("2026年11月27日(金)を受付日に戻しました。");
        await Expect(admin.Main.Locator("td", new() { HasText = "停電" })).ToHaveCountAsync(0);

        await using var desk = await app.OpenAsync("tohoku@desk.example");
        foreach (var page in (string[])["rules", "rules/try", "rules/compare", "programmes", "calendar", "calendar/close", "templates"])
        {
            Assert.Equal(403, await desk.GoAsync($"/settings/{page}"));
        }
    }

    [Fact]
    public async Task A_years_settings_say_what_is_wrong_and_what_became_of_accounts_also_without_scripts()
    {
        await using var admin = await app.OpenAsync(Administrator);
        await using var plain = await app.OpenAsync(Administrator, scripts: false);
        await admin.GoAsync("/settings/programmes");
        await admin.LookAsync();
        await admin.FollowAsync("令和8年度");
        await admin.LookAsync();
        await plain.GoAsync(admin.Path);

        await admin.Page.FillAsync("#Input_OpensOn", "");
        await admin.Page.FillAsync("#Input_QuotaLimit", "三");
        await admin.Page.FillAsync("#Input_VisitCloses", "25:00");
        await admin.PressAsync("保存する");
        await admin.IsToldAsync(
            "受付開始日: 2027年3月31日のように、暦にある日付を入力してください。", "回数（回）: 3 のように、数字だけで入力してください。", "終了時刻: 9:00 のように入力してください。");
        await Expect(admin.Page.Locator("#Input_QuotaLimit")).ToHaveValueAsync("三");
        await admin.LookAsync();
        await admin.Page.FillAsync("#Input_OpensOn", "2026");
        await admin.Page.FillAsync("#Input_QuotaLimit", "-1");
        await admin.Page.FillAsync("#Input_VisitCloses", "8:00");
        await admin.PressAsync("保存する");
        await admin.Page.FillAsync("#Input_QuotaLimit", "100");
        await admin.PressAsync("保存する");
        await admin.IsToldAsync("回数（回）: 0から99の範囲で入力してください。", "終了時刻: 開始より後の時刻にしてください。");

        // Without scripts, and first; the other window's form is older then.
        await plain.Page.FillAsync("#Input_QuotaLimit", "1");
        await plain.PressAsync("保存する");
        await plain.SeesAsync("利用可能回数を3回から1回に減らします。");
        await plain.Page.FillAsync("#Input_QuotaLimit", "0");
        await plain.PressAsync("1回に減らして保存する");
        await plain.SeesAsync("この年度の無料相談を新しく予約できなくなります。");
        await plain.Page.FillAsync("#Input_QuotaLimit", "1");
        await plain.PressAsync("0回に減らして保存する");
        await plain.PressAsync("1回に減らして保存する");
        await plain.SeesAsync("令和8年度の設定を保存しました。");
        await plain.SeesAsync("者の上限を変えました。");

        await admin.Page.FillAsync("#Input_QuotaLimit", "3");
        await admin.Page.FillAsync("#Input_VisitCloses", "17:00");
        await admin.Page.FillAsync("#Input_ReportDays", "8");
        await admin.PressAsync("保存する");
        await admin.SeesAsync("ほかの人が先に保存しました。まだ保存していません");
        await Expect(admin.Page.Locator("#Input_ReportDays")).ToHaveValueAsync("8");
        await admin.LookAsync();
        await admin.PressAsync("保存する");
        await admin.SeesAsync("令和8年度の設定を保存しました。");

        await plain.PressAsync("令和9年度を作る");
        await plain.SeesAsync("令和9年度を作りました。");
        await plain.GoAsync("/settings/calendar/close");
        await FillAsync(plain, "2026", "12", "25", "研修");
        await plain.PressAsync("動く日付を確かめる");
        await plain.PressAsync("12月25日(金)を休業日にする");
        await plain.SeesAsync("2026年12月25日(金)を休業日にしました。");
    }

    private static async Task FillAsync(Visitor visitor, string year, string month, string day, string reason)
    {
        await visitor.Page.FillAsync("#On", year);
        await visitor.Page.FillAsync("[name='On.Month']", month);
        await visitor.Page.FillAsync("[name='On.Day']", day);
        await visitor.Page.FillAsync("#Reason", reason);
    }
}
