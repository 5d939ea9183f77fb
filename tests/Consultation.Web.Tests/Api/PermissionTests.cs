using System.Net;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Staff;

namespace Consultation.Web.Tests.Api;

public sealed class PermissionTests(ApiApp app) : IClassFixture<ApiApp>
{
    private const string Nobody = "/api/v1/cases/00000000-0000-0000-0000-000000000000";
    private static readonly string[] Desks = ["desk kanto", "centre", "supervisor", "supervisor kanto"];
    private static readonly string[] Everybody = [.. Desks, "expert", "ministry", "auditor", "administrator"];

    /// <summary>Method, path, body, and who may; all others are told 403, whatever the row.</summary>
    public static TheoryData<string, string, string?, string[]> Doors => new()
    {
        { "POST", "/api/v1/inquiries", """{"channel":"phone","text":"x"}""", Desks },
        { "GET", "/api/v1/cases", null, [.. Desks, "expert"] },
        { "GET", "/api/v1/queue", null, [.. Desks, "expert"] },
        { "GET", Nobody, null, [.. Desks, "expert"] },
        { "PATCH", Nobody, "{}", Desks },
        { "POST", Nobody + "/contacts", """{"direction":"in","channel":"phone","result":"message"}""", [.. Desks, "expert"] },
        { "POST", Nobody + "/notes", """{"text":"x"}""", [.. Desks, "expert"] },
        { "POST", Nobody + "/route", """{"tracks":["mic"]}""", Desks },
        { "POST", Nobody + "/close", """{"outcome":"answered"}""", Desks },
        { "POST", Nobody + "/reopen", """{"reason":"x"}""", Desks },
        { "POST", Nobody + "/hold", """{"reason":"x"}""", Desks },
        { "POST", Nobody + "/resume", null, Desks },
        { "POST", Nobody + "/hand-over", """{"desk":"tohoku","reason":"x"}""", Desks },
        { "POST", Nobody + "/reassign", """{"track":"mic","expertId":"00000000-0000-0000-0000-000000000001","reason":"x"}""", ["supervisor", "supervisor kanto"] },
        { "GET", Nobody + "/candidates?track=mic", null, Desks },
        { "POST", Nobody + "/offers", """{"track":"mic","auto":true}""", Desks },
        { "GET", "/api/v1/offers", null, [.. Desks, "expert"] },
        { "POST", "/api/v1/offers/00000000-0000-0000-0000-000000000000/accept", null, [.. Desks, "expert"] },
        { "POST", "/api/v1/offers/00000000-0000-0000-0000-000000000000/decline", """{"reason":"x"}""", [.. Desks, "expert"] },
        { "POST", "/api/v1/offers/00000000-0000-0000-0000-000000000000/hand-back", """{"reason":"x","source":"電話"}""", [.. Desks, "expert"] },
        { "POST", Nobody + "/join", """{"track":"mhlw"}""", [.. Desks, "expert"] },
        { "GET", Nobody + "/slots", null, [.. Desks, "expert"] },
        { "POST", Nobody + "/visits", """{"start":"2026-12-01T10:00","end":"2026-12-01T11:00","mode":"web","stage":"assess"}""", [.. Desks, "expert"] },
        { "POST", "/api/v1/visits/00000000-0000-0000-0000-000000000000/confirm", null, [.. Desks, "expert"] },
        { "POST", "/api/v1/visits/00000000-0000-0000-0000-000000000000/cancel", """{"by":"client","reason":"x"}""", [.. Desks, "expert"] },
        { "POST", "/api/v1/visits/00000000-0000-0000-0000-000000000000/reschedule", """{"start":"2026-12-01T10:00","end":"2026-12-01T11:00","reason":"x"}""", [.. Desks, "expert"] },
        { "POST", "/api/v1/visits/00000000-0000-0000-0000-000000000000/complete", """{"outcome":"took_place","source":"電話"}""", [.. Desks, "expert"] },
        { "POST", "/api/v1/visits/00000000-0000-0000-0000-000000000000/report", """{"track":"mic","text":"x","next":"done","source":"電話"}""", [.. Desks, "expert"] },
        { "POST", "/api/v1/visits/00000000-0000-0000-0000-000000000000/report/approve", """{"track":"mic"}""", ["supervisor", "supervisor kanto"] },
        { "POST", "/api/v1/visits/00000000-0000-0000-0000-000000000000/report/return", """{"track":"mic","reason":"x"}""", ["supervisor", "supervisor kanto"] },
        { "GET", "/api/v1/follow-ups", null, [.. Desks, "expert"] },
        { "POST", "/api/v1/follow-ups/00000000-0000-0000-0000-000000000000/complete", """{"result":"improved"}""", [.. Desks, "expert"] },
        { "POST", "/api/v1/follow-ups/00000000-0000-0000-0000-000000000000/postpone", """{"due":"2026-12-10","reason":"x"}""", [.. Desks, "expert"] },
        { "POST", "/api/v1/tallies", """{"channel":"phone","kind":"other"}""", Desks },
        { "GET", "/api/v1/case-load?by=district", null, ["supervisor", "supervisor kanto", "ministry"] },
        { "GET", "/api/v1/call-backs", null, [.. Desks, "expert"] },
        { "POST", "/api/v1/experts", """{"name":"x","affiliation":"mic","prefecture":"東京都"}""", ["supervisor", "supervisor kanto", "administrator"] },
    };

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task Each_door_opens_for_its_roles_and_no_other(string method, string path, string? body, string[] roles)
    {
        var expert = await app.Send(new CreateExpert("専門 一", Affiliation.Mic, "東京都"));
        foreach (var role in Everybody)
        {
            var reply = await app.CallAsync(new(method), path, body, role == "expert" ? $"expert {expert.Id}" : role, ("If-Match", "*"));
            if (roles.Contains(role))
            {
                Assert.True((int)reply.Status is 200 or 201 or 404, $"{role}: {(int)reply.Status} {reply.Body}");
            }
            else
            {
                Assert.True(reply.Status == HttpStatusCode.Forbidden, $"{role}: {(int)reply.Status} {reply.Body}");
                reply.Refuses(403, "forbidden");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task Without_a_token_every_door_is_shut(string method, string path, string? body, string[] roles)
    {
        Assert.NotEmpty(roles);
        Assert.Equal("Bearer", (await app.CallAsync(new(method), path, body, null)).Refuses(401, "unauthorized").Challenge);
    }

    [Theory]
    [InlineData("Bearer cst_nobody-ever-issued-this")]
    [InlineData("Bearer ")]
    [InlineData("Bearer x y z")]
    public async Task An_unknown_token_is_refused(string authorization)
    {
        var reply = await app.CallAsync(HttpMethod.Get, "/api/v1/queue", null, null, ("Authorization", authorization));

        Assert.Equal(401, (int)reply.Status);
        Assert.Equal("Bearer", reply.Challenge);
        reply.Refuses(401, reply.Text("code"));
    }

    [Fact]
    public async Task Another_scheme_is_no_token() =>
        (await app.CallAsync(HttpMethod.Get, "/api/v1/queue", null, null, ("Authorization", "Basic dXNlcjpwYXNz"))).Refuses(401, "unauthorized");

    [Fact]
    public async Task An_expired_token_is_refused()
    {
        var token = (await app.Send(new CreateToken(Role.Centre, null, null, "kurz", 1))).Token;
        await app.SqlAsync("update access_tokens set expires_at = app_now() - interval '1 second' where name = 'kurz'");

        (await app.CallAsync(HttpMethod.Get, "/api/v1/queue", null, null, ("Authorization", $"Bearer {token}"))).Refuses(401, "token.invalid");
    }

    [Fact]
    public async Task A_page_session_is_no_key_to_the_API() =>
        (await app.CallAsync(HttpMethod.Get, "/api/v1/queue", null, null, ("Cookie", "consultation.session=anything"))).Refuses(401, "unauthorized");

    [Fact]
    public async Task An_unknown_path_of_the_API_tells_strangers_nothing()
    {
        (await app.GetAsync("/api/v1/nothing", null)).Refuses(401, "unauthorized");
        (await app.GetAsync("/api", null)).Refuses(401, "unauthorized");
    }
}
