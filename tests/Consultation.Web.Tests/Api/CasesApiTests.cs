using System.Net;

namespace Consultation.Web.Tests.Api;

public sealed class CasesApiTests(ApiApp app) : IClassFixture<ApiApp>
{
    private static readonly string[] Reduced = ["id", "number", "status", "holder", "next"];

    [Fact]
    public async Task The_case_shows_what_is_agreed_in_Japan_time()
    {
        var id = await app.LogAsync(organisation: new { name = "株式会社南風", prefecture = "沖縄県" });

        var reply = (await app.GetAsync($"/api/v1/cases/{id}")).Is(HttpStatusCode.OK);

        foreach (var member in new[] { "id", "number", "status", "holder", "tracks", "deadlines", "contacts", "history", "organisation", "contact", "text", "suggestion" })
        {
            Assert.Contains(member, reply.Members);
        }

        Assert.Equal("\"" + reply.Json.GetProperty("version").GetInt32() + "\"", reply.ETag);
        Assert.EndsWith("+09:00", reply.Text("receivedAt"));
        Assert.Equal("沖縄県", reply.Json.GetProperty("organisation").GetProperty("prefecture").GetString());
        Assert.Equal("logged", Assert.Single(reply.Json.GetProperty("history").EnumerateArray()).GetProperty("kind").GetString());
    }

    [Fact]
    public async Task Another_districts_desk_sees_a_reduced_case_and_may_add_a_contact()
    {
        var id = await app.LogAsync("外に出ない話", desk: "kyushu", organisation: new { name = "福岡物産" });
        var number = (await app.GetAsync($"/api/v1/cases/{id}")).Text("number");

        var seen = (await app.GetAsync($"/api/v1/cases/{id}", "desk tohoku")).Is(HttpStatusCode.OK);
        var told = (await app.PostAsync($"/api/v1/cases/{id}/contacts", new { direction = "in", channel = "phone", result = "message", text = "伝言です" }, "desk tohoku")).Is(HttpStatusCode.Created);
        var hits = (await app.GetAsync($"/api/v1/cases?q={number}", "desk tohoku")).Is(HttpStatusCode.OK);
        var byText = (await app.GetAsync("/api/v1/cases?q=外に出ない", "desk tohoku")).Is(HttpStatusCode.OK);

        Assert.Equal(Reduced, seen.Members);
        Assert.Equal(Reduced, told.Members);
        Assert.Equal(Reduced, Assert.Single(hits.Json.GetProperty("items").EnumerateArray()).EnumerateObject().Select(m => m.Name));
        Assert.Equal(0, byText.Json.GetProperty("items").GetArrayLength());
        Assert.Equal("伝言です", (await app.GetAsync($"/api/v1/cases/{id}")).Json.GetProperty("contacts")[0].GetProperty("text").GetString());
        foreach (var (action, body) in new (string, object)[]
        {
            ("notes", new { text = "x" }), ("route", new { tracks = new[] { "mic" } }), ("close", new { outcome = "answered" }), ("hold", new { reason = "x" }),
            ("resume", new { }), ("reopen", new { reason = "x" }), ("hand-over", new { desk = "tohoku", reason = "x" }), ("offers", new { track = "mic", auto = true }),
        })
        {
            (await app.PostAsync($"/api/v1/cases/{id}/{action}", body, "desk tohoku")).Refuses(404, "not_found");
        }

        (await app.CallAsync(HttpMethod.Patch, $"/api/v1/cases/{id}", new { preferredMode = "web" }, "desk tohoku", ("If-Match", "*"))).Refuses(404, "not_found");
        (await app.GetAsync($"/api/v1/cases/{id}/candidates?track=mic", "desk tohoku")).Refuses(404, "not_found");
    }

    [Fact]
    public async Task A_correction_needs_the_version_it_was_made_from()
    {
        var id = await app.LogAsync();
        var path = $"/api/v1/cases/{id}";
        var etag = (await app.GetAsync(path)).ETag!;

        (await app.CallAsync(HttpMethod.Patch, path, new { teleworkStatus = "trial" })).Refuses(428, "version.required");
        (await app.CallAsync(HttpMethod.Patch, path, new { teleworkStatus = "trial" }, "centre", ("If-Match", "\"99\""))).Refuses(412, "version.stale");
        (await app.CallAsync(HttpMethod.Patch, path, new { teleworkStatus = "trial" }, "centre", ("If-Match", "\"abc\""))).Refuses(412, "version.stale");
        (await app.CallAsync(HttpMethod.Patch, path, new { teleworkStatus = "trial" }, "centre", ("If-Match", "abc"))).Refuses(400, "version.malformed");
        var changed = (await app.CallAsync(HttpMethod.Patch, path, new { teleworkStatus = "trial", organisation = new { name = "改名商事" } }, "centre", ("If-Match", etag))).Is(HttpStatusCode.OK);

        Assert.Equal("trial", changed.Text("teleworkStatus"));
        Assert.Equal("改名商事", changed.Json.GetProperty("organisation").GetProperty("name").GetString());
        Assert.NotEqual(etag, changed.ETag);
        (await app.CallAsync(HttpMethod.Patch, path, new { teleworkStatus = "none" }, "centre", ("If-Match", etag))).Refuses(412, "version.stale");
        (await app.CallAsync(HttpMethod.Patch, path, new { holder = Guid.NewGuid() }, "centre", ("If-Match", changed.ETag!))).Refuses(422, "invalid_input");
    }

    [Fact]
    public async Task An_action_honours_the_version_where_one_is_named()
    {
        var id = await app.LogAsync();
        var etag = (await app.GetAsync($"/api/v1/cases/{id}")).ETag!;

        var held = (await app.PostAsync($"/api/v1/cases/{id}/hold", new { reason = "回答待ち" }, "centre", ("If-Match", etag))).Is(HttpStatusCode.OK);

        Assert.NotEqual(etag, held.ETag);
        (await app.PostAsync($"/api/v1/cases/{id}/resume", null, "centre", ("If-Match", etag))).Refuses(412, "version.stale");
        (await app.PostAsync($"/api/v1/cases/{id}/resume", null, "centre", ("If-Match", held.ETag!))).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_way_from_received_to_closed_and_back()
    {
        var id = await app.LogAsync("VPNのセキュリティを相談したい");
        var path = $"/api/v1/cases/{id}";

        Assert.Equal("waiting", (await app.PostAsync($"{path}/route", new { tracks = new[] { "mic" }, reason = "情報通信のみ" })).Is(HttpStatusCode.OK).Text("status"));
        Assert.True((await app.PostAsync($"{path}/hold", new { reason = "社内で検討" })).Is(HttpStatusCode.OK).Json.GetProperty("onHold").GetBoolean());
        Assert.False((await app.PostAsync($"{path}/resume", "")).Is(HttpStatusCode.OK).Json.GetProperty("onHold").GetBoolean());
        (await app.PostAsync($"{path}/contacts", new { direction = "out", channel = "phone", result = "no_answer", callBackAt = "2026-11-24T15:00" })).Is(HttpStatusCode.Created);
        var owed = (await app.GetAsync("/api/v1/call-backs")).Is(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray();
        Assert.Contains(owed, c => c.GetProperty("caseId").GetString() == id && c.GetProperty("dueAt").GetString() == "2026-11-24T15:00:00+09:00");

        var refused = (await app.PostAsync($"{path}/close", new { outcome = "answered" })).Refuses(409, "case.open_work");
        Assert.Equal("call_back.open", refused.Json.GetProperty("objections")[0].GetProperty("code").GetString());
        Assert.Equal("closed", (await app.PostAsync($"{path}/close", new { outcome = "answered", closeOpenWork = true })).Is(HttpStatusCode.OK).Text("status"));
        (await app.PostAsync($"{path}/route", new { tracks = new[] { "mhlw" } })).Refuses(409, "case.not_allowed");
        (await app.PostAsync($"{path}/close", new { outcome = "withdrawn" })).Refuses(409, "case.not_allowed");
        Assert.Equal("received", (await app.PostAsync($"{path}/reopen", new { reason = "再相談" })).Is(HttpStatusCode.OK).Text("status"));
    }

    [Fact]
    public async Task Handing_over_leaves_the_giving_desk_the_reduced_view()
    {
        var id = await app.LogAsync(who: "desk shinetsu");

        var given = (await app.PostAsync($"/api/v1/cases/{id}/hand-over", new { desk = "tokai", reason = "本社が名古屋" }, "desk shinetsu")).Is(HttpStatusCode.OK);

        Assert.Equal(Reduced, given.Members);
        Assert.Equal("tokai", (await app.GetAsync($"/api/v1/cases/{id}", "desk tokai")).Text("district"));
        Assert.Equal(["desk:field.unknown_code"], (await app.PostAsync($"/api/v1/cases/{id}/hand-over", new { desk = "mars", reason = "x" }, "desk tokai")).Refuses(422, "invalid_input").Faults);
    }

    [Fact]
    public async Task Two_tracks_at_once_need_a_reason()
    {
        var id = await app.LogAsync("就業規則とVPN");

        (await app.PostAsync($"/api/v1/cases/{id}/route", new { tracks = new[] { "mic", "mhlw" }, start = "together" })).Refuses(409, "route.reason_needed");
        Assert.Equal(["tracks[1]:field.unknown_code"], (await app.PostAsync($"/api/v1/cases/{id}/route", new { tracks = new[] { "mic", "mof" } })).Refuses(422, "invalid_input").Faults);
        Assert.Equal(["topics:field.unknown_code"], (await app.PostAsync($"/api/v1/cases/{id}/route", new { tracks = new[] { "mic" }, topics = new[] { "astrology" } })).Refuses(422, "invalid_input").Faults);
        var routed = (await app.PostAsync($"/api/v1/cases/{id}/route", new { tracks = new[] { "mic", "mhlw" }, start = "together", reason = "急ぎ" })).Is(HttpStatusCode.OK);
        Assert.All(routed.Json.GetProperty("tracks").EnumerateArray(), t => Assert.Equal("wanted", t.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task The_queue_pages_through_everything_once_by_next_deadline()
    {
        for (var i = 0; i < 7; i++)
        {
            await app.LogAsync($"待ち行列 {i}", who: "desk shikoku");
        }

        var seen = new List<string>();
        string? next = null;
        do
        {
            var page = (await app.GetAsync($"/api/v1/queue?limit=3&district=shikoku{(next is null ? "" : $"&after={next}")}", "desk shikoku")).Is(HttpStatusCode.OK);
            seen.AddRange(page.Json.GetProperty("items").EnumerateArray().Select(r => r.GetProperty("id").GetString()!));
            next = page.Json.GetProperty("next").GetString();
        }
        while (next is not null);

        Assert.Equal(7, seen.Count);
        Assert.Equal(7, seen.Distinct().Count());
    }

    [Fact]
    public async Task A_row_of_the_queue_has_the_agreed_members()
    {
        var id = await app.LogAsync("就業規則", who: "desk hokuriku", organisation: new { name = "金沢箔", prefecture = "石川県" });

        var row = Assert.Single((await app.GetAsync("/api/v1/queue?status=received", "desk hokuriku")).Is(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray(), r => r.GetProperty("id").GetString() == id);

        foreach (var member in new[] { "id", "number", "status", "organisation", "prefecture", "topics", "tracks", "deadline", "holder" })
        {
            Assert.True(row.TryGetProperty(member, out _), member);
        }

        Assert.Equal("石川県", row.GetProperty("prefecture").GetString());
    }

    [Fact]
    public async Task A_case_is_found_by_its_number_as_people_say_it()
    {
        var id = await app.LogAsync();
        var number = (await app.GetAsync($"/api/v1/cases/{id}")).Text("number");
        var spoken = $"8の{int.Parse(number[4..], System.Globalization.CultureInfo.InvariantCulture)}";

        var hit = Assert.Single((await app.GetAsync($"/api/v1/cases?q={Uri.EscapeDataString(spoken)}")).Is(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray());

        Assert.Equal(id, hit.GetProperty("id").GetString());
    }
}
