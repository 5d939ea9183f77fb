using System.Net;
using System.Text.Json;

namespace Consultation.Web.Tests.Api;

/// <summary>Who may be asked, who not and why, and what would change it.</summary>
public sealed class CandidatesApiTests(ApiApp app) : IClassFixture<ApiApp>
{
    [Fact]
    public async Task An_own_client_is_declared_with_the_expert_and_named_beside_what_would_change_it()
    {
        var created = (await app.PostAsync("/api/v1/experts", new { name = "関係 太郎", affiliation = "mic", prefecture = "東京都", ownClients = new[] { "株式会社顧問先" } }, "supervisor")).Is(HttpStatusCode.Created);
        Assert.Equal("株式会社顧問先", created.Json.GetProperty("ownClients")[0].GetString());
        var inquiry = (await app.PostAsync("/api/v1/inquiries", new { channel = "phone", text = "VPNが遅い", organisation = new { name = "(株)顧問先", prefecture = "東京都" } })).Is(HttpStatusCode.Created);
        var path = $"/api/v1/cases/{inquiry.Text("id")}";
        (await app.PostAsync($"{path}/route", new { tracks = new[] { "mic" }, reason = "試験" })).Is(HttpStatusCode.OK);

        var seen = Of(await app.GetAsync($"{path}/candidates?track=mic&limit=200"));
        var excluded = seen.GetProperty("excluded").EnumerateArray().Single(x => x.GetProperty("code").GetString() == "own_client");
        Assert.Contains("株式会社顧問先", excluded.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal("本人の顧問先・関係先の登録から外れれば、打診できます", Assert.Single(seen.GetProperty("changes").EnumerateArray()).GetString());

        JsonElement Of(Reply answer) => answer.Is(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray().Single(c => c.GetProperty("expertId").GetString() == created.Text("id"));
    }

    [Fact]
    public async Task A_client_that_names_nobody_is_a_fault_of_its_field() =>
        Assert.Equal(["ownClients:expert.own_client_my_number"], (await app.PostAsync(
            "/api/v1/experts", new { name = "関係 次郎", affiliation = "mic", prefecture = "東京都", ownClients = new[] { "123456789012" } }, "supervisor")).Refuses(422, "invalid_input").Faults);
}
