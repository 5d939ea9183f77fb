using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Pipeline;
using Consultation.Staff;
using Consultation.Web.Host;
using Consultation.Web.SignIn;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Consultation.Web.Tests.SignIn;

/// <summary>The front door. Every test has an auditor of its own.</summary>
public sealed class SignInTests(TwoNodes nodes) : IClassFixture<TwoNodes>, IAsyncLifetime
{
    private const string Password = "correct horse battery";
    private readonly string auditor = TwoNodes.NewName();
    private StaffId person;

    public async ValueTask InitializeAsync()
    {
        person = await nodes.Send(new AddPerson("監査担当 01", null, Role.Auditor, null, null, "受託者"));
        await nodes.OpenAsync(person, auditor, Password);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_page_asks_a_stranger_to_sign_in_and_then_leads_back()
    {
        using var browser = Browser();

        var asked = await browser.GetAsync("/sign-out?from=menu");
        Assert.Equal(HttpStatusCode.OK, asked.StatusCode);
        var sent = await browser.GetAsync("/nothing-here?x=1");
        Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
        Assert.Equal("/sign-in?returnUrl=%2Fnothing-here%3Fx%3D1", sent.Headers.Location!.PathAndQuery);

        var answer = await SignInAsync(browser, auditor, Password, "/nothing-here?x=1");
        Assert.Equal("/nothing-here?x=1", answer.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task The_session_cookie_is_out_of_reach_of_scripts_and_other_sites()
    {
        using var browser = Browser();

        var answer = await SignInAsync(browser, auditor, Password);

        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"), c => c.StartsWith("consultation.session=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("expires", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(null, "wrong horse battery")]
    [InlineData("nobody", Password)]
    [InlineData("", "")]
    public async Task Every_refusal_reads_the_same(string? userName, string password)
    {
        using var browser = Browser();

        var answer = await SignInAsync(browser, userName ?? auditor, password);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("サインインできませんでした", await answer.Content.ReadAsStringAsync());
        Assert.False(answer.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(c => c.StartsWith("consultation.session=", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_name_that_cannot_be_text_is_refused_as_unreadable()
    {
        using var browser = Browser();

        Assert.Equal(HttpStatusCode.BadRequest, (await SignInAsync(browser, "a\0b", Password)).StatusCode);
    }

    [Fact]
    public async Task After_ten_failures_the_right_password_is_refused_too()
    {
        using var browser = Browser();
        for (var i = 0; i < 10; i++)
        {
            await SignInAsync(browser, auditor, "wrong horse battery");
        }

        Assert.Equal(HttpStatusCode.OK, (await SignInAsync(browser, auditor, Password)).StatusCode);
    }

    [Fact]
    public async Task A_form_without_its_antiforgery_token_is_refused()
    {
        using var browser = Browser();

        var answer = await browser.PostAsync("/sign-in", new FormUrlEncodedContent([new("userName", auditor), new("password", Password)]));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("https://elsewhere.example/")]
    [InlineData("//elsewhere.example/")]
    [InlineData("/\\elsewhere.example")]
    public async Task Signing_in_never_leads_to_another_site(string returnUrl)
    {
        using var browser = Browser();

        Assert.Equal("/", (await SignInAsync(browser, auditor, Password, returnUrl)).Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task An_ended_session_is_out_at_once_on_this_node_and_within_five_seconds_on_another()
    {
        using var here = Browser();
        using var there = Browser(nodes.There);
        Assert.Equal(HttpStatusCode.Redirect, (await SignInAsync(here, auditor, Password)).StatusCode);
        await SignInAsync(there, auditor, Password);
        Assert.True(await IsSignedInAsync(here));
        Assert.True(await IsSignedInAsync(there));

        var account = await AccountIdAsync();
        await nodes.Here.Services.GetRequiredService<Sessions>().EndAsync(account, CancellationToken.None);

        Assert.False(await IsSignedInAsync(here));
        await Task.Delay(Sessions.Age);
        Assert.False(await IsSignedInAsync(there));
    }

    [Fact]
    public async Task A_session_holds_on_every_node()
    {
        using var browser = Browser();
        var cookie = (await SignInAsync(browser, auditor, Password)).Headers.GetValues("Set-Cookie")
            .Single(c => c.StartsWith("consultation.session=", StringComparison.Ordinal)).Split(';')[0];
        using var elsewhere = Browser(nodes.There);
        elsewhere.DefaultRequestHeaders.Add("Cookie", cookie);

        Assert.True(await IsSignedInAsync(elsewhere));
    }

    [Fact]
    public async Task Signing_out_ends_the_session_of_this_browser()
    {
        using var browser = Browser();
        await SignInAsync(browser, auditor, Password);

        var answer = await SignedIn.PostAsync(browser, "/sign-out", []);

        Assert.Equal("/sign-in", answer.Headers.Location!.OriginalString);
        Assert.False(await IsSignedInAsync(browser));
    }

    [Fact]
    public async Task A_short_password_is_refused_and_a_long_one_needs_nothing_else()
    {
        await using var scope = nodes.Here.Services.CreateAsyncScope();
        var accounts = scope.ServiceProvider.GetRequiredService<Accounts>();

        await accounts.ResetAsync(auditor, "aaaaaaaaaaaaaaa", CancellationToken.None);
        var refused = await Assert.ThrowsAsync<InvalidInput>(() => accounts.ResetAsync(auditor, "aaaaaaaaaaaaaa", CancellationToken.None));

        Assert.Equal("account.password_too_short", Assert.Single(refused.Errors).Code);
        Assert.Contains("15", refused.Errors[0].Text);
    }

    [Theory]
    [InlineData(null, "unauthorized")]
    [InlineData("Bearer cst_unknown", "token.invalid")]
    [InlineData("Basic YTpi", "unauthorized")]
    public async Task The_api_refuses_with_a_problem(string? authorization, string code)
    {
        using var client = Browser();
        if (authorization is not null)
        {
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        }

        var answer = await client.GetAsync("/api/v1/nothing-here");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal(401, problem.GetProperty("status").GetInt32());
        Assert.Equal(Texts.Of(code), problem.GetProperty("detail").GetString());
        Assert.NotEqual(code, Texts.Of(code));
    }

    [Fact]
    public async Task A_session_cookie_opens_no_door_of_the_api()
    {
        using var browser = Browser();
        await SignInAsync(browser, auditor, Password);

        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/api/v1/nothing-here")).StatusCode);
    }

    [Fact]
    public async Task A_token_opens_the_api_until_five_seconds_after_it_was_revoked()
    {
        var created = await nodes.Send(new CreateToken(Role.Auditor, null, null, "測定"));
        using var client = Browser();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", created.Token);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/api/v1/nothing-here")).StatusCode);

        await nodes.SqlAsync("update access_tokens set revoked_at = now() where name = '測定'");
        await Task.Delay(Sessions.Age);

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/nothing-here")).StatusCode);
    }

    [Fact]
    public async Task Every_answer_carries_the_security_headers_and_a_nonce_of_its_own()
    {
        using var browser = Browser();

        var first = await browser.GetAsync("/sign-in");
        var second = await browser.GetAsync("/sign-in");

        var policy = first.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'", policy);
        Assert.DoesNotContain("unsafe", policy);
        Assert.NotEqual(policy, second.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("nosniff", first.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.True(first.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task What_a_signed_in_person_sees_is_not_kept_by_the_browser()
    {
        using var browser = Browser();
        await SignInAsync(browser, auditor, Password);

        Assert.True((await browser.GetAsync("/nothing-here")).Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task The_model_of_sign_in_fits_the_migrated_tables()
    {
        await using var scope = nodes.Here.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<SignInDb>();
        var columns = await nodes.ListAsync("select table_name || '.' || column_name from information_schema.columns where table_schema = 'signin'");
        var mapped = db.Model.GetEntityTypes().Where(entity => !entity.IsOwned())
            .SelectMany(entity => entity.GetProperties().Select(property => $"{entity.GetTableName()}.{property.GetColumnName()}"))
            .Append("account_passkeys.data").Append("data_protection_keys.name").Append("data_protection_keys.xml")
            .Concat(new[] { "account_id", "sealed", "kept_at" }.Select(column => $"kept_forms.{column}"));
        Assert.Equal(columns.Order(), mapped.Order());
    }

    private HttpClient Browser(WebApplication? node = null) => SignedIn.Nobody(node ?? nodes.Here);

    private async Task<Guid> AccountIdAsync()
    {
        await using var scope = nodes.Here.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<SignInDb>().Users.Where(a => a.StaffId == person).Select(a => a.Id).SingleAsync();
    }

    private static async Task<bool> IsSignedInAsync(HttpClient browser) =>
        (await browser.GetAsync("/sign-in")).StatusCode == HttpStatusCode.Redirect;

    private static Task<HttpResponseMessage> SignInAsync(HttpClient browser, string userName, string password, string? returnUrl = null) =>
        SignedIn.PostAsync(
            browser, "/sign-in", new() { ["userName"] = userName, ["password"] = password },
            returnUrl is null ? null : $"/sign-in?returnUrl={Uri.EscapeDataString(returnUrl)}");
}
