using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Consultation.Web.Tests.Browser;

/// <summary>The demo's clock moved from the page, and the survey that a client answers without signing in.</summary>
public sealed partial class ClockAndSurveyJourneys(BrowserApp app) : IClassFixture<BrowserApp>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task P25_a_business_day_is_stepped_from_the_page_and_what_happened_is_told_with_links(bool scripts)
    {
        await using var supervisor = await app.OpenAsync("supervisor@desk.example", scripts);
        await supervisor.Page.Locator("nav.site__row a", new() { HasText = "デモの時計" }).ClickAsync();
        await supervisor.LookAsync();
        await supervisor.PressAsync("1営業日");
        await supervisor.SeesAsync("まで進めました。");
        await supervisor.SeesAsync("書いたメール");
        await supervisor.LookAsync();
        await supervisor.Main.Locator("a[href^='/cases/']").First.ClickAsync();
        await Expect(supervisor.Page).ToHaveURLAsync(new Regex("/cases/[0-9a-f-]{36}$"));

        await supervisor.GoAsync("/demo/clock");
        await supervisor.PressAsync("この日時まで進める");
        await supervisor.IsToldAsync("進める先の日付: 2026年12月28日のように、暦にある日付を入力してください。");
        await supervisor.LookAsync();

        await using var clerk = await app.OpenAsync("tohoku@desk.example");
        Assert.Equal(403, await clerk.GoAsync("/demo/clock"));
    }

    [Fact]
    public async Task P25_the_administrator_steps_an_hour_from_the_work_page_and_reads_letters_but_no_case()
    {
        await using var administrator = await app.OpenAsync("admin@desk.example");
        await administrator.GoAsync("/settings/work");
        await administrator.SeesAsync("デモの時計");
        await administrator.LookAsync();
        await administrator.PressAsync("1時間進める");
        await administrator.SeesAsync("まで進めました。");
        await administrator.LookAsync();
        Assert.Equal(0, await administrator.Main.Locator("a[href^='/cases/']").CountAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_answers_the_survey_once_without_signing_in(bool scripts)
    {
        var path = Link().Match((string)(await app.SqlRowAsync(
            "select m.body from outgoing_mail m join surveys s on m.event_key = 'visit-survey/' || s.id where s.state = 'sent' order by s.id limit 1"))[0]).Groups[1].Value;
        await using var client = await app.OpenAsync(scripts);
        Assert.Equal(404, await client.GoAsync("/survey/" + new string('a', 32)));
        Assert.Equal(200, await client.GoAsync(path));
        await Expect(client.Heading).ToHaveTextAsync("ご相談のアンケート");
        await client.LookAsync();

        await client.Page.FillAsync("#Comment", "よく分かりました");
        await client.PressAsync("回答を送る");
        await client.IsToldAsync(
            "ご相談の内容に満足しましたか: 入力してください。", "お問い合わせの目的は達成できましたか: 入力してください。", "テレワークの導入や、すでに導入している場合はその拡大を検討しますか: 入力してください。");
        await Expect(client.Page.Locator("#Comment")).ToHaveValueAsync("よく分かりました");
        await client.LookAsync();
        await client.ChooseAsync("やや満足");
        await client.ChooseAsync("一部達成できた");
        await client.ChooseAsync("積極的に検討する");
        await client.PressAsync("回答を送る");
        await Expect(client.Heading).ToHaveTextAsync("ご協力ありがとうございました");
        Assert.Equal("/survey/thanks", client.Path);
        await client.LookAsync();

        await client.GoAsync(path);
        await client.SeesAsync("すでにお答えいただきました");
        await client.LookAsync();
    }

    [GeneratedRegex("https?://[^/\n]+(/survey/[A-Za-z0-9_-]{32})")]
    private static partial Regex Link();
}
