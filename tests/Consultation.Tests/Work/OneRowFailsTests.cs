using Consultation.Cases;
using Consultation.Check;
using Consultation.Experts;
using Consultation.Experts.Outside;
using Consultation.Messaging;
using Consultation.Tests.Visits;
using Consultation.Topics;
using Consultation.Visits;
using Consultation.Work;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Work;

/// <summary>Jobs meet a row of which nothing can be written, by a trigger: all others are done, it alone stands on the work page, and it is done once it can be.</summary>
public sealed class OneRowFailsTests : IAsyncLifetime
{
    private readonly TestApp app = new();

    public ValueTask InitializeAsync() => app.InitializeAsync();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task A_hold_that_cannot_be_ended_keeps_no_other()
    {
        var expert = await app.ExpertNamedAsync("仮押 毒");
        var (poison, good) = (await HoldAsync("株式会社毒", 1), await HoldAsync("株式会社良", 2));
        await app.MoveClockAsync(At(12, 1, 9));
        await KeepsNoOtherAsync(new("expire-holds", "visits", $"new.id = '{poison}'"), poison.ToString(), good.ToString(), "select id from visits where state = 'cancelled'");

        async Task<VisitId> HoldAsync(string name, int day) => (await app.Send(Visit(await app.HeldCaseAsync(name, (Track.Mic, expert)), At(12, day, 10), hold: true))).Id;
    }

    [Fact]
    public async Task An_offer_that_cannot_be_ended_keeps_no_other()
    {
        var (poison, good) = (await OfferedAsync("株式会社毒"), await OfferedAsync("株式会社良"));
        await app.MoveClockAsync(At(11, 27, 9));
        await KeepsNoOtherAsync(new("expire-offers", "offers", $"new.case_id = '{poison}'"), poison.ToString(), good.ToString(), "select case_id from offers where state = 'expired'");

        async Task<CaseId> OfferedAsync(string name)
        {
            var logged = await app.Send(new LogInquiry(Channel.Phone, "VPNの相談", Desk: "tohoku", Organisation: new(name, Prefecture: "宮城県")));
            await app.Send(new RouteCase(logged.Id, [Track.Mic]));
            await app.Send(new Consultation.Routing.OfferCase(logged.Id, Track.Mic, await app.ExpertNamedAsync($"打診 {name}"), Reason: "試験"));
            return logged.Id;
        }
    }

    [Fact]
    public async Task A_report_that_cannot_be_asked_for_keeps_no_other()
    {
        var expert = await app.ExpertNamedAsync("未提出 毒");
        var (poison, good) = (await OwedAsync("株式会社毒", 10), await OwedAsync("株式会社良", 14));
        await app.MoveClockAsync(At(12, 4, 9, 10));
        await KeepsNoOtherAsync(
            new("chase-reports", "visit_experts", $"new.visit_id = '{poison}'"), poison.ToString(), good.ToString(), "select visit_id from visit_experts where report_reminded_at is not null");

        async Task<VisitId> OwedAsync(string name, int hour)
        {
            await app.MoveClockAsync(TestApp.Start);
            var visit = await app.Send(Visit(await app.HeldCaseAsync(name, (Track.Mic, expert)), At(11, 26, hour)));
            await app.MoveClockAsync(At(11, 26, 16));
            await app.Send(new CompleteVisit(visit.Id, VisitOutcome.TookPlace, 60, "相談者に電話で確認"));
            return visit.Id;
        }
    }

    [Fact]
    public async Task A_wish_that_cannot_be_ended_keeps_no_other_and_not_the_look_at_those_who_go_on_waiting()
    {
        var expert = await app.ExpertNamedAsync("待ち 毒", hours: [new(DayOfWeek.Tuesday, new(10, 0), new(11, 0))]);
        foreach (var day in new[] { 1, 8, 15 })
        {
            await app.Send(Visit(await app.HeldCaseAsync($"株式会社先約{day}", (Track.Mic, expert)), At(12, day, 10)));
        }

        var (poison, good, on) = (await WaitsAsync(expert, "株式会社毒", 4), await WaitsAsync(expert, "株式会社良", 4), await WaitsAsync(expert, "株式会社続", 18));
        await app.MoveClockAsync(At(12, 7, 8, 30));
        await app.SqlAsync("delete from freed_times");
        await KeepsNoOtherAsync(new("review-slot-wishes", "slot_wishes", $"new.id = '{poison}'"), poison.ToString(), good.ToString(), "select id from slot_wishes where state = 'ended'");
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from freed_times where expert_id = '{expert}'"));
        Assert.Equal("waiting", await app.SqlAsync($"select state from slot_wishes where id = '{on}'"));
    }

    [Fact]
    public async Task A_client_who_waits_and_cannot_be_offered_a_freed_time_keeps_no_other_and_is_not_forgotten()
    {
        var expert = await app.ExpertNamedAsync("解放 毒", hours: [new(DayOfWeek.Tuesday, new(10, 0), new(12, 0))]);
        List<VisitId> booked = [];
        foreach (var hour in new[] { 10, 11 })
        {
            booked.Add((await app.Send(Visit(await app.HeldCaseAsync($"株式会社先約{hour}", (Track.Mic, expert)), At(12, 1, hour)))).Id);
        }

        var (poison, good) = (await WaitsAsync(expert, "株式会社毒", 4), await WaitsAsync(expert, "株式会社良", 4));
        foreach (var visit in booked)
        {
            await app.Send(new CancelVisit(visit, CancelledBy.Client, "急用"));
        }

        await KeepsNoOtherAsync(new("offer-freed-slots", "slot_wishes", $"new.id = '{poison}'"), poison.ToString(), good.ToString(), "select id from slot_wishes where state = 'offered'");
        Assert.Equal(0L, await app.SqlAsync("select count(*) from freed_times"));
    }

    [Fact]
    public async Task A_calendar_whose_answer_cannot_be_kept_keeps_no_other()
    {
        var feeds = new List<ExpertCalendarId>();
        foreach (var name in new[] { "予定 毒", "予定 良" })
        {
            var feed = new ExpertCalendar(await app.ExpertNamedAsync(name), CalendarSource.Feed, app.Now);
            feed.Subscribe($"https://calendar{feeds.Count}.example/feed.ics", app.Now.AddMinutes(feeds.Count - 5));
            await app.ReadAsync(db =>
            {
                db.Add(feed);
                return db.SaveChangesAsync();
            });
            feeds.Add(feed.Id);
        }

        await KeepsNoOtherAsync(new("fetch-calendars", "expert_calendars", $"new.id = '{feeds[0]}'"), feeds[0].ToString(), feeds[1].ToString(), "select id from expert_calendars where fault = 'calendar.host_not_allowed'");
    }

    private async Task<SlotWishId> WaitsAsync(ExpertId expert, string name, int untilDay) =>
        (await app.Send(new WaitForSlot(await app.HeldCaseAsync(name, (Track.Mic, expert)), VisitMode.Web, 60, new(2026, 12, 1), new(2026, 12, untilDay)))).Id;

    private async Task KeepsNoOtherAsync(Poison poison, string row, string other, string done)
    {
        await app.SqlAsync($"""
            create function planted_poison() returns trigger language plpgsql as $$ begin raise exception 'poison' using errcode = '23514'; end $$;
            create trigger planted_poison before update on {poison.Table} for each row when ({poison.Which}) execute function planted_poison()
            """);
        var administrator = await app.OfAsync(Role.Administrator);
        Assert.Equal("sql.23514", (await app.Send(new RunJob(poison.Job), administrator)).ErrorCode);
        Assert.Equal(other, $"{await app.SqlAsync(done)}");
        var line = (await app.Send(new ListWork(), administrator)).Single(job => job.Name == poison.Job);
        Assert.Equal((row, "sql.23514"), line.FailingRows.Select(failing => (failing.Row, failing.Code)).Single());

        await app.SqlAsync($"drop trigger planted_poison on {poison.Table}");
        Assert.Null((await app.Send(new RunJob(poison.Job), administrator)).ErrorCode);
        Assert.Equal(2L, await app.SqlAsync($"select count(*) from ({done}) done"));
        Assert.Empty((await app.Send(new ListWork(), administrator)).Single(job => job.Name == poison.Job).FailingRows);
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    private sealed record Poison(string Job, string Table, string Which);
}
