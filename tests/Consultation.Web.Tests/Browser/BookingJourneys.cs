using System.Net;
using System.Text;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Routing;
using Consultation.Visits;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Consultation.Web.Tests.Browser;

/// <summary>Booking as the clerk meets it where it is not simple: by keyboard alone, over lunch, without quota, with nothing free, and with an expert's broken calendar.</summary>
public sealed class BookingJourneys(BrowserApp app) : IClassFixture<BrowserApp>
{
    private const string Clerk = "tohoku@desk.example";

    private async Task<(CaseId Case, ExpertId Expert)> AcceptedAsync(string organisation, ExpertId? expert = null)
    {
        var (id, offer) = await app.OfferedCaseAsync(organisation, expert);
        await app.Send(new AcceptOffer(offer.Id, "電話で受諾"), Clerk);
        return (id, offer.Expert);
    }

    [Fact]
    public async Task J53_a_visit_is_booked_by_keyboard_alone()
    {
        var (id, _) = await AcceptedAsync("株式会社架空けんばん");
        await using var clerk = await app.OpenAsync(Clerk);
        await clerk.GoAsync($"/cases/{id}");
        await clerk.TabToAsync(clerk.Main.GetByRole(AriaRole.Link, new() { NameRegex = new("^相談を予約する") }).First, 120);
        await clerk.Page.Keyboard.PressAsync("Enter");
        await clerk.SeesAsync("第1回の相談を予約する");
        // The way by web, with the arrows of a group; then the times of the week for it.
        await clerk.TabToAsync(clerk.Main.Locator("form.filters input[name=Mode]:checked"));
        for (var i = 0; i < 3 && await clerk.Main.Locator("form.filters input[name=Mode]:checked").GetAttributeAsync("value") != "Web"; i++)
        {
            await clerk.Page.Keyboard.PressAsync("ArrowRight");
        }

        await clerk.TabToAsync(clerk.Main.GetByRole(AriaRole.Button, new() { Name = "この条件で空きを見る" }));
        await clerk.Page.Keyboard.PressAsync("Enter");
        await Expect(clerk.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("Mode=Web"));
        await clerk.TabToAsync(clerk.Main.GetByRole(AriaRole.Link, new() { NameRegex = new("^次の週") }));
        await clerk.Page.Keyboard.PressAsync("Enter");
        await Expect(clerk.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("week=2026-11-30"));
        var first = clerk.Main.Locator("input[name=Slot]").First;
        await clerk.TabToAsync(first);
        await clerk.Page.Keyboard.PressAsync("Space");
        await clerk.Page.Keyboard.PressAsync("ArrowDown");
        var chosen = (await clerk.Main.Locator("input[name=Slot]:checked").GetAttributeAsync("value"))!;
        Assert.NotEqual(await first.GetAttributeAsync("value"), chosen);
        await clerk.TabToAsync(clerk.Main.GetByRole(AriaRole.Button, new() { Name = "この内容で予約する" }));
        await clerk.Page.Keyboard.PressAsync("Enter");
        await clerk.SeesAsync("予約しました。");
        Assert.Equal(chosen[..16], ((DateTime)(await app.SqlRowAsync($"select starts_at at time zone 'Asia/Tokyo' from visits where case_id = '{id}' and state = 'confirmed'"))[0]).ToString("yyyy-MM-ddTHH:mm", System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task J24_lunch_is_not_offered_says_why_and_is_refused_to_who_asks_for_it_all_the_same(bool scripts)
    {
        var (id, _) = await AcceptedAsync($"株式会社架空ひるやすみ{scripts}");
        await app.SqlRowAsync("update programme_years set lunch_from = '12:00', lunch_to = '13:00' where fiscal_year = 2026 returning fiscal_year");
        await using var clerk = await app.OpenAsync(Clerk, scripts);
        await clerk.GoAsync($"/cases/{id}/visits/new?Mode=Web&Minutes=30&week=2026-12-07");
        var offered = await clerk.Main.Locator("input[name=Slot]").EvaluateAllAsync<string[]>("all => all.map(one => one.value.slice(11, 16))");
        Assert.Contains("13:00", offered);
        Assert.DoesNotContain(offered, at => string.CompareOrdinal(at, "11:30") > 0 && string.CompareOrdinal(at, "13:00") < 0);
        Assert.Contains("事業の昼休み（12:00〜13:00）と重なります。", await clerk.Main.TextContentAsync(), StringComparison.Ordinal);
        await clerk.LookAsync();
        // A page that was opened before lunch was set still has its noon.
        var slot = clerk.Main.Locator("input[name=Slot]").First;
        if (scripts)
        {
            await slot.EvaluateAsync("one => one.value = one.value.slice(0, 11) + '12:30'");
            await slot.CheckAsync();
            await clerk.PressAsync("この内容で予約する");
            await Expect(clerk.Summary).ToContainTextAsync("事業の昼休み（12:00〜13:00）と重なります。");
            await clerk.LookAsync();
        }

        await app.SqlRowAsync("update programme_years set lunch_from = null, lunch_to = null where fiscal_year = 2026 returning fiscal_year");
        Assert.Equal(0L, (await app.SqlRowAsync($"select count(*) from visits where case_id = '{id}'"))[0]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task J20_without_quota_the_clerk_sees_the_three_days_and_books_what_is_not_counted(bool scripts)
    {
        var (id, _) = await AcceptedAsync($"株式会社架空つかいきり{scripts}");
        foreach (var slot in (await app.Send(new ListSlots(id, Mode: VisitMode.Web), Clerk)).GroupBy(s => s.Start.Date).Select(g => g.First()).Skip(1).Take(3))
        {
            await app.Send(new BookVisit(id, slot.Start, slot.End, VisitMode.Web, VisitStage.Assess), Clerk);
        }

        await using var clerk = await app.OpenAsync(Clerk, scripts);
        await clerk.GoAsync($"/cases/{id}/visits/new?Mode=Web&week=2026-12-07");
        await clerk.Main.Locator("input[name=Slot]").First.CheckAsync();
        await clerk.Page.FillAsync("#Place", "https://meeting.example/架空");
        await clerk.PressAsync("この内容で予約する");
        var told = clerk.Main.Locator("#exhausted");
        await Expect(told).ToContainTextAsync("利用可能回数が残っていません");
        await Expect(told.Locator("li")).ToHaveCountAsync(3);
        await Expect(told).ToContainTextAsync("業務責任者に依頼してください");
        await Expect(clerk.Page.Locator("#Place")).ToHaveValueAsync("https://meeting.example/架空");
        await clerk.LookAsync();
        Assert.Equal(3L, (await app.SqlRowAsync($"select count(*) from visits where case_id = '{id}'"))[0]);

        await clerk.ChooseAsync("回数に数えない");
        await clerk.PressAsync("この内容で予約する");
        await Expect(clerk.Summary).ToContainTextAsync("入力してください");
        await clerk.Page.FillAsync("#QuotaReason", "電話での短い確認");
        await clerk.PressAsync("この内容で予約する");
        await clerk.SeesAsync("予約しました。");
        Assert.Equal((4L, 3), ((long)(await app.SqlRowAsync($"select count(*) from visits where case_id = '{id}'"))[0], (int)(await app.SqlRowAsync($"select held from quota_accounts q join cases c on c.organisation_id = q.organisation_id where c.id = '{id}'"))[0]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task J21_who_waits_is_held_a_freed_time_and_the_clerk_confirms_it(bool scripts)
    {
        var (booked, expert) = await AcceptedAsync($"株式会社架空さきやく{scripts}");
        // Whoever was the best for every case of this class may have no room for one more.
        await app.SqlRowAsync($"update experts set capacity = 99 where id = '{expert}' returning 1");
        var day = new DateOnly(2026, 12, scripts ? 14 : 15);
        await app.Send(new SetDayHours(expert, day, [new(new(10, 0), new(11, 0))]), app.PersonOf(expert));
        var at = new DateTimeOffset(day, new(10, 0), TimeSpan.FromHours(9));
        var visit = await app.Send(new BookVisit(booked, at, at.AddHours(1), VisitMode.Web, VisitStage.Assess), Clerk);
        var organisation = $"株式会社架空まちびと{scripts}";
        var (waiting, _) = await AcceptedAsync(organisation, expert);

        await using var clerk = await app.OpenAsync(Clerk, scripts);
        await clerk.GoAsync($"/cases/{waiting}/wait");
        await clerk.LookAsync();
        await clerk.Main.Locator("input[name=Mode][value=Web]").CheckAsync();
        await FillAsync("From", 32);
        await clerk.PressAsync("空き待ちに登録する");
        await Expect(clerk.Summary).ToContainTextAsync("暦にある日付を入力してください。");
        await clerk.LookAsync();
        await FillAsync("From", day.Day);
        await FillAsync("To", day.Day);
        await clerk.PressAsync("空き待ちに登録する");
        await clerk.SeesAsync("空き待ちに登録しました。");
        await clerk.GoAsync("/waiting-list");
        await Expect(clerk.Main.Locator("li", new() { HasText = organisation })).ToContainTextAsync("待");
        await clerk.LookAsync();

        await app.Send(new CancelVisit(visit.Id, CancelledBy.Client, "急用"), Clerk);
        while (await app.Send(new OfferFreedSlots()) > 0)
        {
        }

        await clerk.GoAsync("/waiting-list");
        var line = clerk.Main.Locator("li", new() { HasText = organisation });
        await Expect(line).ToContainTextAsync($"12月{day.Day}日");
        await Expect(line).ToContainTextAsync("を仮押さえ中");
        await clerk.LookAsync();
        await line.GetByRole(AriaRole.Link).First.ClickAsync();
        await clerk.PressAsync("確定する");
        await clerk.SeesAsync("確定しました");
        Assert.Equal(("confirmed", "met"), (
            (string)(await app.SqlRowAsync($"select state from visits where case_id = '{waiting}'"))[0], (string)(await app.SqlRowAsync($"select state from slot_wishes where case_id = '{waiting}'"))[0]));
        await clerk.GoAsync("/waiting-list");
        Assert.DoesNotContain(organisation, await clerk.Main.InnerTextAsync(), StringComparison.Ordinal);

        async Task FillAsync(string field, int on)
        {
            await clerk.Page.FillAsync($"[name='{field}.Year']", "2026");
            await clerk.Page.FillAsync($"[name='{field}.Month']", "12");
            await clerk.Page.FillAsync($"[name='{field}.Day']", $"{on}");
        }
    }

    [Fact]
    public async Task J25_a_broken_calendar_is_refused_in_words_and_leaves_what_was_read_before()
    {
        var (_, expert) = await AcceptedAsync("株式会社架空こわれた予定表");
        await using var me = await app.OpenAsync(app.PersonOf(expert));
        const string Open = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", Closed = "END:VEVENT\r\nEND:VCALENDAR\r\n";
        await SendAsync(Bytes($"{Open}DTSTART:20261217T150000\r\nDURATION:PT1H\r\n{Closed}"));
        await me.SeesAsync("予定表を読み込みました。");
        foreach (var (file, told) in new (byte[], string)[]
        {
            ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00, 0xFF, 0xFE, 0xC0, 0x80], "予定表のファイル（.ics、BEGIN:VCALENDAR で始まる文字のファイル）ではありません。"),
            ([], "予定表のファイル（.ics）を選んでください。"),
            (Bytes($"{Open}DTSTART:20261217T150000\r\nDURATION:PT1H\r\n"), "途中で終わっています。"),
            (Bytes($"{Open}DTSTART:20261217T150000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;RRULE=FREQ=DAILY\r\n{Closed}"), "繰り返し（RRULE）は読めません。"),
            (Bytes($"{Open}DTSTART:00010101T000000\r\nDURATION:PT1M\r\nRRULE:FREQ=SECONDLY\r\n{Closed}"), "何も登録していません。"),
            (Bytes($"{Open}DTSTART;TZID=Middle-earth/Bree:20261217T150000\r\nDURATION:PT1H\r\n{Closed}"), "時間帯（TZID）が分かりません。"),
            (Bytes($"{Open}DTSTART:20261217T150000\r\nDTEND:20261217T140000\r\n{Closed}"), "終わりが、始まりより前です。"),
        })
        {
            await SendAsync(file);
            await Expect(me.Summary).ToContainTextAsync(told);
            await me.LookAsync();
        }

        // Thirty megabytes are told by a page too, and not by a broken connection.
        var answer = await SendAsync(new byte[30_000_000]);
        Assert.Equal((int)HttpStatusCode.RequestEntityTooLarge, answer);
        await Expect(me.Page.Locator("h1")).ToBeVisibleAsync();
        await me.LookAsync();
        Assert.Equal(1L, (await app.SqlRowAsync($"select count(*) from expert_elsewhere where expert_id = '{expert}'"))[0]);

        static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

        async Task<int> SendAsync(byte[] file)
        {
            await me.GoAsync("/availability");
            await me.Page.SetInputFilesAsync("#CalendarFile", new FilePayload { Name = "予定.ics", MimeType = "text/calendar", Buffer = file });
            var response = await me.Page.RunAndWaitForResponseAsync(() => me.PressAsync("ファイルを読み込む"), r => r.Request.Method == "POST");
            return response.Status;
        }
    }
}
