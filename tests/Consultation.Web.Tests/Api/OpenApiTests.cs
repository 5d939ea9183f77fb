using System.Net;
using System.Text.Json;

namespace Consultation.Web.Tests.Api;

public sealed class OpenApiTests(ApiApp app) : IClassFixture<ApiApp>
{
    /// <summary>The contract of design §6, word by word.</summary>
    private static readonly string[] Contract =
    [
        "POST /api/v1/inquiries", "GET /api/v1/cases/{id}", "PATCH /api/v1/cases/{id}", "GET /api/v1/cases", "GET /api/v1/queue", "POST /api/v1/cases/{id}/contacts",
        "POST /api/v1/tallies", "GET /api/v1/call-backs", "POST /api/v1/cases/{id}/route", "GET /api/v1/cases/{id}/candidates", "POST /api/v1/cases/{id}/offers",
        "GET /api/v1/offers", "POST /api/v1/offers/{id}/accept", "POST /api/v1/offers/{id}/decline", "GET /api/v1/cases/{id}/slots", "POST /api/v1/cases/{id}/visits",
        "POST /api/v1/visits/{id}/confirm", "POST /api/v1/visits/{id}/reschedule", "POST /api/v1/visits/{id}/cancel", "POST /api/v1/visits/{id}/complete",
        "POST /api/v1/visits/{id}/report", "POST /api/v1/visits/{id}/report/approve", "POST /api/v1/visits/{id}/report/return", "POST /api/v1/cases/{id}/notes",
        "POST /api/v1/cases/{id}/close", "POST /api/v1/cases/{id}/reopen", "POST /api/v1/cases/{id}/hold", "POST /api/v1/cases/{id}/resume",
        "POST /api/v1/cases/{id}/hand-over", "POST /api/v1/cases/{id}/reassign", "GET /api/v1/follow-ups", "POST /api/v1/follow-ups/{id}/complete",
        "POST /api/v1/follow-ups/{id}/postpone", "GET /api/v1/experts", "POST /api/v1/experts", "PUT /api/v1/experts/{id}/availability", "POST /api/v1/experts/{id}/absences", "GET /api/v1/case-load",
        "POST /api/v1/cases/{id}/ranking", "POST /api/v1/assignments", "GET /api/v1/assignments/{id}", "POST /api/v1/assignments/{id}/apply", "POST /api/v1/assignments/{id}/undo", "GET /api/v1/waiting-projection",
        "POST /api/v1/cases/{id}/slot-wishes", "GET /api/v1/slot-wishes", "POST /api/v1/slot-wishes/{id}/end",
        "GET /api/v1/experts/{id}/visits-in-absence", "GET /api/v1/experts/{id}/hand-overs", "POST /api/v1/experts/{id}/hand-overs", "GET /api/v1/hand-overs/{id}",
        "POST /api/v1/hand-overs/{id}/approve", "POST /api/v1/hand-overs/{id}/undo",
    ];

    [Fact]
    public async Task The_document_is_open_to_all_and_lists_exactly_the_contract()
    {
        var document = await DocumentAsync();

        Assert.Equal(Contract.Order(StringComparer.Ordinal), Operations(document).Select(o => $"{o.Method} {o.Path}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_operation_has_a_Japanese_title_its_answer_and_its_refusals()
    {
        foreach (var (method, path, operation) in Operations(await DocumentAsync()))
        {
            Assert.Matches("[ぁ-んァ-ン一-龠]", operation.GetProperty("summary").GetString()!);
            var responses = operation.GetProperty("responses").EnumerateObject().ToDictionary(r => r.Name, r => r.Value);
            Assert.True(responses.ContainsKey("200") || responses.ContainsKey("201"), $"{method} {path}");
            foreach (var status in new[] { "400", "401", "403", "422", "429", "503" })
            {
                Assert.True(responses[status].GetProperty("content").TryGetProperty("application/problem+json", out _), $"{method} {path} {status}");
            }

            Assert.Equal(method == "PATCH", responses.ContainsKey("428"));
            Assert.Equal(path.Contains("{id}", StringComparison.Ordinal), responses.ContainsKey("404"));
        }
    }

    [Theory]
    [InlineData("Channel", "phone,email,web,event,visit,import")]
    [InlineData("VisitMode", "visit,web,phone")]
    [InlineData("TeleworkStatus", "introduced,planned,none,trial,stopped,unknown")]
    [InlineData("Track", "mic,mhlw")]
    [InlineData("CaseStatus", "received,waiting,offered,assigned,booked,report_due,following_up,closed")]
    [InlineData("CaseOutcome", "completed,answered,referred,out_of_scope,withdrawn,duplicate")]
    [InlineData("ContactResult", "answered,no_answer,message")]
    [InlineData("VisitStage", "assess,prepare,follow_up")]
    [InlineData("CancelledBy", "client,expert,desk,disaster")]
    [InlineData("VisitOutcome", "took_place,no_show")]
    [InlineData("ReportNext", "another,done")]
    [InlineData("TallyKind", "opening_hours,how_to_apply,other_office,wrong_number,sales_call,other")]
    [InlineData("FollowUpResult", "improved,unchanged,needs_advice,no_answer")]
    public async Task The_code_lists_stand_in_the_document(string name, string codes)
    {
        var document = await DocumentAsync();
        var lists = new List<string>();
        Collect(document, lists);

        Assert.Contains(codes, lists);
        Assert.NotEqual("", name);
    }

    [Fact]
    public async Task A_body_is_described_with_what_it_must_have()
    {
        var document = await DocumentAsync();
        var body = document.GetProperty("paths").GetProperty("/api/v1/inquiries").GetProperty("post").GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema");
        var schema = document.GetProperty("components").GetProperty("schemas").GetProperty(body.GetProperty("$ref").GetString()!.Split('/')[^1]);

        Assert.Equal(["channel", "text"], schema.GetProperty("required").EnumerateArray().Select(r => r.GetString()!).Order(StringComparer.Ordinal));
        Assert.Contains("kanto=関東", schema.GetProperty("properties").GetProperty("desk").GetProperty("description").GetString());
        Assert.Equal("date-time", schema.GetProperty("properties").GetProperty("receivedAt").GetProperty("format").GetString());
    }

    private async Task<JsonElement> DocumentAsync() => (await app.GetAsync("/openapi/v1.json", null)).Is(HttpStatusCode.OK).Json;

    private static IEnumerable<(string Method, string Path, JsonElement Operation)> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select (operation.Name.ToUpperInvariant(), path.Name, operation.Value);

    private static void Collect(JsonElement element, List<string> lists)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            if (element.TryGetProperty("enum", out var codes) && codes.ValueKind == JsonValueKind.Array)
            {
                lists.Add(string.Join(',', codes.EnumerateArray().Where(c => c.ValueKind == JsonValueKind.String).Select(c => c.GetString())));
            }

            foreach (var member in element.EnumerateObject())
            {
                Collect(member.Value, lists);
            }
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
            {
                Collect(item, lists);
            }
        }
    }
}
