using System.Net;
using System.Net.Http.Headers;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Consultation.Messaging;
using Consultation.Staff;
using Consultation.Web.SignIn;
using Consultation.Web.Tests.SignIn;
using Microsoft.AspNetCore.Builder;

namespace Consultation.Web.Tests.Settings;

/// <summary>Who comes in, with what, and until when: the administrator's acts as the door feels them (journey J46), on two nodes.</summary>
public sealed class AccessTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    private const string Own = "battery staple horse";
    private readonly string hanako = TwoNodes.NewName();

    [Theory]
    [InlineData(Role.Administrator, HttpStatusCode.OK, HttpStatusCode.Forbidden)]
    [InlineData(Role.Auditor, HttpStatusCode.Forbidden, HttpStatusCode.OK)]
    [InlineData(Role.Supervisor, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    [InlineData(Role.Ministry, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    public async Task Settings_are_the_administrators_and_the_audit_is_the_auditors(Role role, HttpStatusCode settings, HttpStatusCode audit)
    {
        using var browser = await SignedIn.AsAsync(nodes.Here, role);
        foreach (var path in new[] { "/settings", "/settings/people", "/settings/people/new", "/settings/tokens", "/settings/tokens/new", "/settings/desks", "/settings/desks/tohoku", "/settings/work", "/settings/work/run?job=seal-audit", "/settings/mail", "/settings/mail/sending" })
        {
            Assert.Equal((path, settings), (path, (await browser.GetAsync(path)).StatusCode));
        }

        Assert.Equal(audit, (await browser.GetAsync("/audit")).StatusCode);
        Assert.Equal(audit, (await browser.GetAsync("/audit/chain")).StatusCode);
    }

    [Theory]
    [InlineData(Role.Administrator)]
    [InlineData(Role.Supervisor)]
    public async Task Outside_a_demo_there_is_no_clock_to_move(Role role)
    {
        using var browser = await SignedIn.AsAsync(nodes.Here, role);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/demo/clock")).StatusCode);
        Assert.DoesNotContain("デモの時計", await browser.GetStringAsync(role == Role.Administrator ? "/settings/work" : "/supervision"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_regional_supervisor_reads_every_experts_card_and_changes_those_of_the_own_district()
    {
        var own = (await nodes.Send(new Experts.CreateExpert("管内 一", Experts.Affiliation.Mic, "東京都"))).Id;
        var foreign = (await nodes.Send(new Experts.CreateExpert("管外 一", Experts.Affiliation.Mic, "大阪府"))).Id;
        using var supervisor = await SignedIn.AsAsync(nodes.Here, Role.Supervisor, "kanto");

        var mine = await supervisor.GetStringAsync($"/experts/{own}");
        Assert.Contains("勤務時間を保存する", mine);
        Assert.Contains($"/experts/{own}/edit", mine);
        var theirs = await supervisor.GetStringAsync($"/experts/{foreign}");
        Assert.Contains("9:00〜17:00", theirs);
        Assert.Contains("拠点が管内にない専門家です", theirs);
        Assert.DoesNotContain("<form method=\"post\"", theirs[theirs.IndexOf("<main", StringComparison.Ordinal)..]);
        Assert.Equal(HttpStatusCode.OK, (await supervisor.GetAsync($"/experts/{own}/edit")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await supervisor.GetAsync($"/experts/{foreign}/edit")).StatusCode);
    }

    [Fact]
    public async Task J46_a_handed_out_password_opens_only_the_choice_of_an_own_one_and_a_new_role_ends_the_session_everywhere()
    {
        using var administrator = await SignedIn.AsAsync(nodes.Here, Role.Administrator);
        var clerk = await nodes.Send(new AddPerson("窓口 花子", hanako, Role.Desk, "tohoku", null, "受託者"));
        var secret = await SecretAsync(administrator, clerk);
        Assert.True(secret.Length >= Account.PasswordLength);
        Assert.DoesNotContain(secret, await administrator.GetStringAsync($"/settings/people/{clerk}"));

        using var first = SignedIn.Nobody(nodes.Here);
        var sent = await SignInAsync(first, secret);
        Assert.StartsWith("/sign-in/new-password", sent.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.Redirect, (await first.GetAsync("/desk")).StatusCode);
        var chosen = await SignedIn.PostAsync(
            first, "/sign-in/new-password", new() { ["UserName"] = hanako, ["Password"] = secret, ["Chosen"] = Own, ["Again"] = Own });
        Assert.Equal(HttpStatusCode.Redirect, chosen.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await first.GetAsync("/desk")).StatusCode);

        using var second = SignedIn.Nobody(nodes.There);
        Assert.Equal(HttpStatusCode.OK, (await SignInAsync(second, secret)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await SignInAsync(second, Own)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await second.GetAsync("/desk")).StatusCode);

        await ChangeAsync(administrator, clerk, Role.Ministry);
        Assert.Equal(HttpStatusCode.Redirect, (await first.GetAsync("/desk")).StatusCode);
        await Task.Delay(Sessions.Age);
        Assert.Equal(HttpStatusCode.Redirect, (await second.GetAsync("/desk")).StatusCode);
        await SignInAsync(second, Own);
        Assert.Equal(HttpStatusCode.Forbidden, (await second.GetAsync("/follow-ups")).StatusCode);

        Assert.Equal(
            ["person.added", "person.viewed", "person.secret_issued", "person.viewed", "person.viewed", "signin.password_chosen", "signin.refused", "signin.succeeded", "person.viewed", "person.changed", "signin.succeeded"],
            await ActsAsync(clerk));
    }

    [Fact]
    public async Task A_retired_person_is_out_at_once_and_refused_like_a_stranger_and_their_token_too()
    {
        using var administrator = await SignedIn.AsAsync(nodes.Here, Role.Administrator);
        var clerk = await nodes.Send(new AddPerson("窓口 花子", hanako, Role.Desk, "tohoku", null, "受託者"));
        await nodes.OpenAsync(clerk, hanako, Own);

        using var browser = SignedIn.Nobody(nodes.Here);
        await SignInAsync(browser, Own);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/desk")).StatusCode);
        await SignedIn.PostAsync(administrator, $"/settings/people/{clerk}", [], $"/settings/people/{clerk}?handler=Retire");

        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/desk")).StatusCode);
        var refused = await SignInAsync(browser, Own);
        Assert.Contains("サインインできませんでした", await refused.Content.ReadAsStringAsync());
        Assert.Equal("signin.refused", (await ActsAsync(clerk))[^1]);
    }

    [Fact]
    public async Task A_token_revoked_on_the_page_is_out_at_once_here_and_within_five_seconds_elsewhere()
    {
        using var administrator = await SignedIn.AsAsync(nodes.Here, Role.Administrator);
        var issued = await new HtmlParser().ParseDocumentAsync(await (await SignedIn.PostAsync(
            administrator, "/settings/tokens/new", new() { ["Name"] = "集計", ["Role"] = "Desk", ["Desk"] = "tohoku", ["Expert"] = "", ["Days"] = "30" })).Content.ReadAsStringAsync());
        var token = issued.QuerySelector("code.secret")!.TextContent;
        var list = await administrator.GetStringAsync("/settings/tokens");
        Assert.DoesNotContain(token, list);
        var id = (await new HtmlParser().ParseDocumentAsync(list)).QuerySelectorAll("input[name=token]").OfType<IHtmlInputElement>().Single().Value;
        Assert.Equal(HttpStatusCode.OK, await AskAsync(nodes.Here, token));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(nodes.There, token));

        await SignedIn.PostAsync(administrator, "/settings/tokens", new() { ["token"] = id }, "/settings/tokens?handler=Revoke");

        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(nodes.Here, token));
        await Task.Delay(Sessions.Age);
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(nodes.There, token));
    }

    [Fact]
    public async Task Ten_failures_stand_in_the_audit_as_a_lockout_and_an_unknown_name_as_nobodys()
    {
        var clerk = await nodes.Send(new AddPerson("窓口 花子", hanako, Role.Desk, "tohoku", null, "受託者"));
        await nodes.OpenAsync(clerk, hanako, Own);

        using var browser = SignedIn.Nobody(nodes.Here);
        for (var attempt = 0; attempt < 10; attempt++)
        {
            await SignInAsync(browser, "wrong horse battery");
        }

        await SignInAsync(browser, Own);
        await SignedIn.PostAsync(browser, "/sign-in", new() { ["userName"] = "secret-name@nowhere.example", ["password"] = Own });
        Assert.Equal(["person.added", .. Enumerable.Repeat("signin.refused", 9), "signin.locked_out", "signin.locked_out"], await ActsAsync(clerk));
        Assert.Equal("unknown_name", await nodes.SqlAsync("select details from audit_entry where action = 'signin.refused' order by id desc limit 1"));
        Assert.Equal(0L, await nodes.SqlAsync("select count(*) from audit_entry where details like '%secret-name%' or actor like '%secret-name%'"));
    }

    private static async Task<string> SecretAsync(HttpClient administrator, StaffId person)
    {
        var answer = await SignedIn.PostAsync(administrator, $"/settings/people/{person}", [], $"/settings/people/{person}?handler=Secret");
        return (await new HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStringAsync())).QuerySelector("code.secret")!.TextContent;
    }

    private async Task ChangeAsync(HttpClient administrator, StaffId person, Role role)
    {
        var answer = await SignedIn.PostAsync(administrator, $"/settings/people/{person}", new()
        {
            ["Input.Name"] = "窓口 花子", ["Input.Email"] = hanako, ["Input.Role"] = role.ToString(), ["Input.Desk"] = "", ["Input.Expert"] = "",
            ["Input.Organisation"] = "受託者", ["Version"] = "1",
        });
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }

    private Task<HttpResponseMessage> SignInAsync(HttpClient browser, string password) =>
        SignedIn.PostAsync(browser, "/sign-in", new() { ["userName"] = hanako, ["password"] = password });

    private static async Task<HttpStatusCode> AskAsync(WebApplication node, string token)
    {
        using var client = SignedIn.Nobody(node);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return (await client.GetAsync("/api/v1/queue")).StatusCode;
    }

    private Task<List<string>> ActsAsync(StaffId person) => nodes.ListAsync($"select action from audit_entry where subject_id = '{person}' order by id");
}
