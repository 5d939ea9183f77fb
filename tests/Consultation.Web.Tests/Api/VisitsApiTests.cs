using System.Net;
using System.Text.Json;
using Consultation.Demo;
using Consultation.Experts;

namespace Consultation.Web.Tests.Api;

/// <summary>The main way of a case, from the first call to its planned follow-ups, over HTTP alone.</summary>
public sealed class VisitsApiTests(ApiApp app) : IClassFixture<ApiApp>
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 9, 20, 0, TimeSpan.FromHours(9));

    [Fact]
    public async Task From_the_first_call_to_the_planned_follow_up()
    {
        await app.Send(new SetClock(Start));
        var expert = await ExpertAsync();
        var mine = $"expert {expert}";
        var id = await WaitingAsync("東京都");
        var path = $"/api/v1/cases/{id}";

        var candidates = (await app.GetAsync($"{path}/candidates?track=mic", "supervisor")).Is(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray();
        Assert.Contains(candidates, c => c.GetProperty("expertId").GetString() == expert && c.GetProperty("excluded").GetArrayLength() == 0);
        var offer = (await app.PostAsync($"{path}/offers", new { track = "mic", expertId = expert })).Is(HttpStatusCode.Created);
        Assert.Equal("open", offer.Text("state"));
        Assert.Contains((await app.GetAsync("/api/v1/offers?state=open", mine)).Is(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray(), o => o.GetProperty("id").GetString() == offer.Text("id"));
        Assert.Equal("assigned", (await app.PostAsync($"/api/v1/offers/{offer.Text("id")}/accept", null, mine)).Is(HttpStatusCode.OK).Text("status"));

        var slot = (await app.GetAsync($"{path}/slots?from=2026-11-30&to=2026-12-04&mode=web&minutes=60", mine)).Is(HttpStatusCode.OK).Json.GetProperty("items")[0];
        var (start, end) = (slot.GetProperty("start").GetString()!, slot.GetProperty("end").GetString()!);
        Assert.Equal(expert, slot.GetProperty("experts")[0].GetProperty("expertId").GetString());
        var visit = (await app.PostAsync($"{path}/visits", new { start, end, mode = "web", stage = "assess" }, mine)).Is(HttpStatusCode.Created);
        Assert.Equal(("confirmed", "booked", start), (visit.Text("state"), visit.Text("status"), visit.Text("start")));

        await app.Send(new SetClock(DateTimeOffset.Parse(end, System.Globalization.CultureInfo.InvariantCulture)));
        var done = (await app.PostAsync($"/api/v1/visits/{visit.Text("id")}/complete", new { outcome = "took_place", minutes = 60, source = "電話で確認" })).Is(HttpStatusCode.OK);
        Assert.Equal("report_due", done.Text("status"));
        (await app.PostAsync($"/api/v1/visits/{visit.Text("id")}/report", new { track = "mic", text = "VPNを見直した", next = "done", advice = new[] { new { topic = "ICT-NUL", text = "方式" } } }, mine)).Is(HttpStatusCode.UnprocessableEntity);
        var report = (await app.PostAsync(
            $"/api/v1/visits/{visit.Text("id")}/report", new { track = "mic", text = "VPNを見直した", next = "done", advice = new[] { new { topic = "ICT-NET", text = "方式を変える" } }, travelKm = 12, statusBefore = "none" }, mine)).Is(HttpStatusCode.Created);
        Assert.Equal("方式を変える", report.Json.GetProperty("advice")[0].GetProperty("text").GetString());
        Assert.Equal("following_up", report.Text("status"));
        Assert.Equal("approved", (await app.PostAsync($"/api/v1/visits/{visit.Text("id")}/report/approve", new { track = "mic" }, "supervisor")).Is(HttpStatusCode.OK).Text("state"));

        var shown = (await app.GetAsync(path)).Is(HttpStatusCode.OK);
        Assert.Equal("took_place", shown.Json.GetProperty("visits")[0].GetProperty("state").GetString());
        Assert.Equal(expert, shown.Json.GetProperty("visits")[0].GetProperty("experts")[0].GetProperty("expertId").GetString());
        Assert.NotEqual(0, shown.Json.GetProperty("followUps").GetArrayLength());
        var followUp = (await app.GetAsync("/api/v1/follow-ups?limit=200")).Is(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray().First(f => f.GetProperty("caseId").GetString() == id);
        var followUpId = followUp.GetProperty("id").GetString();
        Assert.Equal(["due:field.impossible_date"], (await app.PostAsync($"/api/v1/follow-ups/{followUpId}/postpone", new { due = "2026-02-30", reason = "繁忙期" })).Refuses(422, "invalid_input").Faults);
        Assert.Equal("2027-01-15", (await app.PostAsync($"/api/v1/follow-ups/{followUpId}/postpone", new { due = "2027-01-15", reason = "繁忙期" })).Is(HttpStatusCode.OK).Text("due"));
        Assert.Equal("done", (await app.PostAsync($"/api/v1/follow-ups/{followUpId}/complete", new { result = "improved", teleworkStatus = "introduced" })).Is(HttpStatusCode.OK).Text("state"));
    }

    [Fact]
    public async Task A_taken_slot_is_refused_with_the_next_free_ones()
    {
        await app.Send(new SetClock(Start));
        var expert = await ExpertAsync();
        var first = await AssignedAsync(expert);
        var second = await AssignedAsync(expert);
        var period = new { start = "2026-12-08T10:00:00+09:00", end = "2026-12-08T11:00:00+09:00", mode = "web", stage = "assess" };
        (await app.PostAsync($"/api/v1/cases/{first}/visits", period)).Is(HttpStatusCode.Created);

        var refused = (await app.PostAsync($"/api/v1/cases/{second}/visits", period)).Refuses(409, "visit.taken");

        var next = refused.Json.GetProperty("nextSlots").EnumerateArray().ToList();
        Assert.NotEmpty(next);
        (await app.PostAsync($"/api/v1/cases/{second}/visits", new { start = next[0].GetProperty("start").GetString(), end = next[0].GetProperty("end").GetString(), mode = "web", stage = "assess" }))
            .Is(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("2027-01-11T10:00", 60, "visit.closed_day", "成人の日")]
    [InlineData("2026-12-13T10:00", 60, "visit.closed_day", "日曜日")]
    [InlineData("2026-12-14T12:30", 60, "visit.lunch", "12:00〜13:00")]
    [InlineData("2026-12-14T16:45", 60, "visit.outside_hours", "17:00まで")]
    [InlineData("2026-12-15T10:00", 60, "visit.outside_pattern", "勤務時間")]
    public async Task J24_a_forbidden_slot_is_not_offered_and_refused_with_its_reason(string start, int minutes, string code, string reason)
    {
        await app.Send(new SetClock(Start));
        var expert = await ExpertAsync();
        var id = await AssignedAsync(expert);
        (await app.CallAsync(HttpMethod.Put, $"/api/v1/experts/{expert}/availability", new { hours = new[] { new { weekday = "monday", from = "08:00", to = "18:00" } } }, $"expert {expert}")).Is(HttpStatusCode.OK);
        await app.SqlAsync("update programme_years set lunch_from = '12:00', lunch_to = '13:00' where fiscal_year = 2026");
        var at = DateTimeOffset.Parse($"{start}+09:00", System.Globalization.CultureInfo.InvariantCulture);
        var refused = (await app.PostAsync($"/api/v1/cases/{id}/visits", new { start, end = $"{at.AddMinutes(minutes):yyyy-MM-ddTHH:mm}", mode = "web", stage = "assess" })).Refuses(409, code);
        Assert.Contains(reason, refused.Text("detail"), StringComparison.Ordinal);
        var offered = (await app.GetAsync($"/api/v1/cases/{id}/slots?from={at:yyyy-MM-dd}&to={at:yyyy-MM-dd}&mode=web&minutes={minutes}&limit=200")).Is(HttpStatusCode.OK).Json.GetProperty("items");
        Assert.DoesNotContain(offered.EnumerateArray(), s => DateTimeOffset.Parse(s.GetProperty("start").GetString()!, System.Globalization.CultureInfo.InvariantCulture) == at);
        await app.SqlAsync("update programme_years set lunch_from = null, lunch_to = null where fiscal_year = 2026");
    }

    [Fact]
    public async Task The_wishes_of_a_client_are_kept_with_the_case_and_marked_on_its_slots()
    {
        await app.Send(new SetClock(Start));
        var id = await AssignedAsync(await ExpertAsync());
        var path = $"/api/v1/cases/{id}";
        var tag = (await app.GetAsync(path)).Is(HttpStatusCode.OK).ETag!;
        var kept = (await app.CallAsync(HttpMethod.Patch, path, new { wishes = new object[] { new { date = "2026-12-09", from = "10:00", until = "12:00" }, new { date = "2026-12-10" } } }, "centre", ("If-Match", tag))).Is(HttpStatusCode.OK);
        Assert.Equal("2026-12-09", kept.Json.GetProperty("wishes")[0].GetProperty("date").GetString());
        var slots = (await app.GetAsync($"{path}/slots?from=2026-12-09&to=2026-12-10&mode=web&limit=200")).Is(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(1, slots.First(s => s.GetProperty("start").GetString()!.StartsWith("2026-12-09T10:00", StringComparison.Ordinal)).GetProperty("wish").GetInt32());
        Assert.Equal(["wishes:wish.past"], (await app.CallAsync(HttpMethod.Patch, path, new { wishes = new[] { new { date = "2026-11-01" } } }, "centre", ("If-Match", kept.ETag!))).Refuses(422, "invalid_input").Faults);
        (await app.CallAsync(HttpMethod.Patch, path, "{\"wishes\":null}", "centre", ("If-Match", kept.ETag!))).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task J20_an_exhausted_quota_is_refused_with_its_days_and_granted_by_a_supervisor_alone()
    {
        await app.Send(new SetClock(Start));
        var id = await AssignedAsync(await ExpertAsync());
        static object At(string day, bool? consumesQuota = null, bool? beyondQuota = null, string? quotaReason = null) =>
            new { start = $"{day}T10:00:00+09:00", end = $"{day}T11:00:00+09:00", mode = "phone", stage = "assess", consumesQuota, beyondQuota, quotaReason };
        var path = $"/api/v1/cases/{id}/visits";
        foreach (var day in new[] { "2026-12-15", "2026-12-16", "2026-12-17" })
        {
            Assert.True((await app.PostAsync(path, At(day))).Is(HttpStatusCode.Created).Json.GetProperty("consumesQuota").GetBoolean());
        }

        var refused = (await app.PostAsync(path, At("2026-12-18"))).Refuses(409, "quota.exhausted");
        Assert.Equal(["2026-12-15", "2026-12-16", "2026-12-17"], refused.Json.GetProperty("ledger").EnumerateArray().Select(d => d.GetProperty("on").GetString()));
        (await app.PostAsync(path, At("2026-12-18", beyondQuota: true, quotaReason: "追加の支援"), "centre")).Refuses(403, "quota.beyond_forbidden");
        Assert.Equal(["quotaReason:field.required"], (await app.PostAsync(path, At("2026-12-18", beyondQuota: true), "supervisor")).Refuses(422, "invalid_input").Faults);
        var granted = (await app.PostAsync(path, At("2026-12-18", beyondQuota: true, quotaReason: "追加の支援"), "supervisor")).Is(HttpStatusCode.Created);
        Assert.Equal(("追加の支援", 0), (granted.Text("quotaReason"), granted.Json.GetProperty("quotaLeft").GetInt32()));
        var free = (await app.PostAsync(path, At("2026-12-21", consumesQuota: false, quotaReason: "電話での短い確認"))).Is(HttpStatusCode.Created);
        Assert.False(free.Json.GetProperty("consumesQuota").GetBoolean());
        var shown = (await app.GetAsync($"/api/v1/cases/{id}")).Is(HttpStatusCode.OK).Json;
        Assert.Contains(shown.GetProperty("visits").EnumerateArray(), v => v.GetProperty("quotaReason").GetString() == "電話での短い確認" && !v.GetProperty("consumesQuota").GetBoolean());
    }

    [Fact]
    public async Task Of_sixteen_callers_for_one_slot_one_gets_it_and_all_others_hear_so()
    {
        await app.Send(new SetClock(Start));
        var expert = await ExpertAsync();
        var cases = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            cases.Add(await AssignedAsync(expert));
        }

        var replies = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => app.PostAsync(
            $"/api/v1/cases/{cases[i % 4]}/visits", new { start = "2026-12-09T13:00", end = "2026-12-09T14:00", mode = "web", stage = "assess" })));

        Assert.Single(replies, r => r.Status == HttpStatusCode.Created);
        Assert.All(replies.Where(r => r.Status != HttpStatusCode.Created), r => Assert.Equal(409, (int)r.Status));
    }

    [Fact]
    public async Task J17_of_sixty_four_clients_on_four_slots_four_get_one_and_the_others_hear_of_the_next_free_ones()
    {
        await app.Send(new SetClock(Start));
        var expert = await ExpertAsync(100);
        var cases = new List<string>();
        for (var i = 0; i < 64; i++)
        {
            cases.Add(await AssignedAsync(expert));
        }

        // Half of them move a visit of their own there.
        var moving = new Dictionary<string, string>();
        for (var i = 0; i < 6; i++)
        {
            var at = new DateTimeOffset(2026, 12, 15, 9 + i, 0, 0, Start.Offset);
            moving[cases[i]] = (await app.PostAsync($"/api/v1/cases/{cases[i]}/visits", new { start = at, end = at.AddHours(1), mode = "web", stage = "assess" })).Is(HttpStatusCode.Created).Text("id");
        }

        var replies = await Task.WhenAll(cases.Select(async (id, i) =>
        {
            var at = new DateTimeOffset(2026, 12, 14, 9 + i % 4 * 2, i / 4 % 2 * 30, 0, Start.Offset);
            var (start, end) = (at, at.AddMinutes(90));
            return moving.TryGetValue(id, out var visit)
                ? await app.PostAsync($"/api/v1/visits/{visit}/reschedule", new { start, end, mode = "web", reason = "先方都合" })
                : await app.PostAsync($"/api/v1/cases/{id}/visits", new { start, end, mode = "web", stage = "assess" });
        }));

        Assert.Equal(4, replies.Count(r => (int)r.Status is 200 or 201));
        Assert.All(replies.Where(r => (int)r.Status is not (200 or 201)), r => Assert.NotEmpty(r.Refuses(409, "visit.taken").Json.GetProperty("nextSlots").EnumerateArray()));
        Assert.Equal(0L, await app.SqlAsync("""
            select count(*) from expert_diary a join expert_diary b on a.expert_id = b.expert_id and a.id < b.id and a.busy && b.busy
            where a.state in ('held', 'confirmed', 'completed') and b.state in ('held', 'confirmed', 'completed')
            """));
    }

    [Fact]
    public async Task A_hold_is_confirmed_moved_and_cancelled()
    {
        await app.Send(new SetClock(Start));
        var id = await AssignedAsync(await ExpertAsync());
        var held = (await app.PostAsync($"/api/v1/cases/{id}/visits", new { start = "2026-12-10T10:00", end = "2026-12-10T11:00", mode = "phone", stage = "prepare", hold = true })).Is(HttpStatusCode.Created);
        var path = $"/api/v1/visits/{held.Text("id")}";

        Assert.Equal("held", held.Text("state"));
        Assert.Equal("confirmed", (await app.PostAsync($"{path}/confirm", null)).Is(HttpStatusCode.OK).Text("state"));
        (await app.PostAsync($"{path}/cancel", new { by = "client", reason = "都合" }, "centre", ("If-Match", held.ETag!))).Refuses(412, "version.stale");
        Assert.Equal("2026-12-10T14:00:00+09:00", (await app.PostAsync($"{path}/reschedule", new { start = "2026-12-10T14:00", end = "2026-12-10T15:00", reason = "先方都合" })).Is(HttpStatusCode.OK).Text("start"));
        Assert.Equal(["by:field.unknown_code", "reason:field.required"], (await app.PostAsync($"{path}/cancel", new { by = "weather" })).Refuses(422, "invalid_input").Faults);
        var cancelled = (await app.PostAsync($"{path}/cancel", new { by = "client", reason = "都合" })).Is(HttpStatusCode.OK);
        Assert.Equal(("cancelled", "client"), (cancelled.Text("state"), cancelled.Text("cancelledBy")));
    }

    [Theory]
    [InlineData("""{"start":"2026-12-11T10:00","end":"2026-12-11T11:00","mode":"hologram","stage":"assess"}""", "mode:field.unknown_code")]
    [InlineData("""{"start":"2026-02-30T10:00","end":"2026-12-11T11:00","mode":"web","stage":"assess"}""", "start:field.impossible_date")]
    [InlineData("""{"end":"2026-12-11T11:00","mode":"web","stage":"assess"}""", "start:field.required")]
    [InlineData("""{"start":"2026-12-11T10:00","end":"2026-12-11T11:00","mode":"web","stage":"later"}""", "stage:field.unknown_code")]
    public async Task A_booking_that_means_nothing_names_its_fault(string body, string fault) =>
        Assert.Equal([fault], (await app.PostAsync($"/api/v1/cases/{Guid.NewGuid()}/visits", body)).Refuses(422, "invalid_input").Faults);

    [Theory]
    [InlineData("from=2026-02-30", "from:field.impossible_date")]
    [InlineData("mode=hologram", "mode:field.unknown_code")]
    [InlineData("tracks=mic,mof", "tracks:field.unknown_code")]
    [InlineData("minutes=1", "minutes:field.out_of_range")]
    public async Task A_question_for_slots_names_its_fault(string query, string fault) =>
        Assert.Equal([fault], (await app.GetAsync($"/api/v1/cases/{Guid.NewGuid()}/slots?{query}")).Refuses(422, "invalid_input").Faults);

    [Fact]
    public async Task An_expert_keeps_the_own_pattern_and_absences_and_nobody_elses()
    {
        await app.Send(new SetClock(Start));
        var expert = await ExpertAsync();
        var other = await ExpertAsync();

        var set = (await app.CallAsync(HttpMethod.Put, $"/api/v1/experts/{expert}/availability", new { hours = new[] { new { weekday = "tuesday", from = "10:00", to = "16:00" } } }, $"expert {expert}")).Is(HttpStatusCode.OK);
        var hours = Assert.Single(set.Json.GetProperty("hours").EnumerateArray());
        Assert.Equal("tuesday 10:00 16:00", string.Join(' ', hours.EnumerateObject().Select(m => m.Value.GetString())));
        var narrowed = (await app.CallAsync(HttpMethod.Put, $"/api/v1/experts/{expert}/availability", new
        {
            hours = new object[] { new { weekday = "monday", from = "13:00", to = "17:00", modes = new[] { "web" } }, new { weekday = "tuesday", from = "10:00", to = "16:00" } },
            days = new[] { new { date = "2026-12-09", from = "09:00", to = "12:00" } },
        }, $"expert {expert}")).Is(HttpStatusCode.OK).Json;
        Assert.Equal("web", narrowed.GetProperty("hours")[0].GetProperty("modes")[0].GetString());
        Assert.Equal("2026-12-09", Assert.Single(narrowed.GetProperty("days").EnumerateArray()).GetProperty("date").GetString());
        Assert.Equal(["days:expert.day_closed"], (await app.CallAsync(
            HttpMethod.Put, $"/api/v1/experts/{expert}/availability", new { hours = Array.Empty<object>(), days = new[] { new { date = "2026-12-12", from = "09:00", to = "12:00" } } }, $"expert {expert}"))
            .Refuses(422, "invalid_input").Faults);
        (await app.PostAsync($"/api/v1/experts/{expert}/absences", new { from = "2026-12-14T00:00", to = "2026-12-15T00:00", reason = "研修" }, $"expert {expert}")).Is(HttpStatusCode.Created);
        (await app.PostAsync($"/api/v1/experts/{other}/absences", new { from = "2026-12-14T00:00", to = "2026-12-15T00:00", reason = "研修" }, $"expert {expert}")).Refuses(404, "not_found");
        Assert.Equal(["hours[0].to:field.impossible_date"], (await app.CallAsync(
            HttpMethod.Put, $"/api/v1/experts/{expert}/availability", new { hours = new[] { new { weekday = "tuesday", from = "10:00", to = "26:00" } } }, $"expert {expert}")).Refuses(422, "invalid_input").Faults);
        Assert.Equal(expert, Assert.Single((await app.GetAsync("/api/v1/experts", $"expert {expert}")).Is(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray()).GetProperty("id").GetString());
    }

    [Fact]
    public async Task An_offer_is_declined_with_a_reason_and_the_case_waits_again()
    {
        await app.Send(new SetClock(Start));
        var expert = await ExpertAsync();
        var id = await WaitingAsync("東京都");
        var offer = (await app.PostAsync($"/api/v1/cases/{id}/offers", new { track = "mic", expertId = expert })).Is(HttpStatusCode.Created).Text("id");

        Assert.Equal(["reason:field.required"], (await app.PostAsync($"/api/v1/offers/{offer}/decline", new { }, $"expert {expert}")).Refuses(422, "invalid_input").Faults);
        var declined = (await app.PostAsync($"/api/v1/offers/{offer}/decline", new { reason = "繁忙" }, $"expert {expert}")).Is(HttpStatusCode.OK);
        Assert.Equal(("declined", "waiting"), (declined.Text("state"), declined.Text("status")));
        (await app.PostAsync($"/api/v1/offers/{offer}/accept", null, $"expert {expert}")).Refuses(409, "offer.closed");
        (await app.PostAsync($"/api/v1/offers/{offer}/accept", null, $"expert {await ExpertAsync()}")).Refuses(404, "not_found");
        Assert.Equal(["expertId:offer.expert_or_auto"], (await app.PostAsync($"/api/v1/cases/{id}/offers", new { track = "mic" })).Refuses(422, "invalid_input").Faults);
    }

    private async Task<string> ExpertAsync(int capacity = 20)
    {
        var made = (await app.PostAsync("/api/v1/experts", new { name = ApiApp.Fresh("専門"), affiliation = "mic", prefecture = "東京都", capacity }, "supervisor")).Is(HttpStatusCode.Created);
        Assert.Equal(JsonValueKind.Array, made.Json.GetProperty("hours").ValueKind);
        return made.Text("id");
    }

    private async Task<string> WaitingAsync(string prefecture)
    {
        var id = await app.LogAsync("VPNのセキュリティを相談したい", desk: "kanto", organisation: new { name = ApiApp.Fresh("試験"), prefecture });
        (await app.PostAsync($"/api/v1/cases/{id}/route", new { tracks = new[] { "mic" }, reason = "情報通信" })).Is(HttpStatusCode.OK);
        return id;
    }

    private async Task<string> AssignedAsync(string expert)
    {
        var id = await WaitingAsync("東京都");
        var offer = (await app.PostAsync($"/api/v1/cases/{id}/offers", new { track = "mic", expertId = expert })).Is(HttpStatusCode.Created);
        (await app.PostAsync($"/api/v1/offers/{offer.Text("id")}/accept", new { source = "電話で受諾" })).Is(HttpStatusCode.OK);
        return id;
    }
}
