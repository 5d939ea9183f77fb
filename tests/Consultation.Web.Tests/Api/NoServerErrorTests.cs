using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Consultation.Demo;
using Consultation.Experts;

namespace Consultation.Web.Tests.Api;

/// <summary>Every member of every body and query string the document knows, with every value that has ever hurt: refused or taken, never a 5xx.</summary>
public sealed class NoServerErrorTests(ApiApp app) : IClassFixture<ApiApp>
{
    private static readonly string?[] Nasty =
    [
        "null", "0", "-1", "2147483648", "1e308", "0.5", "true", "[]", "{}", "[null]", "[\"x\",1]", "[[]]", "\"\"", "\" \"", "\"x\"", "\"\\u202e\\ufeff𠮷\\u0001\"",
        "\"2019-01-01T00:00Z\"", "\"2045-12-31T23:59:59.9999999+14:00\"", "\"2026-12-01T10:00\"", "\"2026-11-24T09:20:00+09:00\"", "\"2045-12-31\"", "\"2000-01-01\"",
        "\"00000000-0000-0000-0000-000000000000\"", "\"'; drop table cases; --\"", "\"=cmd|' /C calc'!A0\"", "\"a\\r\\nBcc: x@example.com\"", "\"%_\\\\\"", "\"../../etc/passwd\"",
    ];

    private static readonly string[] Long = [$"\"{new string('長', 501)}\"", $"\"{new string('長', 10_001)}\"", $"[{string.Join(',', Enumerable.Repeat("\"mic\"", 2_000))}]"];

    [Fact]
    public async Task No_value_anywhere_gives_a_server_error()
    {
        var document = (await app.GetAsync("/openapi/v1.json", null)).Is(HttpStatusCode.OK).Json;
        var broken = new List<string>();
        var (sent, taken) = (0, 0);
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                var ids = await IdsAsync(path.Name);
                var target = path.Name.Contains("{id}", StringComparison.Ordinal) ? path.Name.Replace("{id}", ids[path.Name.Split('/')[3]], StringComparison.Ordinal) : path.Name;
                foreach (var (call, body) in Calls(document, operation.Value, target, ids))
                {
                    var reply = await app.CallAsync(new(operation.Name.ToUpperInvariant()), call, body, "supervisor", ("If-Match", "*"));
                    sent++;
                    taken += (int)reply.Status < 300 ? 1 : 0;
                    if ((int)reply.Status >= 500 || (reply.Status >= HttpStatusCode.BadRequest && reply.MediaType != "application/problem+json"))
                    {
                        broken.Add($"{(int)reply.Status} {operation.Name} {call} {body?[..Math.Min(body.Length, 200)]}");
                    }
                }
            }
        }

        Assert.Empty(broken);
        // Were nearly everything refused at the door, nothing would have been tried.
        Assert.True(sent > 2_000 && taken > 350, $"{taken} of {sent} calls taken");
    }

    private static IEnumerable<(string Call, string? Body)> Calls(JsonElement document, JsonElement operation, string target, Dictionary<string, string> ids)
    {
        if (operation.TryGetProperty("requestBody", out var body))
        {
            var schema = Resolve(document, body.GetProperty("content").GetProperty("application/json").GetProperty("schema"));
            var good = (JsonObject)Good(document, schema, "", ids);
            foreach (var (name, _) in good.ToList())
            {
                foreach (var value in Nasty.Concat(Long))
                {
                    var bad = good.DeepClone().AsObject();
                    bad[name] = JsonNode.Parse(value!);
                    yield return (target, bad.ToJsonString());
                }
            }
        }

        foreach (var parameter in operation.GetProperty("parameters").EnumerateArray().Where(p => p.GetProperty("in").GetString() == "query"))
        {
            foreach (var value in Nasty.Select(v => v!.Trim('"')).Append("%00").Append("%FF%FE").Append("2026-12-01T10:00:00+09:00"))
            {
                yield return ($"{target}?{parameter.GetProperty("name").GetString()}={(value.StartsWith('%') ? value : Uri.EscapeDataString(value))}", null);
            }
        }
    }

    /// <summary>A body that means something, so that the bad member is met as deep inside as possible.</summary>
    private static JsonNode Good(JsonElement document, JsonElement schema, string name, Dictionary<string, string> ids)
    {
        schema = Resolve(document, schema);
        if (schema.TryGetProperty("enum", out var codes))
        {
            return codes[0].GetString()!;
        }

        var type = schema.GetProperty("type");
        var kind = type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(t => t.GetString()).First(t => t != "null") : type.GetString();
        var format = schema.TryGetProperty("format", out var known) ? known.GetString() : null;
        return (kind, format, name) switch
        {
            ("object", _, _) => new JsonObject(schema.GetProperty("properties").EnumerateObject().Select(p => KeyValuePair.Create(p.Name, (JsonNode?)Good(document, p.Value, p.Name, ids)))),
            ("array", _, _) => new JsonArray(Good(document, schema.GetProperty("items"), name, ids)),
            ("integer", _, _) => 1,
            ("boolean", _, _) => false,
            (_, "uuid", _) => ids["experts"],
            (_, "date-time", "end" or "to") => "2026-12-01T11:00",
            (_, "date-time", "receivedAt" or "at") => "2026-11-20T10:00",
            (_, "date-time", _) => "2026-12-01T10:00",
            (_, "date", _) => "2026-12-10",
            (_, "time", "to") => "17:00",
            (_, "time", _) => "09:00",
            (_, _, "desk" or "districts") => "kanto",
            (_, _, "prefecture" or "prefectures") => "東京都",
            (_, _, "topics" or "code") => "ICT-SEC",
            _ => "あ",
        };
    }

    private static JsonElement Resolve(JsonElement document, JsonElement schema) =>
        schema.TryGetProperty("$ref", out var reference) ? document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1])
        : schema.TryGetProperty("oneOf", out var choices) ? Resolve(document, choices.EnumerateArray().Last())
        : schema;

    /// <summary>Fresh rows for one path to point at: a booked case, or one whose visit took place where reports and follow-ups are due.</summary>
    private async Task<Dictionary<string, string>> IdsAsync(string path)
    {
        await app.Send(new SetClock(new DateTimeOffset(2026, 11, 24, 9, 20, 0, TimeSpan.FromHours(9))));
        var expert = (await app.Send(new CreateExpert("専門 一", Affiliation.Mic, "東京都", Capacity: 50))).Id.ToString();
        var id = await app.LogAsync("VPNのセキュリティ", desk: "kanto", organisation: new { name = ApiApp.Fresh("試験"), prefecture = "東京都" });
        var ids = new Dictionary<string, string>
        {
            ["cases"] = id, ["experts"] = expert, ["follow-ups"] = id, ["inquiries"] = id, ["queue"] = id, ["tallies"] = id, ["call-backs"] = id, ["offers"] = id,
        };
        (await app.PostAsync($"/api/v1/cases/{id}/route", new { tracks = new[] { "mic" }, reason = "情報通信" })).Is(HttpStatusCode.OK);
        if (path.EndsWith("/offers", StringComparison.Ordinal))
        {
            return ids;
        }

        if (path.StartsWith("/api/v1/assignments", StringComparison.Ordinal))
        {
            ids["assignments"] = (await app.PostAsync("/api/v1/assignments", new { cases = new[] { id } })).Is(HttpStatusCode.Created).Text("id");
            return ids;
        }

        ids["offers"] = (await app.PostAsync($"/api/v1/cases/{id}/offers", new { track = "mic", expertId = expert })).Is(HttpStatusCode.Created).Text("id");
        if (path.StartsWith("/api/v1/offers", StringComparison.Ordinal))
        {
            return ids;
        }

        (await app.PostAsync($"/api/v1/offers/{ids["offers"]}/accept", new { source = "電話で受諾" })).Is(HttpStatusCode.OK);
        if (path.StartsWith("/api/v1/slot-wishes/", StringComparison.Ordinal))
        {
            ids["slot-wishes"] = (await app.PostAsync($"/api/v1/cases/{id}/slot-wishes", new { mode = "phone", minutes = 30, from = "2026-12-06", to = "2026-12-06" })).Is(HttpStatusCode.Created).Text("id");
            return ids;
        }

        ids["visits"] = (await app.PostAsync($"/api/v1/cases/{id}/visits", new { start = "2026-12-02T10:00", end = "2026-12-02T11:00", mode = "web", stage = "assess" })).Is(HttpStatusCode.Created).Text("id");
        if (path.Contains("/hand-overs", StringComparison.Ordinal))
        {
            (await app.PostAsync($"/api/v1/experts/{expert}/absences", new { from = "2026-12-01", to = "2026-12-02", reason = "休暇" }, "supervisor")).Is(HttpStatusCode.Created);
            ids["hand-overs"] = (await app.PostAsync($"/api/v1/experts/{expert}/hand-overs", new { }, "supervisor")).Is(HttpStatusCode.Created).Text("id");
        }

        if (path.Contains("/report", StringComparison.Ordinal) || path.Contains("/follow-ups/", StringComparison.Ordinal))
        {
            await app.Send(new SetClock(new DateTimeOffset(2026, 12, 2, 11, 0, 0, TimeSpan.FromHours(9))));
            (await app.PostAsync($"/api/v1/visits/{ids["visits"]}/complete", new { outcome = "took_place", source = "電話" })).Is(HttpStatusCode.OK);
            ids["follow-ups"] = (await app.GetAsync($"/api/v1/cases/{id}")).Json.GetProperty("followUps")[0].GetProperty("id").GetString()!;
        }

        return ids;
    }
}
