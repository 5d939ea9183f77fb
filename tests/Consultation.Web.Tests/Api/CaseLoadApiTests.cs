using System.Net;
using System.Text.Json;

namespace Consultation.Web.Tests.Api;

public sealed class CaseLoadApiTests(ApiApp app) : IClassFixture<ApiApp>
{
    private const string Load = "/api/v1/case-load";

    [Fact]
    public async Task The_figures_are_those_of_the_callers_district_and_count_a_case_of_two_ministries_once_in_the_total()
    {
        var joint = await app.LogAsync(organisation: new { name = "株式会社架空負荷", prefecture = "沖縄県" }, desk: "okinawa");
        (await app.PostAsync($"/api/v1/cases/{joint}/route", new { tracks = new[] { "mic", "mhlw" }, start = "together", reason = "試験" })).Is(HttpStatusCode.OK);
        await app.LogAsync(desk: "tohoku");

        var load = (await app.GetAsync($"{Load}?by=ministry&from=2026-11-01&to=2026-11-30", "supervisor okinawa")).Is(HttpStatusCode.OK);
        Assert.Equal(["by", "asOf", "from", "to", "district", "rows", "total"], load.Members);
        Assert.Equal(("ministry", "okinawa"), (load.Text("by"), load.Text("district")));
        Assert.Equal(["mic 1 1", "mhlw 1 1"], Rows(load));
        var total = load.Json.GetProperty("total");
        Assert.Equal((1, 1, 1, 1.0), (total.GetProperty("open").GetInt32(), total.GetProperty("byStatus").GetProperty("waiting").GetInt32(), total.GetProperty("joint").GetInt32(), total.GetProperty("jointShare").GetDouble()));
        Assert.Equal(JsonValueKind.Null, total.GetProperty("capacity").ValueKind);

        var country = (await app.GetAsync($"{Load}?by=district", "ministry")).Is(HttpStatusCode.OK);
        Assert.Contains("okinawa 1 1", Rows(country));
        Assert.DoesNotContain("架空負荷", country.Body);
        (await app.GetAsync($"{Load}?by=district", "desk okinawa")).Refuses(403, "forbidden");
    }

    [Theory]
    [InlineData("", "by:field.required")]
    [InlineData("?by=moon", "by:field.unknown_code")]
    [InlineData("?by=desk&from=2026-02-30", "from:field.impossible_date")]
    [InlineData("?by=desk&from=2026-11-02&to=2026-11-01", "to:case_load.period_reversed")]
    [InlineData("?by=moon&to=yesterday", "by:field.unknown_code to:field.impossible_date")]
    public async Task What_cannot_be_answered_is_named(string query, string faults) =>
        Assert.Equal(faults, string.Join(' ', (await app.GetAsync(Load + query, "supervisor")).Refuses(422, "invalid_input").Faults.Order(StringComparer.Ordinal)));

    [Theory]
    [InlineData("expert")]
    [InlineData("desk")]
    [InlineData("district")]
    [InlineData("prefecture")]
    [InlineData("topic")]
    public async Task Every_kind_of_row_is_counted(string by) => Assert.Equal(by, (await app.GetAsync($"{Load}?by={by}", "supervisor")).Is(HttpStatusCode.OK).Text("by"));

    private static IEnumerable<string> Rows(Reply load) =>
        load.Json.GetProperty("rows").EnumerateArray().Select(r => $"{r.GetProperty("key").GetString()} {r.GetProperty("open").GetInt32()} {r.GetProperty("joint").GetInt32()}");
}
