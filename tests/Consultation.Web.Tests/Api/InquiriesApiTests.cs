using System.Net;
using System.Text.Json;

namespace Consultation.Web.Tests.Api;

public sealed class InquiriesApiTests(ApiApp app) : IClassFixture<ApiApp>
{
    private const string Inquiries = "/api/v1/inquiries";

    [Fact]
    public async Task One_line_is_enough_and_the_answer_says_all_that_is_agreed()
    {
        var reply = (await app.PostAsync(Inquiries, new { channel = "phone", text = "在宅勤務の就業規則と、VPNのセキュリティについて相談したい" }, "desk kanto")).Is(HttpStatusCode.Created);

        Assert.Equal(["id", "number", "status", "missing", "doubtful", "similar", "suggestion"], reply.Members);
        Assert.Matches("^R08-\\d{6}$", reply.Text("number"));
        Assert.Equal("received", reply.Text("status"));
        Assert.Equal("\"", reply.ETag![..1]);
        Assert.Equal($"/api/v1/cases/{reply.Text("id")}", reply.Location);
        Assert.Contains("organisation.name", reply.Json.GetProperty("missing").EnumerateArray().Select(m => m.GetString()));
        var suggestion = reply.Json.GetProperty("suggestion");
        Assert.Equal(["tracks", "lead", "outcome", "referrals", "answers", "topics", "ruleVersion"], suggestion.EnumerateObject().Select(m => m.Name));
        Assert.Equal("route", suggestion.GetProperty("outcome").GetString());
        Assert.Equal(["mhlw", "mic"], suggestion.GetProperty("tracks").EnumerateArray().Select(t => t.GetString()!).Order());
        Assert.All(suggestion.GetProperty("topics").EnumerateArray(), t => Assert.NotEqual(0, t.GetProperty("evidence").GetArrayLength()));
    }

    [Fact]
    public async Task What_looks_doubtful_is_kept_as_typed_and_named()
    {
        var reply = (await app.PostAsync(Inquiries, new
        {
            channel = "email",
            text = "導入を検討中",
            organisation = new { name = "髙﨑商店", corporateNumber = "1234567890123", prefecture = "江戸", industry = "なんでも屋", employees = 12 },
            contact = new { name = "葛󠄀原", phone = "12-34", email = "nobody" },
            teleworkStatus = "planned",
            preferredMode = "web",
        })).Is(HttpStatusCode.Created);

        Assert.Equal(
            ["contact.email", "contact.phone", "organisation.corporateNumber", "organisation.industry", "organisation.prefecture"],
            reply.Json.GetProperty("doubtful").EnumerateArray().Select(d => d.GetString()!).Order(StringComparer.Ordinal));
        var shown = await app.GetAsync($"/api/v1/cases/{reply.Text("id")}");
        Assert.Equal("江戸", shown.Json.GetProperty("organisation").GetProperty("prefecture").GetString());
        Assert.Equal("12-34", shown.Json.GetProperty("contact").GetProperty("phone").GetString());
    }

    [Theory]
    [InlineData("kyushu", "kyushu")]
    [InlineData("national", "national")]
    public async Task The_named_desk_holds_the_case(string desk, string district)
    {
        var id = await app.LogAsync(desk: desk);

        Assert.Equal(district, (await app.GetAsync($"/api/v1/cases/{id}")).Text("district"));
    }

    [Fact]
    public async Task Without_a_desk_the_prefecture_decides_and_a_token_of_a_desk_decides_first()
    {
        var byPlace = await app.LogAsync(organisation: new { name = "博多商会", prefecture = "40" });
        var byToken = await app.LogAsync(who: "desk tohoku", organisation: new { name = "博多商会二", prefecture = "福岡県" });

        Assert.Equal("kyushu", (await app.GetAsync($"/api/v1/cases/{byPlace}")).Text("district"));
        Assert.Equal("tohoku", (await app.GetAsync($"/api/v1/cases/{byToken}")).Text("district"));
    }

    [Fact]
    public async Task A_repeated_key_answers_with_the_first_answer_word_for_word_even_after_the_world_moved_on()
    {
        var body = new { channel = "phone", text = "二重送信" };
        var first = (await app.PostAsync(Inquiries, body, "centre", ("Idempotency-Key", "k-1"))).Is(HttpStatusCode.Created);
        (await app.PostAsync($"/api/v1/cases/{first.Text("id")}/notes", new { text = "その後" })).Is(HttpStatusCode.Created);

        var second = (await app.PostAsync(Inquiries, body, "centre", ("Idempotency-Key", "k-1"))).Is(HttpStatusCode.Created);

        Assert.Equal(first.Body, second.Body);
        Assert.Equal(first.ETag, second.ETag);
        Assert.Equal(first.Location, second.Location);
        Assert.Equal(1L, await app.SqlAsync("select count(*) from cases where text = '二重送信'"));
    }

    [Fact]
    public async Task An_action_repeated_under_its_key_happens_once_and_answers_the_same()
    {
        var id = await app.LogAsync();
        var first = (await app.PostAsync($"/api/v1/cases/{id}/notes", new { text = "一度だけ" }, "centre", ("Idempotency-Key", "n-1"))).Is(HttpStatusCode.Created);
        (await app.PostAsync($"/api/v1/cases/{id}/hold", new { reason = "回答待ち" })).Is(HttpStatusCode.OK);

        var second = (await app.PostAsync($"/api/v1/cases/{id}/notes", new { text = "一度だけ" }, "centre", ("Idempotency-Key", "n-1"))).Is(HttpStatusCode.Created);

        Assert.Equal((first.Body, first.ETag), (second.Body, second.ETag));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from case_notes where case_id = '{id}'"));
    }

    [Fact]
    public async Task A_key_with_another_body_is_refused_and_another_token_or_path_has_its_own_keys()
    {
        (await app.PostAsync(Inquiries, new { channel = "phone", text = "一" }, "centre", ("Idempotency-Key", "k-2"))).Is(HttpStatusCode.Created);

        (await app.PostAsync(Inquiries, new { channel = "phone", text = "二" }, "centre", ("Idempotency-Key", "k-2"))).Refuses(422, "idempotency.reused");
        (await app.PostAsync(Inquiries, new { channel = "phone", text = "二" }, "desk kanto", ("Idempotency-Key", "k-2"))).Is(HttpStatusCode.Created);
        (await app.PostAsync("/api/v1/tallies", new { channel = "phone", kind = "opening_hours" }, "centre", ("Idempotency-Key", "k-2"))).Is(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Thirty_callers_with_one_key_make_one_case_and_hear_one_answer()
    {
        await app.TokenAsync("centre");
        var replies = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ =>
            app.PostAsync(Inquiries, new { channel = "web", text = "同時に三十回" }, "centre", ("Idempotency-Key", "k-3"))));

        Assert.All(replies, r => r.Is(HttpStatusCode.Created));
        Assert.Single(replies.Select(r => r.Body).Distinct());
        Assert.Equal(1L, await app.SqlAsync("select count(*) from cases where text = '同時に三十回'"));
    }

    [Fact]
    public async Task A_refused_request_does_not_use_up_its_key()
    {
        (await app.PostAsync(Inquiries, new { channel = "phone" }, "centre", ("Idempotency-Key", "k-4"))).Refuses(422, "invalid_input");
        (await app.PostAsync(Inquiries, new { channel = "phone", text = "直した" }, "centre", ("Idempotency-Key", "k-4"))).Is(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Similar_cases_of_another_district_show_no_text()
    {
        await app.LogAsync("秘密の事情", desk: "hokkaido", organisation: new { name = "株式会社北風" });

        var reply = await app.PostAsync(Inquiries, new { channel = "phone", text = "二度目です", organisation = new { name = "㈱北風" } }, "desk kanto");

        var similar = Assert.Single(reply.Json.GetProperty("similar").EnumerateArray());
        Assert.Equal(["organisation.name"], similar.GetProperty("signs").EnumerateArray().Select(s => s.GetString()));
        Assert.DoesNotContain("秘密", reply.Body);
    }

    [Fact]
    public async Task Tallies_are_counted_and_are_no_cases()
    {
        var reply = (await app.PostAsync("/api/v1/tallies", new { channel = "phone", kind = "how_to_apply" }, "desk kinki")).Is(HttpStatusCode.Created);

        Assert.Equal(JsonValueKind.String, reply.Json.GetProperty("id").ValueKind);
        Assert.Equal("how_to_apply", await app.SqlAsync($"select kind from tallies where id = '{reply.Text("id")}'"));
        Assert.Equal(["kind:field.unknown_code"], (await app.PostAsync("/api/v1/tallies", new { channel = "phone", kind = "gossip" })).Refuses(422, "invalid_input").Faults);
    }
}
