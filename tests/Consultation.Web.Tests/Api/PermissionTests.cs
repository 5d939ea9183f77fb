using Consultation.Messaging;
using Consultation.Staff;

namespace Consultation.Web.Tests.Api;

/// <summary>What opens the API at all; who may do what there is <see cref="ContractTable"/>.</summary>
public sealed class PermissionTests(ApiApp app) : IClassFixture<ApiApp>
{
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
