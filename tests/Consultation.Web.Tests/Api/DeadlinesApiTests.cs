using System.Net;
using System.Text;
using System.Text.Json;
using Consultation.CalendarChange;
using Consultation.Cases;
using Consultation.Demo;
using Consultation.Messaging;
using Consultation.Staff;

namespace Consultation.Web.Tests.Api;

/// <summary>What programs see of deadlines: when, why, what is left of them on hold, and who has been told.</summary>
public sealed class DeadlinesApiTests(ApiApp app) : IClassFixture<ApiApp>
{
    private static DateTimeOffset At(int month, int day, int hour, int minute = 0, int year = 2026) => new(year, month, day, hour, minute, 0, TimeSpan.FromHours(9));

    private async Task<string> MailedAsync(string desk, DateTimeOffset at) =>
        (await app.PostAsync("/api/v1/inquiries", new { channel = "email", text = "就業規則の相談", desk, receivedAt = at.ToString("O") })).Is(HttpStatusCode.Created).Text("id");

    private async Task<JsonElement> FirstResponseAsync(string id) =>
        (await app.GetAsync($"/api/v1/cases/{id}")).Is(HttpStatusCode.OK).Json.GetProperty("deadlines").EnumerateArray().Single(d => d.GetProperty("kind").GetString() == "first_response");

    private async Task<Actor> AdministratorAsync() => (await app.Send(new AuthenticateToken((await app.Send(new CreateToken(Role.Administrator, null, null, "試験"))).Token)))!;

    [Fact]
    public async Task J27_J29_the_date_its_derivation_and_where_a_new_holiday_moves_it()
    {
        await app.Send(new SetClock(At(11, 20, 16, 30)));
        var id = await MailedAsync("tohoku", At(11, 20, 16, 30));
        var first = await FirstResponseAsync(id);
        Assert.Equal("2026-11-24T12:30:00+09:00", first.GetProperty("due").GetString());
        Assert.Equal("11月20日(金) 16:30 受付 → 4営業時間 → 11月24日(火) 12:30（休業: 21日(土)、22日(日)、23日(月) 勤労感謝の日）", first.GetProperty("why").GetString());
        var row = (await app.GetAsync("/api/v1/queue")).Json.GetProperty("items").EnumerateArray().Single(r => r.GetProperty("id").GetString() == id);
        Assert.Equal(first.GetProperty("why").GetString(), row.GetProperty("deadline").GetProperty("why").GetString());

        // 内閣府's file with one day more.
        var administrator = await AdministratorAsync();
        var file = File(new DateOnly(2026, 11, 24), "臨時の祝日");
        var seen = await app.Send(new PreviewHolidays(file), administrator);
        await app.Send(new ImportHolidays(file, "syukujitsu.csv", seen.Base), administrator);
        var moved = await FirstResponseAsync(id);
        Assert.Equal("2026-11-25T12:30:00+09:00", moved.GetProperty("due").GetString());
        // Four closed days or more are one range.
        Assert.EndsWith("（休業: 21日(土)〜24日(火) 勤労感謝の日・臨時の祝日）", moved.GetProperty("why").GetString());
        Assert.Contains("祝日の表の更新", (await app.GetAsync($"/api/v1/cases/{id}")).Body);
        await app.PostAsync($"/api/v1/cases/{id}/close", new { outcome = "answered" });
        var back = File();
        await app.Send(new ImportHolidays(back, "syukujitsu.csv", (await app.Send(new PreviewHolidays(back), administrator)).Base), administrator);
    }

    [Fact]
    public async Task J33_what_is_left_is_seen_on_hold_and_runs_on_to_the_minute()
    {
        await app.Send(new SetClock(At(11, 20, 15)));
        var id = await MailedAsync("kinki", At(11, 20, 15));
        await app.Send(new SetClock(At(11, 20, 16)));
        (await app.PostAsync($"/api/v1/cases/{id}/hold", new { reason = "返事待ち" })).Is(HttpStatusCode.OK);
        var paused = await FirstResponseAsync(id);
        Assert.Equal(("paused", "残り3時間"), (paused.GetProperty("state").GetString(), paused.GetProperty("left").GetString()));

        await app.Send(new SetClock(At(11, 24, 10)));
        (await app.PostAsync($"/api/v1/cases/{id}/resume", new { })).Is(HttpStatusCode.OK);
        var resumed = await FirstResponseAsync(id);
        // The clock of the server runs on between the acts.
        Assert.InRange(resumed.GetProperty("due").GetDateTimeOffset(), At(11, 24, 12, 59), At(11, 24, 13, 1));
        Assert.StartsWith("保留前の残り 3時間 を再開から数えます。", resumed.GetProperty("why").GetString());
        await app.PostAsync($"/api/v1/cases/{id}/close", new { outcome = "answered" });
    }

    [Fact]
    public async Task Who_has_been_told_of_a_passed_deadline_stands_at_it()
    {
        await app.Send(new SetClock(At(11, 24, 9)));
        var id = await MailedAsync("chugoku", At(11, 24, 9));
        await app.Send(new SetClock(At(11, 24, 13, 1)));
        await app.Send(new EscalateOverdue());
        var late = await FirstResponseAsync(id);
        Assert.Equal("desk", late.GetProperty("escalated").GetString());
        Assert.StartsWith("2026-11-24T13:01", late.GetProperty("escalatedAt").GetString());
        await app.PostAsync($"/api/v1/cases/{id}/close", new { outcome = "answered" });
    }

    [Fact]
    public async Task Health_warns_from_the_march_before_the_table_ends_and_stays_ready()
    {
        foreach (var (at, warned) in new[] { (At(2, 27, 10, year: 2027), false), (At(3, 1, 10, year: 2027), true), (At(6, 1, 10, year: 2029), true) })
        {
            await app.Send(new SetClock(at));
            var ready = (await app.GetAsync("/health/ready", null)).Is(HttpStatusCode.OK).Json;
            Assert.Equal("ready", ready.GetProperty("status").GetString());
            Assert.Equal(warned, ready.GetProperty("warnings").EnumerateArray().Any(w => w.GetString() == "calendar.table_due"));
        }

        await app.Send(new SetClock(At(3, 1, 10, year: 2027)));
        var administrator = await AdministratorAsync();
        var file = File(last: 2028);
        await app.Send(new ImportHolidays(file, "syukujitsu.csv", (await app.Send(new PreviewHolidays(file), administrator)).Base), administrator);
        Assert.DoesNotContain("calendar.table_due", (await app.GetAsync("/health/ready", null)).Json.GetProperty("warnings").EnumerateArray().Select(w => w.GetString()));
        await app.SqlAsync("delete from holiday_tables where official_until = 2028");
        await app.Send(new SetClock(At(11, 24, 9, 20)));
    }

    private static byte[] File(DateOnly? added = null, string name = "", int last = 2027)
    {
        var days = Enumerable.Range(2019, last - 2018).SelectMany(Calendar.NationalCalendar.Shipped.HolidaysOf).Select(h => (h.On, h.Name)).ToList();
        if (added is { } day)
        {
            days.Add((day, name));
        }

        return Encoding.UTF8.GetBytes("国民の祝日・休日月日,国民の祝日・休日名称\n" + string.Concat(days.OrderBy(d => d.On).Select(d => $"{d.On.Year}/{d.On.Month}/{d.On.Day},{d.Name}\n")));
    }
}
