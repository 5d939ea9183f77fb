using Consultation.CaseFile;
using Consultation.Cases;
using Consultation.Demo;
using Consultation.Experts;
using Consultation.FollowUps;
using Consultation.Routing;
using Consultation.Topics;
using Consultation.Visits;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Consultation.Web.Tests.Browser;

/// <summary>An expert's week on a phone: snow at half past six (J58), leave over a visit (J25), follow-ups and owed reports; and who keeps the list.</summary>
public sealed class ExpertWeekJourneys(BrowserApp app) : IClassFixture<BrowserApp>
{
    private const string Clerk = "tohoku@desk.example";
    private static readonly DateTimeOffset Tuesday = new(2026, 11, 24, 10, 0, 0, TimeSpan.FromHours(9));
    private static readonly DateTimeOffset Snow = new(2026, 11, 25, 6, 30, 0, TimeSpan.FromHours(9));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task J58_in_the_snow_three_buttons_suffice_and_the_desk_calls_at_nine(bool scripts)
    {
        var (@case, visit, person) = await BookedAsync($"株式会社架空ゆきうさぎ{(scripts ? "本店" : "支店")}", Snow.AddHours(7));
        await app.Send(new SetClock(Snow));
        await using var expert = await app.OpenAsync(person, scripts);
        await expert.Page.SetViewportSizeAsync(360, 740);
        var dial = expert.Main.Locator("a[href='tel:0220001234']");
        await Expect(dial.First).ToBeVisibleAsync();
        await expert.LookAsync();

        await ActAsync(expert, "遅れる", visit.CaseNumber);
        await Expect(dial).ToBeVisibleAsync();
        await expert.PressAsync("遅れることを記録する");
        await expert.IsToldAsync("相談者への電話: 入力してください。");
        await expert.ChooseAsync("45分");
        await expert.ChooseAsync("話せた");
        await expert.Page.FillAsync("#Said", "雪で電車が遅れているとお伝えした。");
        await expert.LookAsync();
        await expert.PressAsync("遅れることを記録する");
        await expert.SeesAsync("遅れることを記録しました。");

        await ActAsync(expert, "Webに変更", visit.CaseNumber);
        await expert.Page.FillAsync("#Place", "https://meeting.example.jp/yuki");
        await expert.ChooseAsync("話せた");
        await expert.LookAsync();
        await expert.PressAsync("Web会議に変える");
        await expert.SeesAsync("https://meeting.example.jp/yuki");

        await ActAsync(expert, "延期", visit.CaseNumber);
        await expert.Page.FillAsync("#NewTime", "25時");
        await expert.ChooseAsync("つながらなかった");
        await expert.PressAsync("延期する");
        await expert.IsToldAsync("新しい時刻: 14:00 のように入力してください。");
        await expert.Page.FillAsync("#NewTime", "");
        await expert.LookAsync();
        await expert.PressAsync("延期する");
        await expert.SeesAsync("延期しました。");

        var calls = (await app.Send(new ListCallBacks(), Clerk)).Items.Where(call => call.Case == @case).ToList();
        Assert.Equal(3, calls.Count);
        Assert.All(calls, call => Assert.Equal(new DateTimeOffset(2026, 11, 25, 17, 0, 0, TimeSpan.FromHours(9)), call.DueAt));
        await using var desk = await app.OpenAsync(Clerk, scripts);
        await desk.GoAsync("/desk");
        await desk.SeesAsync("当日の連絡");
        // A task of the desk is done without a contact with the client.
        var contacts = (await app.Send(new GetCase(@case), Clerk)).Full!.Contacts.Count;
        await desk.Page.Locator(".calls--lean > li", new() { HasText = "当日の連絡" }).First.GetByRole(AriaRole.Button, new() { Name = "済んだ" }).ClickAsync();
        await desk.SeesAsync("電話・作業を済みにしました。");
        Assert.Equal(contacts, (await app.Send(new GetCase(@case), Clerk)).Full!.Contacts.Count);
        await desk.LookAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task J25_an_expert_keeps_the_week_and_leave_over_a_visit_is_flagged(bool scripts)
    {
        var day = scripts ? 2 : 3;
        var (_, visit, person) = await BookedAsync($"株式会社架空こがらし{(scripts ? "本店" : "支店")}", new(2026, 12, day, 13, 0, 0, TimeSpan.FromHours(9)));
        await using var expert = await app.OpenAsync(person, scripts);
        await expert.Page.SetViewportSizeAsync(360, 740);
        Assert.Equal(403, await expert.GoAsync("/desk"));
        Assert.Equal(403, await expert.GoAsync("/inquiries/new"));
        Assert.Equal(403, await expert.GoAsync("/experts"));

        await expert.GoAsync("/availability");
        await expert.LookAsync();
        await expert.Page.FillAsync("#Week_0__Parts_0__To", "12時");
        await expert.Page.FillAsync("#Week_0__Parts_1__From", "昼から");
        await expert.PressAsync("勤務時間を保存する");
        await Expect(expert.Summary).ToContainTextAsync("月曜日の始まり: 9:00 のように");
        await expert.Page.FillAsync("#Week_0__Parts_1__From", "13:00");
        await expert.Page.FillAsync("#Week_0__Parts_1__To", "17:00");
        await expert.PressAsync("勤務時間を保存する");
        await expert.SeesAsync("保存しました。");
        await Expect(expert.Page.Locator("#Week_0__Parts_1__From")).ToHaveValueAsync("13:00");
        await expert.Page.SelectOptionAsync("#Week_0__Parts_1__Modes", "Web");
        await expert.PressAsync("勤務時間を保存する");
        await Expect(expert.Page.Locator("#Week_0__Parts_1__Modes")).ToHaveValueAsync("Web");

        await expert.PressAsync("この日の時間を登録する");
        await expert.IsToldAsync("日付: 2026年11月24日のように、暦にある日付を入力してください。");
        await FillDayAsync(12, 12);
        await expert.Page.FillAsync("#OwnParts_0__From", "9:00");
        await expert.Page.FillAsync("#OwnParts_0__To", "12:00");
        await expert.PressAsync("この日の時間を登録する");
        await Expect(expert.Summary).ToContainTextAsync("土曜日のため相談日にできません");
        await expert.LookAsync();
        await FillDayAsync(12, 9);
        await expert.PressAsync("この日の時間を登録する");
        await expert.SeesAsync("その日の勤務時間を登録しました。");
        await expert.SeesAsync("9:00〜12:00");
        await expert.LookAsync();
        await expert.Page.SetViewportSizeAsync(360, 740);
        await expert.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^いつもの時間に戻す.*12月9日") }).ClickAsync();
        await expert.SeesAsync("1週間の勤務時間に戻しました。");

        async Task FillDayAsync(int month, int on)
        {
            await expert.Page.Locator("[name='OwnDay.Year']").FillAsync("2026");
            await expert.Page.Locator("[name='OwnDay.Month']").FillAsync($"{month}");
            await expert.Page.Locator("[name='OwnDay.Day']").FillAsync($"{on}");
        }

        await expert.PressAsync("不在を登録する");
        await expert.IsToldAsync("終わりの日: 2026年11月24日のように、暦にある日付を入力してください。");
        foreach (var which in (string[])["FromDay", "ToDay"])
        {
            await expert.Page.Locator($"[name='{which}.Year']").FillAsync("2026");
            await expert.Page.Locator($"[name='{which}.Month']").FillAsync("12");
            await expert.Page.Locator($"[name='{which}.Day']").FillAsync($"{day}");
        }

        await expert.Page.FillAsync("#Reason", "通院");
        await expert.PressAsync("不在を登録する");
        await expert.SeesAsync("不在や外部の予定と重なる予約が1件あります");
        await expert.SeesAsync(visit.CaseNumber);
        await expert.LookAsync();
        Assert.Contains((await app.Send(new ListCallBacks(), Clerk)).Items, call => call.Number == visit.CaseNumber && !call.Reason.Contains("通院", StringComparison.Ordinal));

        await expert.GoAsync($"/diary?on=2026-12-0{day}");
        await expert.SeesAsync("不在と重なる");
        await expert.SeesAsync("移動");
        await expert.LookAsync();
        await expert.Page.SetViewportSizeAsync(360, 740);
        await expert.FollowAsync("次の日");
        Assert.Contains($"on=2026-12-0{day + 1}", expert.Path, StringComparison.Ordinal);
        await expert.FollowAsync("1週間");
        await Expect(expert.Main.Locator(".diary-days > section")).ToHaveCountAsync(7);
        await Expect(expert.Main.Locator(".diary-days > section").Last).ToBeVisibleAsync();
        await expert.SeesAsync("日曜日");
        await expert.LookAsync();
        await expert.FollowAsync("前の週");
        await expert.SeesAsync("国民の祝日(勤労感謝の日)");

        await expert.GoAsync("/availability");
        await expert.Page.GetByRole(AriaRole.Button, new() { NameRegex = new($"^取り消す.*12月{day}日") }).ClickAsync();
        await expert.SeesAsync("不在を取り消しました。");

        await expert.PressAsync("ファイルを読み込む");
        await Expect(expert.Summary).ToContainTextAsync("予定表のファイル（.ics）を選んでください。");
        await FileAsync("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:きょう\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
        await Expect(expert.Summary).ToContainTextAsync("3行目の日時を読めません。");
        await expert.LookAsync();
        await expert.Page.SetViewportSizeAsync(360, 740);
        await FileAsync($"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:ひみつの予定\r\nDTSTART;TZID=Asia/Tokyo:202612{day:00}T133000\r\nDURATION:PT1H\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
        await expert.SeesAsync("予定表を読み込みました。");
        await expert.SeesAsync("不在や外部の予定と重なる予約が1件あります");
        await expert.LookAsync();
        await expert.GoAsync($"/diary?on=2026-12-0{day}");
        await expert.SeesAsync("外部の予定と重なる");
        Assert.Contains((await app.Send(new ListCallBacks(), Clerk)).Items, call => call.Number == visit.CaseNumber && call.Reason.Contains("外部の予定", StringComparison.Ordinal));
        await expert.GoAsync("/availability");
        await expert.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^使うのをやめる") }).ClickAsync();
        await expert.SeesAsync("この予定表を使うのをやめました。");

        async Task FileAsync(string text)
        {
            await expert.Page.SetInputFilesAsync("#CalendarFile", new FilePayload { Name = "予定.ics", MimeType = "text/calendar", Buffer = System.Text.Encoding.UTF8.GetBytes(text) });
            await expert.PressAsync("ファイルを読み込む");
        }
    }

    [Fact]
    public async Task J61_the_phone_shows_what_is_owed_and_a_report_of_a_lost_track_is_filed_and_filed_again()
    {
        var (@case, visit, person) = await BookedAsync("株式会社架空はつゆき", Tuesday.AddDays(7).AddHours(3));
        await app.Send(new SetClock(visit.End.AddMinutes(10)));
        await app.Send(new CompleteVisit(visit.Id, VisitOutcome.TookPlace), person);
        var followUp = (await app.Send(new ListFollowUps(Limit: 200), Clerk)).Items.First(row => row.Case == @case);
        await using (var desk = await app.OpenAsync(Clerk))
        {
            await desk.GoAsync($"/cases/{@case}/follow-ups/{followUp.Id}");
            await desk.ChooseAsync("専門家");
            await desk.PressAsync("担当を変える");
            await desk.SeesAsync("フォローアップを専門家に任せました。");
        }

        await using var expert = await app.OpenAsync(person);
        await expert.Page.SetViewportSizeAsync(360, 740);
        await expert.SeesAsync("任されたフォローアップ");
        await expert.SeesAsync("書く報告");
        await expert.LookAsync();
        await expert.Main.Locator("section[aria-labelledby=follow] a", new() { HasText = "株式会社架空はつゆき" }).ClickAsync();
        await expert.ChooseAsync("進んだ");
        await expert.PressAsync("結果を記録する");
        await expert.SeesAsync("フォローアップの結果を記録しました。");

        await DictateAsync(@case, visit.Id);
        await ConfirmAsync(expert, @case);
        await app.Send(new ReturnReport(visit.Id, Track.Mic, "助言の内容を足してください。"), "supervisor@desk.example");

        // Whoever was the best for the other cases of this class is not always the same.
        var other = (await app.Send(new ListCandidates(@case, Track.Mic), "supervisor@desk.example")).First(one => one.Excluded.Count == 0 && app.PersonOf(one.ExpertId) != person).ExpertId;
        await app.Send(new ReassignTrack(@case, Track.Mic, other, "担当の変更"), "supervisor@desk.example");
        Assert.Equal(404, await expert.GoAsync($"/cases/{@case}"));
        await expert.GoAsync("/my-cases");
        await FileAsync(expert, "置き場を決める手順を一緒に確かめた。");
        await app.Send(new ReturnReport(visit.Id, Track.Mic, "次にすることを書き足してください。"), "supervisor@desk.example");
        await expert.GoAsync("/my-cases");
        await expert.SeesAsync("次にすることを書き足してください。");
        await FileAsync(expert, "置き場を決める手順を一緒に確かめた。次は規程を整える。");

        await app.Send(new ApproveReport(visit.Id, Track.Mic), "supervisor@desk.example");
        await using var supervisor = await app.OpenAsync("supervisor@desk.example");
        await supervisor.GoAsync($"/cases/{@case}/visits/{visit.Id}/review?track=Mic");
        Assert.EndsWith("/reports", supervisor.Path, StringComparison.Ordinal);
        await supervisor.SeesAsync("次は規程を整える。");
    }

    [Fact]
    public async Task A_supervisor_keeps_the_list_of_experts()
    {
        await using var supervisor = await app.OpenAsync("supervisor@desk.example");
        await supervisor.GoAsync("/experts");
        await supervisor.FollowAsync("専門家を登録する");
        await supervisor.PressAsync("登録する");
        await Expect(supervisor.Summary).ToContainTextAsync("氏名");
        await supervisor.Page.FillAsync("#Input_Name", "架空 みぞれ");
        await supervisor.ChooseAsync("厚労省");
        await supervisor.Page.SelectOptionAsync("#Input_Prefecture", "05");
        await supervisor.LookAsync();
        await supervisor.PressAsync("登録する");
        await supervisor.SeesAsync("架空 みぞれさんを登録しました。");
        await supervisor.SeesAsync("東北");
        await supervisor.FollowAsync("登録内容を直す");
        await supervisor.Page.FillAsync("#Input_Capacity", "2");
        await supervisor.PressAsync("保存する");
        await supervisor.SeesAsync("担当 0 / 2");
        await supervisor.Page.Locator("[name='ToDay.Year']").FillAsync("2026");
        await supervisor.Page.Locator("[name='ToDay.Month']").FillAsync("12");
        await supervisor.Page.Locator("[name='ToDay.Day']").FillAsync("25");
        await supervisor.Page.FillAsync("#Reason", "長期休暇");
        await supervisor.PressAsync("不在を登録する");
        await supervisor.SeesAsync("不在中");
        await supervisor.LookAsync();
    }

    private static async Task ActAsync(Visitor expert, string act, string number)
    {
        await expert.GoAsync("/my-cases");
        await expert.Main.GetByRole(AriaRole.Link, new() { NameRegex = new($"^{act}.*{number}") }).ClickAsync();
    }

    /// <summary>The desk takes the report down; it is read in the story and on its own page, and only a supervisor decides on it.</summary>
    private async Task DictateAsync(CaseId @case, VisitId visit)
    {
        await using var desk = await app.OpenAsync(Clerk);
        await desk.GoAsync($"/cases/{@case}/visits/{visit}/report?track=Mic");
        await desk.Page.FillAsync("#Text", "回線の冗長化を助言した。");
        await desk.ChooseAsync("もう1回の相談が要る");
        await desk.Page.FillAsync("#Source", "専門家が電話で口述");
        await desk.PressAsync("報告を提出する");
        await desk.SeesAsync("次の相談の日程調整");
        await desk.UnfoldAsync("報告の本文を読む");
        await Expect(desk.Main.Locator(".story").GetByText("回線の冗長化を助言した。")).ToBeVisibleAsync();
        await desk.FollowAsync("報告を読む");
        await desk.SeesAsync("回線の冗長化を助言した。");
        await desk.SeesAsync("聞き取り・専門家の確認待ち");
        await desk.LookAsync();
        Assert.Equal(403, await desk.GoAsync($"/cases/{@case}/visits/{visit}/review?track=Mic"));
    }

    private static async Task ConfirmAsync(Visitor expert, CaseId @case)
    {
        await expert.GoAsync("/my-cases");
        await expert.SeesAsync("聞き取りで書かれた報告を確かめてください");
        await expert.LookAsync();
        await expert.GoAsync($"/cases/{@case}");
        await expert.SeesAsync("聞き取りで書かれた報告を確かめてください");
        await expert.FollowAsync("報告を確かめる");
        await expert.SeesAsync("回線の冗長化を助言した。");
        await expert.LookAsync();
        await expert.FollowAsync("書き直す");
        await Expect(expert.Page.Locator("#Text")).ToHaveValueAsync("回線の冗長化を助言した。");
        await expert.Page.GoBackAsync();
        await expert.PressAsync("確認する");
        await expert.SeesAsync("報告を確認しました。");
        await Expect(expert.Main).Not.ToContainTextAsync("聞き取りで書かれた報告を確かめてください");
    }

    private static async Task FileAsync(Visitor expert, string text)
    {
        await expert.Main.Locator("section[aria-labelledby=owed] a", new() { HasText = "株式会社架空はつゆき" }).ClickAsync();
        await expert.LookAsync();
        await expert.Page.FillAsync("#Text", text);
        await expert.ChooseAsync("もう1回の相談が要る");
        await expert.PressAsync("報告を提出する");
        await expert.SeesAsync("報告を提出しました。");
    }

    /// <summary>An on-site visit at the first free time from then on, booked by the expert who was asked and said yes.</summary>
    private async Task<(CaseId Case, ChangedVisit Visit, string Person)> BookedAsync(string organisation, DateTimeOffset from)
    {
        await app.Send(new SetClock(Tuesday));
        var (@case, offer) = await app.OfferedCaseAsync(organisation);
        var person = app.PersonOf(offer.Expert);
        await app.Send(new AcceptOffer(offer.Id), person);
        var slot = (await app.Send(new ListSlots(@case, from, from.AddDays(1), VisitMode.Visit), person))[0];
        return (@case, await app.Send(new BookVisit(@case, slot.Start, slot.End, VisitMode.Visit, VisitStage.Assess), person), person);
    }
}
