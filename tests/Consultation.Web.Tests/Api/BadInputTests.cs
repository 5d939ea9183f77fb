using System.Net;
using System.Text;

namespace Consultation.Web.Tests.Api;

public sealed class BadInputTests(ApiApp app) : IClassFixture<ApiApp>
{
    private const string Inquiries = "/api/v1/inquiries";

    public static TheoryData<string, string> Unreadable => new()
    {
        { "nothing at all", "" },
        { "no JSON", "channel=phone" },
        { "cut short", """{"channel":"phone","text":"x" """ },
        { "comma too many", """{"channel":"phone","text":"x",}""" },
        { "a comment", """{"channel":"phone","text":"x"/* hm */}""" },
        { "an array", """[{"channel":"phone","text":"x"}]""" },
        { "a bare text", "\"x\"" },
        { "null", "null" },
        { "a number as text", """{"channel":"phone","text":12345}""" },
        { "a list as text", """{"channel":"phone","text":["x"]}""" },
        { "a number as channel", """{"channel":1,"text":"x"}""" },
        { "a text as number", """{"channel":"phone","text":"x","organisation":{"employees":"12"}}""" },
        { "half an employee", """{"channel":"phone","text":"x","organisation":{"employees":12.5}}""" },
        { "a text as object", """{"channel":"phone","text":"x","organisation":"株式会社"}""" },
        { "a number as time", """{"channel":"phone","text":"x","receivedAt":1763900000}""" },
        { "a member twice", """{"channel":"phone","text":"x","text":"y"}""" },
        { "a member twice inside", """{"channel":"phone","text":"x","contact":{"name":"a","name":"b"}}""" },
        { "a member twice in what is ignored", """{"channel":"phone","text":"x","other":{"a":1,"a":2}}""" },
        { "a member twice in two cases", """{"channel":"phone","Channel":"email","text":"x"}""" },
        { "a member twice in two cases inside a list", """{"channel":"phone","text":"x","other":[{"a":1,"A":2}]}""" },
        { "U+0000", """{"channel":"phone","text":"a\u0000b"}""" },
        { "U+0000 in a name", """{"channel":"phone","text":"x","a\u0000":1}""" },
        { "a raw U+0000", "{\"channel\":\"phone\",\"text\":\"a\0b\"}" },
        { "half a character", """{"channel":"phone","text":"\ud83d"}""" },
        { "the other half", """{"channel":"phone","text":"\ude00 x"}""" },
        { "halves in the wrong order", """{"channel":"phone","text":"\ude00\ud83d"}""" },
        { "half a character in what is ignored", """{"channel":"phone","text":"x","other":["\ud83d"]}""" },
        { "too deep", "{\"channel\":\"phone\",\"text\":\"x\",\"other\":" + new string('[', 100) + new string(']', 100) + "}" },
    };

    public static TheoryData<string, string, string[]> Invalid => new()
    {
        { "nothing told", "{}", ["channel:field.required", "text:field.required"] },
        { "nulls", """{"channel":null,"text":null}""", ["channel:field.required", "text:field.required"] },
        { "blank text", """{"channel":"phone","text":" 　\n"}""", ["text:field.required"] },
        { "an unknown channel and no text", """{"channel":"fax"}""", ["channel:field.unknown_code", "text:field.required"] },
        { "a code in capitals", """{"channel":"Phone","text":"x","preferredMode":"WEB"}""", ["channel:field.unknown_code", "preferredMode:field.unknown_code"] },
        { "an unknown mode and status", """{"channel":"phone","text":"x","preferredMode":"fax","teleworkStatus":"maybe"}""", ["teleworkStatus:field.unknown_code", "preferredMode:field.unknown_code"] },
        { "an unknown desk", """{"channel":"phone","text":"x","desk":"atlantis"}""", ["desk:field.unknown_code"] },
        { "a day that does not exist", """{"channel":"phone","text":"x","receivedAt":"2026-02-30T10:00"}""", ["receivedAt:field.impossible_date"] },
        { "no date at all", """{"channel":"phone","text":"x","receivedAt":"yesterday"}""", ["receivedAt:field.impossible_date"] },
        { "hour 25", """{"channel":"phone","text":"x","receivedAt":"2026-11-20T25:00:00+09:00"}""", ["receivedAt:field.impossible_date"] },
        { "an offset that does not exist", """{"channel":"phone","text":"x","receivedAt":"2026-11-20T10:00:00+25:00"}""", ["receivedAt:field.impossible_date"] },
        { "the year 1", """{"channel":"phone","text":"x","receivedAt":"0001-01-01T00:00:00+14:00"}""", ["receivedAt:field.impossible_date"] },
        { "the year 9999", """{"channel":"phone","text":"x","receivedAt":"9999-12-31T23:59:59-14:00"}""", ["receivedAt:field.impossible_date"] },
        { "full-width digits", """{"channel":"phone","text":"x","receivedAt":"２０２６-11-20T10:00"}""", ["receivedAt:field.impossible_date"] },
        { "tomorrow", """{"channel":"phone","text":"x","receivedAt":"2026-11-25T10:00"}""", ["receivedAt:inquiry.received_in_future"] },
        { "too many employees", """{"channel":"phone","text":"x","organisation":{"employees":99999999999999999999}}""", ["organisation.employees:field.out_of_range"] },
        { "beyond any number", """{"channel":"phone","text":"x","organisation":{"capitalYen":1e400}}""", ["organisation.capitalYen:field.out_of_range"] },
        { "fewer than none", """{"channel":"phone","text":"x","organisation":{"employees":-1}}""", ["organisation.employees:field.out_of_range"] },
        { "a long name", $$$"""{"channel":"phone","text":"x","organisation":{"name":"{{{new string('長', 501)}}}"}}""", ["organisation.name:field.too_long"] },
        { "a long text", $$"""{"channel":"phone","text":"{{new string('長', 10_001)}}"}""", ["text:field.too_long"] },
        { "a possible マイナンバー", """{"channel":"phone","text":"番号は 1234 5678 9018 です"}""", ["text:inquiry.my_number"] },
        { "a possible マイナンバー as 法人番号", """{"channel":"phone","text":"x","organisation":{"corporateNumber":"123456789018"}}""", ["organisation.corporateNumber:organisation.my_number"] },
    };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task What_cannot_be_read_is_refused_and_nothing_is_stored(string what, string body)
    {
        Assert.NotEqual("", what);
        var before = await CasesAsync();

        (await app.PostAsync(Inquiries, body)).Refuses(400, "unreadable");

        Assert.Equal(before, await CasesAsync());
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public async Task What_can_be_read_but_not_accepted_names_every_fault_and_stores_nothing(string what, string body, string[] faults)
    {
        Assert.NotEqual("", what);
        var before = await CasesAsync();

        var reply = (await app.PostAsync(Inquiries, body)).Refuses(422, "invalid_input");

        Assert.Equal(faults, reply.Faults);
        Assert.All(reply.Json.GetProperty("errors").EnumerateArray(), e => Assert.Matches("[ぁ-ん]", e.GetProperty("message").GetString()!));
        Assert.Equal(before, await CasesAsync());
    }

    [Fact]
    public async Task A_wrong_type_is_named_although_the_body_is_unreadable() =>
        Assert.Equal(["text:field.wrong_type", "organisation.name:field.wrong_type"],
            (await app.PostAsync(Inquiries, """{"channel":"phone","organisation":{"name":5},"text":1}""")).Refuses(400, "unreadable").Faults.OrderDescending());

    [Fact]
    public async Task Broken_UTF8_is_unreadable()
    {
        byte[] body = [.. Encoding.UTF8.GetBytes("{\"channel\":\"phone\",\"text\":\""), 0xE3, 0x81, .. "\"}"u8];

        (await app.PostAsync(Inquiries, body)).Refuses(400, "unreadable");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=shift_jis")]
    [InlineData("multipart/form-data; boundary=x")]
    public async Task Only_JSON_in_UTF8_is_taken(string contentType) =>
        (await app.PostAsync(Inquiries, """{"channel":"phone","text":"x"}""", "centre", ("Content-Type", contentType))).Refuses(415, "unsupported_media_type");

    [Theory]
    [InlineData("application/json; charset=UTF-8")]
    [InlineData("Application/JSON")]
    public async Task JSON_may_say_its_charset(string contentType) =>
        (await app.PostAsync(Inquiries, """{"channel":"phone","text":"x"}""", "centre", ("Content-Type", contentType))).Is(HttpStatusCode.Created);

    [Theory]
    [InlineData(1_100_000)]
    [InlineData(30_000_000)]
    public async Task A_body_over_a_megabyte_is_too_large_and_the_caller_hears_it(int length) =>
        (await app.PostAsync(Inquiries, $$"""{"channel":"phone","text":"{{new string('x', length)}}"}""")).Refuses(413, "too_large");

    [Theory]
    [InlineData("葛󠄀城市の髙﨑です。ﾃﾚﾜｰｸ 𠮷野家 👨‍👩‍👧")]
    [InlineData("=cmd|' /C calc'!A0 \r\nBcc: x@example.com <script>alert(1)</script> %00 '; drop table cases; --")]
    public async Task Strange_but_whole_text_is_kept_to_the_letter(string text)
    {
        var id = await app.LogAsync(text);

        Assert.Equal(text, await app.SqlAsync($"select text from cases where id = '{id}'"));
    }

    [Fact]
    public async Task Text_at_its_limit_and_members_nobody_knows_are_taken() =>
        (await app.PostAsync(Inquiries, new { channel = "phone", text = new string('長', 10_000), organisation = new { name = new string('名', 500) }, colour = "blue" }))
            .Is(HttpStatusCode.Created);

    [Theory]
    [InlineData("2026-11-20T10:00", "2026-11-20T01:00:00Z")]
    [InlineData("2026-11-20T10:00:30.5+09:00", "2026-11-20T01:00:30.5Z")]
    [InlineData("2026-11-20T10:00:00Z", "2026-11-20T10:00:00Z")]
    [InlineData("2026-11-20T10:00:00-0500", "2026-11-20T15:00:00Z")]
    public async Task A_time_without_offset_is_Japan_time(string receivedAt, string meant)
    {
        var reply = (await app.PostAsync(Inquiries, new { channel = "email", text = "x", receivedAt })).Is(HttpStatusCode.Created);

        Assert.Equal(DateTimeOffset.Parse(meant, System.Globalization.CultureInfo.InvariantCulture).UtcDateTime, await app.SqlAsync($"select received_at from cases where id = '{reply.Text("id")}'"));
    }

    [Theory]
    [InlineData("/api/v1/queue?limit=0", 422, "limit:page.malformed")]
    [InlineData("/api/v1/queue?limit=201", 422, "limit:page.malformed")]
    [InlineData("/api/v1/queue?limit=ten", 422, "limit:page.malformed")]
    [InlineData("/api/v1/queue?limit=-1", 422, "limit:page.malformed")]
    [InlineData("/api/v1/queue?limit=99999999999", 422, "limit:page.malformed")]
    [InlineData("/api/v1/queue?after=%25%25", 422, "after:page.malformed")]
    [InlineData("/api/v1/cases?after=AAAA", 422, "after:page.malformed")]
    [InlineData("/api/v1/queue?status=lost", 422, "status:field.unknown_code")]
    [InlineData("/api/v1/queue?track=mof", 422, "track:field.unknown_code")]
    [InlineData("/api/v1/queue?district=atlantis", 422, "district:field.unknown_code")]
    [InlineData("/api/v1/call-backs?desk=atlantis", 422, "desk:field.unknown_code")]
    public async Task A_query_string_is_judged_like_a_body(string path, int status, string fault) =>
        Assert.Equal([fault], (await app.GetAsync(path)).Refuses(status, "invalid_input").Faults);

    [Theory]
    [InlineData("/api/v1/cases?q=%00")]
    [InlineData("/api/v1/queue?status=%00")]
    public async Task U0000_in_a_query_string_is_unreadable(string path) => (await app.GetAsync(path)).Refuses(400, "unreadable");

    [Theory]
    [InlineData("/api/v1/cases?q=%25")]
    [InlineData("/api/v1/cases?q=_")]
    [InlineData("/api/v1/cases?q=%FF%FE")]
    [InlineData("/api/v1/cases?q='")]
    [InlineData("/api/v1/cases?q=%5C")]
    public async Task Wildcards_mean_themselves_in_a_search(string path) =>
        Assert.Equal(0, (await app.GetAsync(path, "desk okinawa")).Is(HttpStatusCode.OK).Json.GetProperty("items").GetArrayLength());

    [Theory]
    [InlineData("GET", "/api/v1/nothing", 404, "not_found")]
    [InlineData("GET", "/api/v1/cases/R08-000001", 404, "not_found")]
    [InlineData("GET", "/api/v1/cases/00000000-0000-0000-0000-000000000000", 404, "not_found")]
    [InlineData("DELETE", "/api/v1/cases/00000000-0000-0000-0000-000000000000", 405, "method_not_allowed")]
    [InlineData("GET", "/api/v1/inquiries", 405, "method_not_allowed")]
    [InlineData("PUT", "/api/v1/queue", 405, "method_not_allowed")]
    public async Task What_is_not_there_says_so(string method, string path, int status, string code) =>
        (await app.CallAsync(new(method), path, null)).Refuses(status, code);

    [Fact]
    public async Task An_idempotency_key_has_its_limit() =>
        Assert.Equal(["Idempotency-Key:idempotency.too_long"],
            (await app.PostAsync(Inquiries, new { channel = "phone", text = "x" }, "centre", ("Idempotency-Key", new string('k', 201)))).Refuses(422, "invalid_input").Faults);

    private Task<object?> CasesAsync() => app.SqlAsync("select count(*) from cases");
}
