using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Consultation.Demo;
using Consultation.Messaging;
using Consultation.Staff;

namespace Consultation.Web.Tests.Api;

/// <summary>
/// The contract that outside systems rely on: every path of the document with every role, on own and on foreign rows. Along the way every
/// answer is held against the document and every refusal against the agreed shape.
/// </summary>
public sealed partial class ContractTests(ApiApp app) : IClassFixture<ApiApp>
{
    private static readonly DateTimeOffset Tuesday = new(2026, 11, 24, 9, 20, 0, TimeSpan.FromHours(9));

    /// <summary>For each path the row that it wants and the body that means something there; the clock of the second half stands behind all visits.</summary>
    private static readonly Dictionary<string, Call> Calls = new()
    {
        ["POST /api/v1/inquiries"] = new(null, _ => new { channel = "phone", text = "VPNのセキュリティ" }),
        ["GET /api/v1/cases"] = new(null),
        ["GET /api/v1/queue"] = new(null),
        ["GET /api/v1/cases/{id}"] = new(Stage.Assigned),
        ["PATCH /api/v1/cases/{id}"] = new(Stage.Assigned, _ => new { teleworkStatus = "trial", contact = new { name = "担当者" } }),
        ["POST /api/v1/cases/{id}/contacts"] = new(Stage.Assigned, _ => new { direction = "out", channel = "phone", result = "no_answer", callBackAt = "2026-12-28T10:00" }),
        ["POST /api/v1/cases/{id}/notes"] = new(Stage.Assigned, _ => new { text = "内部メモ" }),
        ["POST /api/v1/cases/{id}/route"] = new(Stage.Received, _ => new { tracks = new[] { "mic" }, reason = "情報通信" }),
        ["POST /api/v1/cases/{id}/close"] = new(Stage.Received, _ => new { outcome = "answered" }),
        ["POST /api/v1/cases/{id}/reopen"] = new(Stage.Closed, _ => new { reason = "再相談" }),
        ["POST /api/v1/cases/{id}/hold"] = new(Stage.Received, _ => new { reason = "回答待ち" }),
        ["POST /api/v1/cases/{id}/resume"] = new(Stage.OnHold),
        ["POST /api/v1/cases/{id}/hand-over"] = new(Stage.Received, _ => new { desk = "kinki", reason = "本社が大阪" }),
        ["POST /api/v1/cases/{id}/reassign"] = new(Stage.Offered, at => new { track = "mic", expertId = at.Scene.Third.ToString(), reason = "負荷の調整" }),
        ["GET /api/v1/cases/{id}/candidates"] = new(Stage.Waiting, Query: "?track=mic"),
        ["POST /api/v1/cases/{id}/ranking"] = new(Stage.Waiting, _ => new { track = "mic", experts = Array.Empty<string>() }),
        ["POST /api/v1/cases/{id}/offers"] = new(Stage.Waiting, at => new { track = "mic", expertId = at.Row.Expert.ToString() }),
        ["GET /api/v1/cases/{id}/slots"] = new(Stage.Assigned, Query: "?mode=phone&minutes=30"),
        ["POST /api/v1/cases/{id}/visits"] = new(Stage.Assigned, at => at.Period(new { mode = "phone", stage = "assess" })),
        // On a Sunday nothing is free, so that there is something to wait for.
        ["POST /api/v1/cases/{id}/slot-wishes"] = new(Stage.Assigned, _ => new { mode = "phone", minutes = 30, from = "2026-12-06", to = "2026-12-06" }),
        ["GET /api/v1/slot-wishes"] = new(null),
        ["POST /api/v1/slot-wishes/{id}/end"] = new(Stage.Wishing, _ => new { reason = "もう待たない" }),
        ["POST /api/v1/assignments"] = new(null),
        ["GET /api/v1/assignments/{id}"] = new(Stage.Planned),
        ["POST /api/v1/assignments/{id}/apply"] = new(Stage.Planned, _ => new { choice = "optimal" }),
        ["POST /api/v1/assignments/{id}/undo"] = new(Stage.PlanApplied),
        ["GET /api/v1/experts/{id}/visits-in-absence"] = new(Stage.Absent),
        ["GET /api/v1/experts/{id}/hand-overs"] = new(Stage.Absent),
        ["POST /api/v1/experts/{id}/hand-overs"] = new(Stage.Absent),
        ["GET /api/v1/hand-overs/{id}"] = new(Stage.HandoverProposed),
        ["POST /api/v1/hand-overs/{id}/approve"] = new(Stage.HandoverProposed, _ => new { source = "電話で了解" }),
        ["POST /api/v1/hand-overs/{id}/undo"] = new(Stage.HandedOver),
        ["GET /api/v1/waiting-projection"] = new(null, Query: "?weeks=4"),
        ["GET /api/v1/offers"] = new(null, Query: "?state=open"),
        ["POST /api/v1/offers/{id}/accept"] = new(Stage.Offered, _ => new { source = "電話で受諾" }),
        ["POST /api/v1/offers/{id}/decline"] = new(Stage.Offered, _ => new { reason = "繁忙", source = "電話" }),
        ["POST /api/v1/visits/{id}/confirm"] = new(Stage.HeldVisit),
        ["POST /api/v1/visits/{id}/reschedule"] = new(Stage.Booked, at => at.Period(new { reason = "先方都合" })),
        ["POST /api/v1/visits/{id}/cancel"] = new(Stage.Booked, _ => new { by = "client", reason = "都合" }),
        ["POST /api/v1/tallies"] = new(null, _ => new { channel = "phone", kind = "opening_hours" }),
        ["GET /api/v1/call-backs"] = new(null),
        ["GET /api/v1/case-load"] = new(null, Query: "?by=district"),
        ["GET /api/v1/experts"] = new(null),
        ["POST /api/v1/experts"] = new(null, _ => new { name = "専門家", affiliation = "mhlw", prefecture = "13" }),
        ["POST /api/v1/visits/{id}/complete"] = new(Stage.Booked, _ => new { outcome = "took_place", minutes = 30, source = "電話で確認" }, IsAfterwards: true),
        ["POST /api/v1/visits/{id}/report"] = new(Stage.TookPlace, _ => new { track = "mic", text = "VPNを見直した", next = "done", source = "電話で口述" }, IsAfterwards: true),
        ["POST /api/v1/visits/{id}/report/approve"] = new(Stage.Reported, _ => new { track = "mic" }, IsAfterwards: true),
        ["POST /api/v1/visits/{id}/report/return"] = new(Stage.Reported, _ => new { track = "mic", reason = "数字の確認" }, IsAfterwards: true),
        ["GET /api/v1/follow-ups"] = new(null, IsAfterwards: true),
        ["POST /api/v1/follow-ups/{id}/complete"] = new(Stage.TookPlace, _ => new { result = "improved", teleworkStatus = "introduced" }, IsAfterwards: true),
        ["POST /api/v1/follow-ups/{id}/postpone"] = new(Stage.TookPlace, _ => new { due = "2027-02-10", reason = "繁忙期" }, IsAfterwards: true),
        ["PUT /api/v1/experts/{id}/availability"] = new(Stage.Received, _ => new { hours = new[] { new { weekday = "tuesday", from = "10:00", to = "16:00" } } }, IsAfterwards: true),
        ["POST /api/v1/experts/{id}/absences"] = new(Stage.Received, _ => new { from = "2027-03-01T00:00", to = "2027-03-02T00:00", reason = "研修" }, IsAfterwards: true),
    };

    /// <summary>Lists and the stage whose four rows stand in them.</summary>
    private static readonly Dictionary<string, Stage> Lists = new()
    {
        ["GET /api/v1/cases"] = Stage.Assigned, ["GET /api/v1/queue"] = Stage.Assigned, ["GET /api/v1/offers"] = Stage.Offered, ["GET /api/v1/call-backs"] = Stage.Assigned, ["GET /api/v1/slot-wishes"] = Stage.Wishing,
        ["GET /api/v1/follow-ups"] = Stage.TookPlace,
    };

    /// <summary>What answers with one thing; every other GET is a list.</summary>
    private static readonly string[] Single = ["GET /api/v1/cases/{id}", "GET /api/v1/case-load", "GET /api/v1/assignments/{id}", "GET /api/v1/hand-overs/{id}", "GET /api/v1/waiting-projection"];

    private readonly List<string> faults = [];
    private readonly Dictionary<string, string> tokens = [];
    private ContractScene scene = null!;
    private Dictionary<string, JsonElement> operations = [];
    private SchemaCheck schemas = null!;

    [Fact]
    public async Task Every_path_answers_every_role_on_own_and_foreign_rows_as_agreed()
    {
        var document = (await app.GetAsync("/openapi/v1.json", null)).Is(HttpStatusCode.OK).Json;
        schemas = new(document);
        operations = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(o => ($"{o.Name.ToUpperInvariant()} {path.Name}", o.Value))).ToDictionary();
        Assert.Equal(operations.Keys.Order(StringComparer.Ordinal), ContractTable.Lines.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(operations.Keys.Order(StringComparer.Ordinal), Calls.Keys.Order(StringComparer.Ordinal));

        scene = new(app);
        await scene.BeginAsync();
        await IssueAsync();
        foreach (var row in await scene.FourAsync(Stage.Assigned))
        {
            await app.Send(new Consultation.Cases.RecordContact(
                row.Case, Consultation.Cases.ContactDirection.In, Consultation.Cases.Channel.Phone, Consultation.Cases.ContactResult.Message, CallBackAt: Tuesday.AddHours(3)));
        }

        await scene.FourAsync(Stage.Offered);
        var planned = await PlanAsync();
        await WalkAsync(planned.Where(p => !p.Call.IsAfterwards));
        await app.Send(new SetClock(ContractScene.Afterwards));
        await scene.FinishAsync();
        await WalkAsync(planned.Where(p => p.Call.IsAfterwards));

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    /// <summary>Who calls what on which row. Only a call that is to succeed and changes something gets a row of its own.</summary>
    private async Task<List<Planned>> PlanAsync()
    {
        var planned = new List<Planned>();
        foreach (var (name, roles) in ContractTable.Lines)
        {
            var call = Calls[name];
            foreach (var (role, expected) in roles)
            {
                if (call.Stage is not { } stage)
                {
                    planned.Add(new(name, role, call, null, expected.Own));
                    continue;
                }

                var four = await scene.FourAsync(stage);
                var asked = role is "nobody" or "expired" ? four.Take(1) : expected.Own < 300 || expected.Foreign < 300 ? four : four.Take(2);
                foreach (var row in asked)
                {
                    var status = IsOwn(role, row, name) ? expected.Own : expected.Foreign;
                    var changes = status < 300 && !name.StartsWith("GET", StringComparison.Ordinal) && !name.Contains("/experts", StringComparison.Ordinal);
                    // The same right twice needs no second row of its own: one for each side of the line.
                    if (changes && planned.Any(p => p.Name == name && p.Role == role && p.Expected == status && IsOwn(role, p.Row!, name) == IsOwn(role, row, name)))
                    {
                        continue;
                    }

                    planned.Add(new(name, role, call, changes ? await scene.NewAsync(stage, row.District, row.Expert) : row, status));
                }
            }
        }

        return planned;
    }

    private bool IsOwn(string role, Row row, string name) => role switch
    {
        "expert" => row.Expert == scene.Own,
        "supervisor" when name.Contains("/experts/", StringComparison.Ordinal) => row.Expert == scene.Own,
        "desk" or "supervisor" when !name.Contains("/experts/", StringComparison.Ordinal) => row.District == "kanto",
        _ => true,
    };

    private async Task WalkAsync(IEnumerable<Planned> planned)
    {
        foreach (var (name, role, call, row, expected) in planned)
        {
            var (method, path) = (name.Split(' ')[0], name.Split(' ')[1]);
            var target = (row is null ? path : path.Replace("{id}", await row.IdAsync(path.Split('/')[3], app), StringComparison.Ordinal)) + call.Query;
            var body = call.Body?.Invoke(new(scene, row!));
            (string, string)[] headers = [("If-Match", "*"), .. tokens.TryGetValue(role, out var token) ? [("Authorization", $"Bearer {token}")] : Array.Empty<(string, string)>()];
            var reply = await app.CallAsync(new(method), target, body, null, headers);
            var what = $"{role}: {name} on {row?.District}/{(row?.Expert == scene.Own ? "own expert" : "other expert")}";
            if ((int)reply.Status != expected)
            {
                faults.Add($"{what}: {(int)reply.Status} instead of {expected} {reply.Body[..Math.Min(reply.Body.Length, 300)]}");
                continue;
            }

            faults.AddRange(Judge(reply, name).Select(fault => $"{what}: {fault}"));
            if (expected == 200 && Lists.TryGetValue(name, out var stage))
            {
                await JudgeListAsync(what, name, role, stage, target, headers);
            }
        }
    }

    /// <summary>What every answer owes, whatever it is.</summary>
    private IEnumerable<string> Judge(Reply reply, string name)
    {
        var (method, operation) = (name.Split(' ')[0], operations[name]);
        var status = ((int)reply.Status).ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (!operation.GetProperty("responses").TryGetProperty(status, out var described) || !described.GetProperty("content").TryGetProperty(reply.MediaType!, out var content))
        {
            return [$"{status} {reply.MediaType} does not stand in the document"];
        }

        var isRefusal = (int)reply.Status >= 400;
        var found = schemas.Differences(reply.Json, content.GetProperty("schema"), isRefusal);
        if (isRefusal)
        {
            reply.Refuses((int)reply.Status, reply.Text("code"));
            found.AddRange(reply.Members.Take(7).SequenceEqual(["type", "title", "status", "detail", "code", "errors", "traceId"]) ? [] : [$"the members are {string.Join(',', reply.Members)}"]);
        }
        else
        {
            found.AddRange(method != "GET" && reply.ETag is null ? ["a write without an ETag"] : []);
            found.AddRange(method == "GET" && !Single.Contains(name) && !reply.Members.SequenceEqual(["items", "next"]) ? ["a list that is no {items, next}"] : []);
        }

        found.AddRange(ATime().Matches(reply.Body).Where(time => !time.Value.EndsWith("+09:00\"", StringComparison.Ordinal)).Select(time => $"{time.Value} is not in Japan time"));
        return found;
    }

    /// <summary>The list shows exactly the rows that the role may see, and its pages of one row each together show what one page shows.</summary>
    private async Task JudgeListAsync(string what, string name, string role, Stage stage, string target, (string, string)[] headers)
    {
        var seen = await AllAsync(target, 200, headers);
        foreach (var row in await scene.FourAsync(stage))
        {
            var isSeen = seen.Contains(row.Case.ToString());
            if (isSeen != IsOwn(role, row, name))
            {
                faults.Add($"{what}: {(isSeen ? "shows" : "hides")} the case of {row.District}, {(row.Expert == scene.Own ? "own" : "other")} expert");
            }
        }

        if (role == "expert")
        {
            var paged = await AllAsync(target, 1, headers);
            faults.AddRange(paged.SequenceEqual(seen) ? [] : [$"{what}: {paged.Count} rows by ones, {seen.Count} at once"]);
        }
    }

    private async Task<List<string>> AllAsync(string target, int limit, (string, string)[] headers)
    {
        var ids = new List<string>();
        string? next = null;
        do
        {
            var call = $"{target}{(target.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit={limit}{(next is null ? "" : $"&after={Uri.EscapeDataString(next)}")}";
            var page = (await app.CallAsync(HttpMethod.Get, call, null, null, headers)).Is(HttpStatusCode.OK).Json;
            Assert.True(page.GetProperty("items").GetArrayLength() <= limit, call);
            ids.AddRange(page.GetProperty("items").EnumerateArray().Select(item => (item.TryGetProperty("caseId", out var of) ? of : item.GetProperty("id")).GetString()!));
            next = page.GetProperty("next").GetString();
        }
        while (next is not null);
        return ids;
    }

    private async Task IssueAsync()
    {
        foreach (var (role, who) in new[]
        {
            ("desk", "desk kanto"), ("centre", "centre"), ("expert", $"expert {scene.Own}"), ("supervisor", "supervisor kanto"), ("nationwide", "supervisor"), ("ministry", "ministry"),
            ("auditor", "auditor"), ("administrator", "administrator"),
        })
        {
            tokens[role] = await app.TokenAsync(who);
        }

        tokens["expired"] = (await app.Send(new CreateToken(Role.Supervisor, null, null, "abgelaufen", 1))).Token;
        await app.SqlAsync("update access_tokens set expires_at = app_now() - interval '1 second' where name = 'abgelaufen'");
    }

    [GeneratedRegex("\"[0-9]{4}-[0-9]{2}-[0-9]{2}T[^\"]*\"")]
    private static partial Regex ATime();

    private sealed record Call(Stage? Stage, Func<Spot, object>? Body = null, string Query = "", bool IsAfterwards = false);

    private sealed record Planned(string Name, string Role, Call Call, Row? Row, int Expected);

    /// <summary>Where a body is sent to.</summary>
    private sealed record Spot(ContractScene Scene, Row Row)
    {
        /// <summary>The members and a period in which the row's expert is free.</summary>
        public object Period(object members)
        {
            var (start, end) = Scene.NextSlot(Row.Expert);
            var body = JsonSerializer.SerializeToNode(members)!.AsObject();
            body["start"] = start.ToString("O");
            body["end"] = end.ToString("O");
            return body;
        }
    }
}
