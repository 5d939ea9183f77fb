using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Consultation.Experts;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Routing;
using Consultation.Visits;
using Consultation.Web.Host;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static Microsoft.Playwright.Assertions;

namespace Consultation.Web.Tests.Browser;

/// <summary>A client with the link of a letter, on a phone, without scripts and without signing in; and an expert's secret calendar.</summary>
public sealed partial class LinkJourneys(BrowserApp app) : IClassFixture<BrowserApp>
{
    [Fact]
    public async Task A_client_confirms_moves_wishes_and_cancels_by_link_after_a_second_look()
    {
        var (visit, secret) = await LinkedAsync("株式会社見本リンク");
        await using var client = await app.OpenAsync(scripts: false);
        Assert.Equal(200, await client.GoAsync($"/visit/{secret}"));
        await client.SeesAsync("担当専門家");
        await client.LookAsync();

        await client.FollowAsync("この日時を確認する");
        Assert.Null(await ConfirmedAsync(visit));
        await client.LookAsync();
        await client.PressAsync("この日時で確認しました");
        await client.SeesAsync("この日時でご確認いただきました");
        await client.SeesAsync("日時を確認済み");
        Assert.NotNull(await ConfirmedAsync(visit));
        await client.LookAsync();

        await client.FollowAsync("日時を変えたい");
        await client.PressAsync("希望を窓口に伝える");
        await client.IsToldAsync("ご希望の日時: 入力してください。");
        await client.PressAsync("この日時に変える");
        await client.IsToldAsync("新しい日時: 入力してください。");
        await client.LookAsync();
        await client.Page.FillAsync("#Wish", "12月の午前中");
        await client.PressAsync("希望を窓口に伝える");
        await client.SeesAsync("ご希望を窓口に伝えました");
        await client.FollowAsync("日時を変えたい");
        var wanted = (await client.Main.Locator("label.choice").Last.InnerTextAsync()).Trim();
        await client.Main.Locator("label.choice input").Last.CheckAsync();
        await client.PressAsync("この日時に変える");
        await client.SeesAsync("日時を変更しました");
        await client.SeesAsync(wanted[(wanted.LastIndexOf(' ') + 1)..]);

        await client.FollowAsync("取り消す");
        Assert.Equal("confirmed", (await app.SqlRowAsync($"select state from visits where id = '{visit}'"))[0]);
        await client.LookAsync();
        await client.PressAsync("予約を取り消す");
        await client.SeesAsync("予約を取り消しました");
        Assert.Equal("cancelled", (await app.SqlRowAsync($"select state from visits where id = '{visit}'"))[0]);

        foreach (var page in new[] { "", "/confirm", "/move", "/cancel" })
        {
            Assert.Equal(200, await client.GoAsync($"/visit/{secret}{page}"));
            await client.SeesAsync("この予約は取り消されています");
            await client.SeesAsync("お問い合わせ");
            Assert.Equal(0, await client.Main.Locator("form").CountAsync());
        }

        await client.LookAsync();
    }

    [Fact]
    public async Task Who_confirms_a_date_that_changed_meanwhile_is_shown_the_new_one_first()
    {
        var (visit, secret) = await LinkedAsync("株式会社見本行違い");
        await using var client = await app.OpenAsync(scripts: false);
        await client.GoAsync($"/visit/{secret}/confirm");
        await app.SqlRowAsync($"update visits set sequence = sequence + 1 where id = '{visit}' returning sequence");
        await client.PressAsync("この日時で確認しました");
        await client.SeesAsync("予約の内容が変わりました");
        Assert.Null(await ConfirmedAsync(visit));
        await client.PressAsync("この日時で確認しました");
        await client.SeesAsync("この日時でご確認いただきました");
        Assert.NotNull(await ConfirmedAsync(visit));
    }

    [Fact]
    public async Task A_form_of_a_link_sent_again_or_once_the_hour_has_come_changes_nothing()
    {
        var (visit, secret) = await LinkedAsync("株式会社見本再送");
        await using var client = await app.OpenAsync(scripts: false);
        await client.GoAsync($"/visit/{secret}/confirm");
        await client.PressAsync("この日時で確認しました");
        await client.SeesAsync("この日時でご確認いただきました");
        var before = await RowAsync(visit);
        await client.GoAsync($"/visit/{secret}/confirm");
        if (await client.Main.Locator("form").CountAsync() > 0)
        {
            await client.PressAsync("この日時で確認しました");
        }

        Assert.Equal(before, await RowAsync(visit));

        // Two windows: what the one cancelled, the other cannot cancel or move again.
        await using var other = await app.OpenAsync(scripts: false);
        await client.GoAsync($"/visit/{secret}/cancel");
        await other.GoAsync($"/visit/{secret}/move");
        await app.SqlRowAsync($"update visits set starts_at = app_now() - interval '5 minutes', ends_at = app_now() + interval '55 minutes' where id = '{visit}' returning id");
        before = await RowAsync(visit);
        await client.PressAsync("予約を取り消す");
        await client.SeesAsync("相談の時刻になったため");
        await other.Main.Locator("label.choice input").Last.CheckAsync();
        await other.PressAsync("この日時に変える");
        await other.SeesAsync("相談の時刻になったため");
        Assert.Equal(before, await RowAsync(visit));
        Assert.Equal(200, await client.GoAsync($"/visit/{secret}/cancel"));
        Assert.Equal(0, await client.Main.Locator("form").CountAsync());
    }

    [Fact]
    public async Task A_link_that_opens_nothing_says_so_kindly()
    {
        await using var client = await app.OpenAsync(scripts: false);
        Assert.Equal(404, await client.GoAsync($"/visit/{new string('A', 32)}"));
        await client.SeesAsync("このリンクは使えません");
        await client.SeesAsync("お問い合わせ");
        await client.LookAsync();
        Assert.Equal(404, await client.GoAsync("/visit/x/cancel"));
    }

    [Fact]
    public async Task A_scanner_changes_nothing_and_the_address_goes_nowhere()
    {
        var (visit, secret) = await LinkedAsync("株式会社見本スキャナー");
        using var scanner = Client();
        var before = await RowAsync(visit);
        foreach (var page in new[] { "", "/confirm", "/move", "/cancel" })
        {
            foreach (var method in new[] { HttpMethod.Head, HttpMethod.Get })
            {
                using var answer = await scanner.SendAsync(new(method, $"/visit/{secret}{page}"));
                Assert.Equal((HttpStatusCode.OK, "no-referrer", true), (answer.StatusCode, answer.Headers.GetValues("Referrer-Policy").Single(), answer.Headers.CacheControl!.NoStore));
            }

            // No form of ours: nothing that another site could have the client's browser send.
            using var forged = await scanner.PostAsync($"/visit/{secret}{page}", new FormUrlEncodedContent([new("Slot", "2026-11-30T10:00+09:00")]));
            Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
            Assert.Equal("no-referrer", forged.Headers.GetValues("Referrer-Policy").Single());
        }

        Assert.Equal(before, await RowAsync(visit));
    }

    [Fact]
    public async Task J54_the_code_of_the_sheet_leads_to_where_the_pages_are_found_from_outside()
    {
        var (visit, _) = await LinkedAsync("株式会社見本相談票");
        var @case = (Guid)(await app.SqlRowAsync($"select case_id from visits where id = '{visit}'"))[0];
        await using var outside = ConsultationHost.Build(
            new(app.Database, ServerRole.Web), services => services.AddSingleton(new MailSettings(LinkBase: new("https://desk.example/soudan/"))));
        await outside.StartAsync();
        await using var clerk = await app.OpenAsync("tohoku@desk.example", scripts: false);
        foreach (var (asked, leads) in new[] { (app.Address, app.Address.ToString().TrimEnd('/')), (ConsultationHost.AddressOf(outside), "https://desk.example/soudan") })
        {
            // The session's cookie knows no port.
            Assert.Equal(200, (await clerk.Page.GotoAsync(new Uri(asked, $"/cases/{@case}/sheet?visit={visit}").ToString()))!.Status);
            var expected = new StringWriter();
            new Consultation.Web.Pages.Shared.QrView($"{leads}/cases/{@case}/visits/{visit}/complete", "x").WriteTo(expected, System.Text.Encodings.Web.HtmlEncoder.Default);
            Assert.Contains((await clerk.Main.Locator("svg.qr path").GetAttributeAsync("d"))!, expected.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task J22_an_expert_makes_renews_and_revokes_the_address_of_the_own_calendar()
    {
        var row = await app.SqlRowAsync("select expert_id from expert_diary where state = 'confirmed' and starts_at > app_now() order by expert_id limit 1");
        var expert = ExpertId.From((Guid)row[0]);
        await using var me = await app.OpenAsync(app.PersonOf(expert), scripts: false);
        await me.GoAsync("/availability");
        await me.FollowAsync("カレンダー用のアドレス");
        await me.SeesAsync("アドレスはありません");
        await me.LookAsync();
        await me.PressAsync("アドレスを作る");
        await me.SeesAsync("この画面でだけ表示します");
        await me.LookAsync();
        var first = PathOf(await me.Main.Locator("code.secret").InnerTextAsync());
        using var program = Client();
        using var calendar = await program.GetAsync(first);
        var text = await calendar.Content.ReadAsStringAsync();
        Assert.Equal((HttpStatusCode.OK, "text/calendar; charset=utf-8"), (calendar.StatusCode, calendar.Content.Headers.ContentType!.ToString()));
        Assert.Contains("BEGIN:VEVENT", text, StringComparison.Ordinal);
        Assert.DoesNotContain("@", text, StringComparison.Ordinal);
        Assert.False(calendar.Headers.Contains("Set-Cookie"));
        Assert.Equal("no-referrer", calendar.Headers.GetValues("Referrer-Policy").Single());

        using var again = new HttpRequestMessage(HttpMethod.Get, first);
        again.Headers.IfNoneMatch.Add(calendar.Headers.ETag!);
        using var same = await program.SendAsync(again);
        Assert.Equal((HttpStatusCode.NotModified, ""), (same.StatusCode, await same.Content.ReadAsStringAsync()));

        await me.PressAsync("新しいアドレスに替える");
        var second = PathOf(await me.Main.Locator("code.secret").InnerTextAsync());
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.OK), ((await program.GetAsync(first)).StatusCode, (await program.GetAsync(second)).StatusCode));
        await me.PressAsync("アドレスを取りやめる");
        await Expect(me.Page.Locator("body")).ToContainTextAsync("カレンダー用のアドレスを取りやめました。");
        Assert.Equal(HttpStatusCode.NotFound, (await program.GetAsync(second)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await program.GetAsync($"/calendar/{new string('A', 32)}.ics")).StatusCode);

        await using var supervisor = await app.OpenAsync("supervisor@desk.example", scripts: false);
        await supervisor.GoAsync($"/experts/{expert}/calendar");
        await supervisor.LookAsync();
        await using var clerk = await app.OpenAsync("tohoku@desk.example", scripts: false);
        Assert.Equal(403, await clerk.GoAsync($"/experts/{expert}/calendar"));
    }

    private HttpClient Client() => new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = app.Address };

    private static string PathOf(string address) => Calendar().Match(address).Value;

    /// <summary>A booked visit of the demo's days, and a link as a letter would carry it.</summary>
    private async Task<(VisitId Visit, string Secret)> LinkedAsync(string organisation)
    {
        var (id, offer) = await app.OfferedCaseAsync(organisation);
        await app.Send(new AcceptOffer(offer.Id, "電話で受諾"), "tohoku@desk.example");
        var slot = (await app.Send(new ListSlots(id, Mode: VisitMode.Web), "tohoku@desk.example")).First(s => JapanTime.DateOf(s.Start) > new DateOnly(2026, 11, 25));
        var booked = await app.Send(new BookVisit(id, slot.Start, slot.End, VisitMode.Web, VisitStage.Assess), "tohoku@desk.example");
        var secret = SecretText.New();
        var (hash, address) = (Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret))), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("client@client.example"))));
        await app.SqlRowAsync($"insert into visit_links values (gen_random_uuid(), '{booked.Id}', '\\x{hash}', '\\x{address}', app_now()) returning id");
        return (booked.Id, secret);
    }

    private async Task<object?> ConfirmedAsync(VisitId visit) => (await app.SqlRowAsync($"select client_confirmed_at from visits where id = '{visit}'"))[0] is var at && at is DBNull ? null : at;

    private async Task<string> RowAsync(VisitId visit) => (string)(await app.SqlRowAsync($"select v::text || (select c::text from cases c where c.id = v.case_id) from visits v where id = '{visit}'"))[0];

    [GeneratedRegex("/calendar/[A-Za-z0-9_-]{32}\\.ics$")]
    private static partial Regex Calendar();
}
