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
        await admin.SeesAsync("予測（未確定）");
        await admin.FollowAsync("臨時休業を加える");
        await admin.PressAsync("動く日付を確かめる");
        await admin.IsToldAsync("日付: 入力してください。", "理由: 入力してください。");
        await FillAsync(admin, "2026", "2", "30", "停電");
        await admin.PressAsync("動く日付を確かめる");
        await admin.IsToldAsync("日付: 2026年12月24日のように、暦にある日付を入力してください。");
        await admin.LookAsync();
        await FillAsync(admin, "2026", "11", "23", "停電");
        await admin.PressAsync("動く日付を確かめる");
        await admin.IsToldAsync("日付: 過ぎた日は休業日にできません。今日以降の日付を入力してください。");

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
        foreach (var page in (string[])["rules", "rules/try", "rules/compare", "programmes", "calendar", "calendar/close", "calendar/open", "calendar/holidays", "calendar/year-end", "templates"])
        {
            Assert.Equal(403, await desk.GoAsync($"/settings/{page}"));
        }
    }

    [Fact]
    public async Task The_holiday_table_is_looked_at_and_then_published_also_without_scripts()
    {
        // To be assigned until the closing of the 25th.
        var logged = await app.Send(new LogInquiry(Channel.Phone, "就業規則の相談", Desk: "kyushu"));
        await app.Send(new RouteCase(logged.Id, [Consultation.Topics.Track.Mhlw], Reason: "試験"));
        await using var admin = await app.OpenAsync(Administrator);
        await using var plain = await app.OpenAsync(Administrator, scripts: false);
        await admin.GoAsync("/settings/calendar");
        await admin.SeesAsync("2027年まで");
        await admin.FollowAsync("祝日の表を更新する");
        await admin.LookAsync();
        await admin.PressAsync("変わる日を確かめる");
        await admin.IsToldAsync("祝日の表のファイル（.csv）: 内閣府の「syukujitsu.csv」を選んでください。");
        await SendAsync(admin, "日付,名称\r\n2026/1/1,元日\r\n");
        await admin.IsToldAsync("祝日の表のファイル（.csv）: 祝日の表ではありません。1行目が「国民の祝日・休日月日,国民の祝日・休日名称」のファイルを選んでください。");
        await admin.LookAsync();
        await SendAsync(admin, Table(added: new(2026, 12, 9), without: new(2026, 11, 23)));
        await admin.IsToldAsync("祝日の表のファイル（.csv）: このファイルには、過ぎた祝日がありません（2026年11月23日(月) 勤労感謝の日）。過ぎた日は変えられません。ファイルを確かめてください。");

        await SendAsync(admin, Table(added: new(2026, 11, 25)));
        await Expect(admin.Page.Locator("#preview-h")).ToContainTextAsync("動く日付:");
        await admin.SeesAsync("加わる日");
        var row = admin.Page.Locator("#preview tr", new() { HasText = logged.Number });
        await Expect(row).ToContainTextAsync("11月26日(木)");
        await admin.LookAsync();

        // A colleague publishes another table meanwhile, without scripts.
        await plain.GoAsync("/settings/calendar/holidays");
        await SendAsync(plain, Table(added: new(2027, 2, 22)));
        await plain.PressAsync("第2版として使い始める");
        await plain.SeesAsync("祝日の表を第2版にしました。");
        await admin.PressAsync("第2版として使い始める");
        await Expect(admin.Summary).ToContainTextAsync("見ている間に、祝日の表が更新されました。");
        await admin.SeesAsync("なくなる日");
        await admin.PressAsync("第3版として使い始める");
        await admin.SeesAsync("祝日の表を第3版にしました。2027年まで確定です。");
        await admin.GoAsync("/settings/calendar?year=2026");
        await admin.SeesAsync("試しの祝日");
        await admin.LookAsync();

        await using var desk = await app.OpenAsync("supervisor@desk.example");
        await desk.GoAsync($"/cases/{logged.Id}");
        await desk.SeesAsync("試しの祝日");
        await admin.GoAsync("/settings/calendar/holidays");
        await SendAsync(admin, Table());
        await admin.PressAsync("第4版として使い始める");
        await admin.SeesAsync("祝日の表を第4版にしました。");
    }

    private static async Task SendAsync(Visitor visitor, string text)
    {
        System.Text.Encoding.RegisterProvider(System.Text.CodePagesEncodingProvider.Instance);
        await visitor.Page.SetInputFilesAsync("#Upload", new FilePayload { Name = "syukujitsu.csv", MimeType = "text/csv", Buffer = System.Text.Encoding.GetEncoding(932).GetBytes(text) });
        await visitor.PressAsync("変わる日を確かめる");
    }

    private static string Table(DateOnly? added = null, DateOnly? without = null)
    {
        var days = Enumerable.Range(2019, 9).SelectMany(Consultation.Calendar.NationalCalendar.Shipped.HolidaysOf).Where(h => h.On != without).Select(h => (h.On, h.Name));
        days = added is { } day ? days.Append((day, "試しの祝日")).OrderBy(d => d.Item1) : days;
        return "国民の祝日・休日月日,国民の祝日・休日名称\r\n" + string.Concat(days.Select(d => $"{d.Item1.Year}/{d.Item1.Month}/{d.Item1.Day},{d.Item2}\r\n"));
    }

    [Fact]
    public async Task A_saturday_is_opened_and_the_year_end_changed_after_a_look_at_what_moves()
    {
        await using var admin = await app.OpenAsync(Administrator);
        await admin.GoAsync("/settings/calendar");
        await admin.FollowAsync("開所・時間変更を加える");
        await admin.PressAsync("動く日付を確かめる");
        await admin.IsToldAsync("日付: 入力してください。", "受付の始まり: 入力してください。", "受付の終わり: 入力してください。", "理由: 入力してください。");
        await admin.LookAsync();
        await FillAsync(admin, "2026", "11", "28", "土曜相談会");
        await admin.Page.FillAsync("#Opens", "じゅうじ");
        await admin.Page.FillAsync("#Closes", "15:00");
        await admin.PressAsync("動く日付を確かめる");
        await admin.IsToldAsync("受付の始まり: 9:00 のように入力してください。");
        await admin.Page.FillAsync("#Opens", "10:00");
        await admin.Page.SelectOptionAsync("#Desk", "hokuriku");
        await admin.PressAsync("動く日付を確かめる");
        await Expect(admin.Page.Locator("#preview-h")).ToContainTextAsync("2026年11月28日(土)");
        await admin.LookAsync();
        await admin.PressAsync("11月28日(土)をこの時間で開く");
        await admin.SeesAsync("2026年11月28日(土)の受付時間を登録しました。");
        await admin.SeesAsync("臨時開所 10:00〜15:00");
        await admin.LookAsync();
        await admin.FollowAsync(@"取りやめる\s*（11月28日");
        await admin.LookAsync();
        await admin.PressAsync("11月28日(土)をふだんどおりに戻す");
        await admin.SeesAsync("2026年11月28日(土)をふだんどおりに戻しました。");

        await admin.FollowAsync("年末年始を変える");
        await admin.Page.FillAsync("#FromDay", "12");
        await admin.PressAsync("動く日付を確かめる");
        await admin.IsToldAsync("休みの初日（12月）: 24から31の範囲で入力してください。");
        await admin.LookAsync();
        await admin.Page.FillAsync("#FromDay", "28");
        await admin.PressAsync("動く日付を確かめる");
        await admin.PressAsync("2026年の冬からこの年末年始にする");
        await admin.SeesAsync("2026年の冬からの年末年始を変えました。");
        await admin.SeesAsync("12月28日から翌年1月3日まで");
        await admin.FollowAsync("年末年始を変える");
        await admin.Page.FillAsync("#FromDay", "29");
        await admin.PressAsync("動く日付を確かめる");
        await admin.PressAsync("2026年の冬からこの年末年始にする");
        await admin.SeesAsync("12月29日から翌年1月3日まで");
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
