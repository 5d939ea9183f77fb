using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Consultation.Experts;

namespace Consultation.Web.Tests.Api;

/// <summary>What the contract says beyond who may do what: clearing, versions, lists, keys and sizes.</summary>
public sealed class ContractRulesTests(ApiApp app) : IClassFixture<ApiApp>
{
    [Fact]
    public async Task Null_clears_and_what_is_absent_stays()
    {
        var made = await app.PostAsync("/api/v1/inquiries", new
        {
            channel = "email", text = "VPN", organisation = new { name = "株式会社南風", employees = 12, prefecture = "沖縄県" }, contact = new { name = "山田", email = "a@example.jp" },
            preferredMode = "web", teleworkStatus = "trial",
        });
        var path = $"/api/v1/cases/{made.Text("id")}";
        var staff = await app.SqlAsync("select id::text from staff limit 1");

        var held = await PatchAsync(path, new { holder = staff });
        var kept = await PatchAsync(path, new { contact = new { phone = "098-000-0000" } });
        var cleared = await PatchAsync(path, new { holder = (string?)null, preferredMode = (string?)null, organisation = new { employees = (int?)null }, contact = new { email = (string?)null } });
        var emptied = await PatchAsync(path, new { contact = (object?)null, organisation = (object?)null, teleworkStatus = (string?)null });

        Assert.Equal(staff, held.Text("holder"));
        Assert.Equal(staff, kept.Text("holder"));
        Assert.Equal(("山田", "a@example.jp", "web"), (kept.Json.GetProperty("contact").GetProperty("name").GetString(), kept.Json.GetProperty("contact").GetProperty("email").GetString(), kept.Text("preferredMode")));
        Assert.Equal(JsonValueKind.Null, cleared.Json.GetProperty("holder").ValueKind);
        Assert.Equal(JsonValueKind.Null, cleared.Json.GetProperty("preferredMode").ValueKind);
        Assert.Equal(JsonValueKind.Null, cleared.Json.GetProperty("organisation").GetProperty("employees").ValueKind);
        Assert.Equal("株式会社南風", cleared.Json.GetProperty("organisation").GetProperty("name").GetString());
        Assert.Equal(JsonValueKind.Null, cleared.Json.GetProperty("contact").GetProperty("email").ValueKind);
        Assert.Equal("山田", cleared.Json.GetProperty("contact").GetProperty("name").GetString());
        Assert.All(emptied.Json.GetProperty("contact").EnumerateObject().Concat(emptied.Json.GetProperty("organisation").EnumerateObject()), m => Assert.Equal(JsonValueKind.Null, m.Value.ValueKind));
        Assert.Equal("unknown", emptied.Text("teleworkStatus"));
    }

    [Fact]
    public async Task Rights_come_before_versions_and_before_what_was_sent()
    {
        var id = await app.LogAsync(desk: "kyushu");
        var path = $"/api/v1/cases/{id}";

        (await app.CallAsync(HttpMethod.Patch, path, new { preferredMode = "web" }, "ministry")).Refuses(403, "forbidden");
        (await app.CallAsync(HttpMethod.Patch, path, new { preferredMode = "web" }, "desk tohoku")).Refuses(404, "not_found");
        (await app.CallAsync(HttpMethod.Patch, path, new { preferredMode = "web" }, "desk tohoku", ("If-Match", "\"99\""))).Refuses(404, "not_found");
        (await app.CallAsync(HttpMethod.Patch, path, new { preferredMode = "web" }, "desk kyushu")).Refuses(428, "version.required");
        foreach (var (method, target) in new[] { ("PUT", $"/api/v1/experts/{id}/availability"), ("POST", $"/api/v1/experts/{id}/absences"), ("POST", "/api/v1/experts") })
        {
            (await app.CallAsync(new(method), target, "{}", "desk kyushu")).Refuses(403, "forbidden");
        }

        (await app.GetAsync("/api/v1/experts?limit=999", "ministry")).Refuses(403, "forbidden");
    }

    [Fact]
    public async Task J37_one_refusal_names_everything_that_stands_against_closing()
    {
        var expert = (await app.Send(new CreateExpert("専門 一", Affiliation.Mic, "東京都"))).Id;
        var path = $"/api/v1/cases/{await app.LogAsync("VPNのセキュリティ", desk: "kanto")}";
        (await app.PostAsync($"{path}/route", new { tracks = new[] { "mic" }, reason = "情報通信" })).Is(HttpStatusCode.OK);
        var offer = (await app.PostAsync($"{path}/offers", new { track = "mic", expertId = expert.ToString() })).Is(HttpStatusCode.Created).Text("id");
        (await app.PostAsync($"/api/v1/offers/{offer}/accept", new { source = "phone" })).Is(HttpStatusCode.OK);
        (await app.PostAsync($"{path}/visits", new { start = "2026-12-02T10:00", end = "2026-12-02T11:00", mode = "web", stage = "assess" })).Is(HttpStatusCode.Created);
        (await app.PostAsync($"{path}/contacts", new { direction = "in", channel = "phone", result = "message", callBackAt = "2026-11-25T10:00" })).Is(HttpStatusCode.Created);

        var refused = (await app.PostAsync($"{path}/close", new { outcome = "withdrawn" })).Refuses(409, "case.open_work");

        var objections = refused.Json.GetProperty("objections").EnumerateArray().Select(o => o.GetProperty("code").GetString()).ToArray();
        Assert.True(objections.Length >= 2, refused.Body);
        Assert.Contains("call_back.open", objections);
        Assert.Equal(objections.Select(code => $"closeOpenWork:{code}"), refused.Faults);
        Assert.All(refused.Json.GetProperty("errors").EnumerateArray(), e => Assert.Matches("[ぁ-ん]", e.GetProperty("message").GetString()!));
        Assert.Equal("closed", (await app.PostAsync($"{path}/close", new { outcome = "withdrawn", closeOpenWork = true })).Is(HttpStatusCode.OK).Text("status"));
    }

    [Fact]
    public async Task The_queue_has_the_dated_by_date_then_the_undated_by_age_then_the_paused()
    {
        const string desk = "desk hokkaido";
        var paused = await app.LogAsync("保留", who: desk);
        (await app.PostAsync($"/api/v1/cases/{paused}/hold", new { reason = "回答待ち" }, desk)).Is(HttpStatusCode.OK);
        var undated = new[] { await app.LogAsync("電話 一", who: desk), await app.LogAsync("電話 二", who: desk) };
        var late = (await app.PostAsync("/api/v1/inquiries", new { channel = "email", text = "今日のメール" }, desk)).Text("id");
        var early = (await app.PostAsync("/api/v1/inquiries", new { channel = "email", text = "先週のメール", receivedAt = "2026-11-18T10:00" }, desk)).Text("id");

        var rows = new List<JsonElement>();
        for (string? next = ""; next is not null;)
        {
            var page = (await app.GetAsync($"/api/v1/queue?limit=2{(next.Length == 0 ? "" : $"&after={next}")}", desk)).Is(HttpStatusCode.OK).Json;
            rows.AddRange(page.GetProperty("items").EnumerateArray());
            next = page.GetProperty("next").GetString();
        }

        Assert.Equal([early, late, undated[0], undated[1], paused], rows.Select(r => r.GetProperty("id").GetString()!));
        Assert.Equal([true, true, false, false, false], rows.Select(r => r.GetProperty("deadline").ValueKind == JsonValueKind.Object));
    }

    [Theory]
    [InlineData("8の{0}")]
    [InlineData("８の{0}")]
    [InlineData("R8-{0}")]
    [InlineData("r08 {0}")]
    [InlineData("R08−{0}")]
    [InlineData("RO8-O0{0}")]
    [InlineData("令和8年度の{0}番")]
    public async Task A_number_is_found_however_it_was_taken_down(string typed)
    {
        var id = await app.LogAsync();
        var number = (await app.GetAsync($"/api/v1/cases/{id}")).Text("number");
        var asked = string.Format(System.Globalization.CultureInfo.InvariantCulture, typed, int.Parse(number[4..], System.Globalization.CultureInfo.InvariantCulture));

        var found = (await app.GetAsync($"/api/v1/cases?q={Uri.EscapeDataString(asked)}")).Is(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray();

        Assert.Contains(found, hit => hit.GetProperty("id").GetString() == id);
    }

    [Fact]
    public async Task What_looks_like_a_number_is_still_searched_as_words()
    {
        var id = await app.LogAsync("本社は虎ノ門3-12です");

        Assert.Contains((await app.GetAsync("/api/v1/cases?q=3-12")).Is(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray(), hit => hit.GetProperty("id").GetString() == id);
    }

    [Theory]
    [InlineData("/api/v1/queue")]
    [InlineData("/api/v1/cases")]
    [InlineData("/api/v1/experts")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/sign-in")]
    public async Task HEAD_is_GET_without_the_body(string path)
    {
        var head = await app.CallAsync(HttpMethod.Head, path, null);

        Assert.Equal((HttpStatusCode.OK, ""), (head.Status, head.Body));
        Assert.Equal((await app.GetAsync(path)).MediaType, head.MediaType);
    }

    [Theory]
    [InlineData(1_100_000)]
    [InlineData(30_000_000)]
    public async Task A_form_too_large_is_answered_by_a_Japanese_page(int length)
    {
        var reply = await app.CallAsync(HttpMethod.Post, "/sign-in", Encoding.ASCII.GetBytes("userName=" + new string('a', length)), null, ("Content-Type", "application/x-www-form-urlencoded"));

        Assert.Equal((413, "text/html"), ((int)reply.Status, reply.MediaType));
        Assert.Contains("送信した内容が大きすぎます", reply.Body);
    }

    [Fact]
    public async Task A_repetition_hears_the_same_words_even_after_the_case_went_elsewhere()
    {
        var path = $"/api/v1/cases/{await app.LogAsync(who: "desk shinetsu")}/notes";
        var first = (await app.PostAsync(path, new { text = "一度だけ" }, "desk shinetsu", ("Idempotency-Key", "note-1"))).Is(HttpStatusCode.Created);
        (await app.PostAsync(path, new { text = "別の内容" }, "desk shinetsu", ("Idempotency-Key", "note-1"))).Refuses(422, "idempotency.reused");
        (await app.PostAsync(path.Replace("/notes", "/hand-over", StringComparison.Ordinal), new { desk = "tokai", reason = "本社" }, "desk shinetsu")).Is(HttpStatusCode.OK);

        var second = await app.PostAsync(path, new { text = "一度だけ" }, "desk shinetsu", ("Idempotency-Key", "note-1"));

        Assert.Equal((first.Status, first.Body, first.ETag, first.MediaType), (second.Status, second.Body, second.ETag, second.MediaType));
        Assert.Equal("1", (await app.SqlAsync("select count(*)::text from case_notes where text = '一度だけ'"))!.ToString());
        // Another token has keys of its own.
        (await app.PostAsync(path, new { text = "別の内容" }, "desk tokai", ("Idempotency-Key", "note-1"))).Is(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("slots?mode=phone&minutes=30", "start", 3)]
    [InlineData("candidates?track=mic", "expertId", 2)]
    public async Task Lists_that_are_worked_out_have_pages_too(string list, string name, int least)
    {
        var expert = (await app.Send(new CreateExpert("専門 一", Affiliation.Mic, "東京都"))).Id;
        await app.Send(new CreateExpert("専門 二", Affiliation.Mic, "大阪府"));
        var path = $"/api/v1/cases/{await app.LogAsync("VPNのセキュリティ", desk: "kanto")}";
        (await app.PostAsync($"{path}/route", new { tracks = new[] { "mic" }, reason = "情報通信" })).Is(HttpStatusCode.OK);
        if (name == "start")
        {
            var offer = (await app.PostAsync($"{path}/offers", new { track = "mic", expertId = expert.ToString() })).Is(HttpStatusCode.Created).Text("id");
            (await app.PostAsync($"/api/v1/offers/{offer}/accept", new { source = "phone" })).Is(HttpStatusCode.OK);
        }

        var all = (await app.GetAsync($"{path}/{list}&limit=200")).Is(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray().Select(i => i.GetProperty(name).GetString()).ToList();
        var paged = new List<string?>();
        for (string? next = ""; next is not null && paged.Count < 400;)
        {
            var page = (await app.GetAsync($"{path}/{list}&limit={(all.Count > 20 ? 40 : 1)}{(next.Length == 0 ? "" : $"&after={next}")}")).Is(HttpStatusCode.OK).Json;
            paged.AddRange(page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty(name).GetString()));
            next = page.GetProperty("next").GetString();
        }

        Assert.True(all.Count >= least, $"{all.Count}");
        Assert.Equal(all, paged.Take(200));
        Assert.Equal(["after:page.malformed"], (await app.GetAsync($"{path}/{list}&after=lost")).Refuses(422, "invalid_input").Faults);
        Assert.Equal(["limit:page.malformed"], (await app.GetAsync($"{path}/{list}&limit=201")).Refuses(422, "invalid_input").Faults);
    }

    [Fact]
    public async Task A_number_beyond_all_bounds_is_told_the_bounds_that_mean_something()
    {
        var document = (await app.GetAsync("/openapi/v1.json", null)).Json;
        var tried = 0;
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject().Where(o => o.Value.TryGetProperty("requestBody", out _)))
            {
                var schema = operation.Value.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema");
                foreach (var body in Huge(document, schema))
                {
                    tried++;
                    var reply = await app.CallAsync(new(operation.Name.ToUpperInvariant()), path.Name.Replace("{id}", Guid.NewGuid().ToString(), StringComparison.Ordinal), body.ToJsonString(), "supervisor", ("If-Match", "*"));
                    Assert.Contains(reply.Refuses(422, "invalid_input").Faults, fault => fault.EndsWith(":field.out_of_range", StringComparison.Ordinal));
                    Assert.DoesNotContain("2147483647", reply.Body);
                    Assert.DoesNotContain("9223372036854775807", reply.Body);
                }
            }
        }

        Assert.True(tried >= 8, $"{tried}");
    }

    [Fact]
    public async Task A_search_of_five_thousand_characters_hears_why_it_is_refused() =>
        Assert.Equal(["q:field.too_long"], (await app.GetAsync($"/api/v1/cases?q={Uri.EscapeDataString(new string('長', 5_000))}")).Refuses(422, "invalid_input").Faults);

    /// <summary>A body for every whole number anywhere in the schema, holding nothing but 10³⁰ there.</summary>
    private static IEnumerable<JsonNode> Huge(JsonElement document, JsonElement schema)
    {
        schema = schema.TryGetProperty("$ref", out var reference) ? document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1])
            : schema.TryGetProperty("oneOf", out var choices) ? choices.EnumerateArray().Last() : schema;
        if (schema.TryGetProperty("$ref", out _))
        {
            return Huge(document, schema);
        }

        if (schema.TryGetProperty("properties", out var properties))
        {
            return properties.EnumerateObject().SelectMany(p => Huge(document, p.Value).Select(inner => (JsonNode)new JsonObject { [p.Name] = inner }));
        }

        if (schema.TryGetProperty("items", out var items))
        {
            return Huge(document, items).Select(inner => (JsonNode)new JsonArray(inner));
        }

        return schema.TryGetProperty("type", out var type) && type.ToString().Contains("integer", StringComparison.Ordinal) ? [JsonNode.Parse("1e30")!] : [];
    }

    private async Task<Reply> PatchAsync(string path, object body) =>
        (await app.CallAsync(HttpMethod.Patch, path, body, "centre", ("If-Match", (await app.GetAsync(path)).ETag!))).Is(HttpStatusCode.OK);

    [Fact]
    public async Task What_says_what_is_known_already_makes_no_new_version()
    {
        var id = await app.LogAsync(desk: "kyushu");
        var path = $"/api/v1/cases/{id}";
        var staff = await app.SqlAsync("select id::text from staff limit 1");
        var body = new { contact = new { name = "山田", phone = "092-000-0000" }, organisation = new { name = "株式会社不変", prefecture = "福岡県" }, preferredMode = "web", teleworkStatus = "trial", holder = staff };
        var first = await PatchAsync(path, body);
        var again = await PatchAsync(path, body);
        Assert.Equal((first.ETag, first.Body), (again.ETag, again.Body));
        Assert.NotEqual(first.ETag, (await PatchAsync(path, new { contact = new { phone = "092-000-0001" } })).ETag);
    }

    [Theory]
    [InlineData("/api/v1/cases?q=%ff")]
    [InlineData("/api/v1/cases?q=%E3%81")]
    [InlineData("/api/v1/queue?status=%C0%80")]
    public async Task A_query_that_is_no_UTF8_is_unreadable(string path) => (await app.GetAsync(path, "centre")).Refuses(400, "unreadable");

    [Fact]
    public async Task An_absence_may_be_whole_days_in_Japan_the_last_one_included()
    {
        var expert = (await app.Send(new CreateExpert("休 一", Affiliation.Mic, "東京都"))).Id;
        var path = $"/api/v1/experts/{expert}/absences";
        var made = (await app.PostAsync(path, new { from = "2027-03-01", to = "2027-03-02", reason = "研修" }, "supervisor")).Json.GetProperty("absences")[0];
        Assert.Equal(("2027-03-01T00:00:00+09:00", "2027-03-03T00:00:00+09:00"), (made.GetProperty("from").GetString(), made.GetProperty("to").GetString()));
        await app.PostAsync(path, new { from = "2027-04-01", to = "2027-04-01T12:00", reason = "通院" }, "supervisor");
        (await app.CallAsync(HttpMethod.Post, path, new { from = "2027-02-30", to = "2027-03-02", reason = "研修" }, "supervisor")).Refuses(422, "invalid_input");
        (await app.CallAsync(HttpMethod.Post, $"/api/v1/cases/{Guid.Empty}/visits", new { start = "2027-03-01", end = "2027-03-02", mode = "web", stage = "assess" }, "centre")).Refuses(422, "invalid_input");
    }

    [Fact]
    public async Task An_experts_address_is_taken_once()
    {
        var body = new { name = "同 一", affiliation = "mic", prefecture = "東京都", email = "once@example.jp" };
        await app.PostAsync("/api/v1/experts", body, "supervisor");
        (await app.CallAsync(HttpMethod.Post, "/api/v1/experts", body, "supervisor")).Refuses(409, "expert.email_taken");
    }
}
