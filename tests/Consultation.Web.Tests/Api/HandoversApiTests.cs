using System.Net;
using System.Text.Json;

namespace Consultation.Web.Tests.Api;

/// <summary>An expert falls ill: what stands, the proposal, the approval and the way back, over HTTP alone (journey J14).</summary>
public sealed class HandoversApiTests(ApiApp app) : IClassFixture<ApiApp>
{
    private const string Who = "supervisor";

    [Fact]
    public async Task J14_what_stands_is_listed_proposed_handed_over_once_and_given_back()
    {
        var (ill, heir, id, visit) = await AbsentAsync("12-01", "10:00");
        var standing = (await app.GetAsync($"/api/v1/experts/{ill}/visits-in-absence", "desk kanto")).Is(HttpStatusCode.OK).Json.GetProperty("items");
        Assert.Equal((visit, id, true), (standing[0].GetProperty("visitId").GetString(), standing[0].GetProperty("caseId").GetString(), standing[0].GetProperty("inAbsence").GetBoolean()));
        // Another district's desk sees the times alone.
        var elsewhere = (await app.GetAsync($"/api/v1/experts/{ill}/visits-in-absence", "desk kinki")).Is(HttpStatusCode.OK).Json.GetProperty("items")[0];
        Assert.Equal((visit, JsonValueKind.Null, JsonValueKind.Null), (elsewhere.GetProperty("visitId").GetString(), elsewhere.GetProperty("caseId").ValueKind, elsewhere.GetProperty("organisation").ValueKind));

        var made = (await app.PostAsync($"/api/v1/experts/{ill}/hand-overs", null, Who)).Is(HttpStatusCode.Created);
        var item = made.Json.GetProperty("items")[0];
        Assert.Equal(("proposed", id, visit), (made.Text("state"), item.GetProperty("caseId").GetString(), item.GetProperty("visits")[0].GetProperty("visitId").GetString()));
        Assert.Contains(item.GetProperty("candidates").EnumerateArray(), c => c.GetProperty("expertId").GetString() == ill && c.GetProperty("excluded").GetArrayLength() > 0);
        var path = $"/api/v1/hand-overs/{made.Text("id")}";
        Assert.Equal(made.Body, (await app.GetAsync(path, Who)).Is(HttpStatusCode.OK).Body);
        Assert.Equal(0, (await app.GetAsync($"/api/v1/experts/{ill}/hand-overs", Who)).Is(HttpStatusCode.OK).Json.GetProperty("items").GetArrayLength());

        Assert.Equal("handover.not_approved", (await app.PostAsync($"{path}/undo", null, Who)).Refuses(409, "handover.not_approved").Text("code"));
        var body = new { source = "電話で了解", choices = new[] { new { caseId = id, track = "mic", expertId = heir } } };
        var done = (await app.PostAsync($"{path}/approve", body, Who, ("If-Match", made.ETag!))).Is(HttpStatusCode.OK);
        Assert.Equal(("approved", 1, false), (done.Text("state"), done.Json.GetProperty("done").GetInt32(), done.Json.GetProperty("repeated").GetBoolean()));
        Assert.True((await app.PostAsync($"{path}/approve", body, Who)).Is(HttpStatusCode.OK).Json.GetProperty("repeated").GetBoolean());
        Assert.Equal("version.stale", (await app.PostAsync($"{path}/undo", null, Who, ("If-Match", made.ETag!))).Refuses(412, "version.stale").Text("code"));
        Assert.Equal(heir, await HolderAsync(id));
        Assert.Equal(0, (await app.GetAsync($"/api/v1/experts/{ill}/visits-in-absence", Who)).Json.GetProperty("items").GetArrayLength());
        Assert.Equal(made.Text("id"), (await app.GetAsync($"/api/v1/experts/{ill}/hand-overs", Who)).Json.GetProperty("items")[0].GetProperty("id").GetString());

        // Well again.
        await app.SqlAsync($"delete from expert_absences where expert_id = '{ill}'");
        var back = (await app.PostAsync($"{path}/undo", null, Who)).Is(HttpStatusCode.OK);
        Assert.Equal(("undone", 0), (back.Text("state"), back.Json.GetProperty("kept").GetArrayLength()));
        Assert.Equal(ill, await HolderAsync(id));
    }

    [Fact]
    public async Task J14_what_changed_since_is_named_and_nothing_is_handed_over()
    {
        var (ill, heir, id, visit) = await AbsentAsync("12-03", "10:00");
        var made = (await app.PostAsync($"/api/v1/experts/{ill}/hand-overs", new { from = "2026-12-03", to = "2026-12-03" }, Who)).Is(HttpStatusCode.Created);
        (await app.PostAsync($"/api/v1/visits/{visit}/cancel", new { by = "client", reason = "先方都合" })).Is(HttpStatusCode.OK);
        var body = new { source = "電話で了解", choices = new[] { new { caseId = id, track = "mic", expertId = heir } } };
        var refused = (await app.PostAsync($"/api/v1/hand-overs/{made.Text("id")}/approve", body, Who)).Refuses(409, "handover.outdated");
        Assert.Equal(id, refused.Json.GetProperty("changes")[0].GetProperty("caseId").GetString());
        Assert.Equal(ill, await HolderAsync(id));
    }

    [Fact]
    public async Task J14_bad_input_is_named_and_only_supervisors_hand_over()
    {
        var (ill, heir, id, _) = await AbsentAsync("12-04", "10:00");
        var path = $"/api/v1/experts/{ill}/hand-overs";
        (await app.PostAsync(path, null, "desk kanto")).Refuses(403, "forbidden");
        (await app.GetAsync(path, "desk kanto")).Refuses(403, "forbidden");
        (await app.PostAsync($"/api/v1/experts/{heir}/hand-overs", null, Who)).Refuses(409, "handover.no_absence");
        Assert.Equal(["to:expert.period_reversed"], (await app.PostAsync(path, new { from = "2026-12-05", to = "2026-12-03" }, Who)).Refuses(422, "invalid_input").Faults);
        var plan = $"/api/v1/hand-overs/{(await app.PostAsync(path, null, "supervisor kanto")).Is(HttpStatusCode.Created).Text("id")}";
        (await app.GetAsync(plan, "supervisor kinki")).Refuses(404, "not_found");
        Assert.Equal(["source:field.required"], (await app.PostAsync($"{plan}/approve", new { }, Who)).Refuses(422, "invalid_input").Faults);
        Assert.Equal(
            ["choices:handover.not_an_item"],
            (await app.PostAsync($"{plan}/approve", new { source = "電話で了解", choices = new[] { new { caseId = id, track = "mhlw", expertId = heir } } }, Who)).Refuses(422, "invalid_input").Faults);
        var nobody = new { source = "電話で了解", choices = new[] { new { caseId = id, track = "mic", expertId = (string?)null } } };
        (await app.PostAsync($"{plan}/approve", nobody, Who)).Refuses(409, "handover.empty");
    }

    private async Task<(string Ill, string Heir, string Case, string Visit)> AbsentAsync(string day, string at)
    {
        var (ill, heir) = (await ExpertAsync("急病"), await ExpertAsync("代理"));
        var id = await app.LogAsync("VPNのセキュリティ", desk: "kanto", organisation: new { name = ApiApp.Fresh("引継ぎ"), prefecture = "東京都" });
        (await app.PostAsync($"/api/v1/cases/{id}/route", new { tracks = new[] { "mic" }, reason = "情報通信" })).Is(HttpStatusCode.OK);
        var offer = (await app.PostAsync($"/api/v1/cases/{id}/offers", new { track = "mic", expertId = ill })).Is(HttpStatusCode.Created).Text("id");
        (await app.PostAsync($"/api/v1/offers/{offer}/accept", new { source = "電話で受諾" })).Is(HttpStatusCode.OK);
        var visit = (await app.PostAsync($"/api/v1/cases/{id}/visits", new { start = $"2026-{day}T{at}", end = $"2026-{day}T11:00", mode = "web", stage = "assess" })).Is(HttpStatusCode.Created).Text("id");
        (await app.PostAsync($"/api/v1/experts/{ill}/absences", new { from = $"2026-{day}", to = $"2026-{day}", reason = "体調不良" }, Who)).Is(HttpStatusCode.Created);
        return (ill, heir, id, visit);
    }

    private async Task<string> ExpertAsync(string name) =>
        (await app.PostAsync("/api/v1/experts", new { name = ApiApp.Fresh(name), affiliation = "mic", prefecture = "東京都", nationwide = true }, Who)).Is(HttpStatusCode.Created).Text("id");

    private async Task<string?> HolderAsync(string id) =>
        (await app.GetAsync($"/api/v1/cases/{id}")).Is(HttpStatusCode.OK).Json.GetProperty("tracks").EnumerateArray().First(t => t.GetProperty("track").GetString() == "mic").GetProperty("expertId").GetString();
}
