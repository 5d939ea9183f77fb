using Consultation.Cases;
using Consultation.Check;
using Consultation.Experts;
using Consultation.Experts.Outside;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Topics;
using Consultation.Visits;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Visits;

/// <summary>What is offered can be booked, and what is refused was never offered (journeys J19, J24; ideas P01, P19).</summary>
public sealed class SlotsTests(TestApp app) : IClassFixture<TestApp>
{
    private static int placed;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_slot_offered_can_be_booked_at_once_and_every_refused_one_is_not_offered(int seed)
    {
        await app.MoveClockAsync(At(12, 1, 8));
        var random = new Random(seed);
        var hours = Enumerable.Range(1, 5).SelectMany(day => new WorkingHours[]
        {
            new((DayOfWeek)day, new(random.Next(8, 11), 30), new(12, 0), random.Next(3) == 0 ? [VisitMode.Web] : null), new((DayOfWeek)day, new(12, random.Next(2) * 30), new(random.Next(14, 19), 0)),
        }).Where(_ => random.Next(6) > 0).ToList();
        var expert = await app.ExpertNamedAsync($"性質 {seed}", prefecture: seed == 3 ? "47" : "04", hours: hours);
        var other = await app.ExpertNamedAsync($"性質 連れ {seed}", Affiliation.Mhlw);
        await app.Send(new AddAbsence(expert, At(12, 3, 13), At(12, 3, 15), "研修"));
        await app.Send(new SetDayHours(expert, new(2026, 12, 4), [new(new(10, 0), new(16, 0))]));
        await app.Send(new TakeCalendarFile(expert, System.Text.Encoding.UTF8.GetBytes(
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20261201T150000\r\nDURATION:PT90M\r\nRRULE:FREQ=WEEKLY;BYDAY=TU,WE\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")));
        var joint = await app.HeldCaseAsync($"株式会社性質{seed}", (Track.Mic, expert), (Track.Mhlw, other));
        foreach (var at in new[] { At(12, 7, 10), At(12, 9, 14) })
        {
            var alone = await app.HeldCaseAsync($"株式会社先約{seed}{at.Day}", (Track.Mhlw, other));
            await app.Send(Visit(alone, at, mode: random.Next(2) == 0 ? VisitMode.Visit : VisitMode.Web));
        }

        await app.SqlAsync("update programme_years set lunch_from = '12:00', lunch_to = '13:00' where fiscal_year = 2026");
        var (booked, refused) = (0, 0);
        for (var tries = 0; tries < 60; tries++)
        {
            var start = At(12, random.Next(2, 12), random.Next(7, 19), random.Next(2) * 30);
            var (minutes, mode) = (random.Next(1, 5) * 30, (VisitMode)random.Next(3));
            var offered = (await app.Send(new ListSlots(joint, At(12, 1, 0), At(12, 13, 0), mode, minutes))).Any(s => s.Start == start);
            var answer = await Record.ExceptionAsync(async () =>
            {
                var visit = await app.Send(Visit(joint, start, minutes, mode));
                await app.Send(new CancelVisit(visit.Id, CancelledBy.Client, "試験"));
            });
            Assert.True(offered == answer is null, $"{start} {minutes} {mode}: offered {offered}, {(answer as RuleViolation)?.Code ?? answer?.ToString()}");
            _ = answer is null ? booked++ : refused++;
        }

        await app.SqlAsync("update programme_years set lunch_from = null, lunch_to = null where fiscal_year = 2026");
        Assert.True(booked > 0 && refused > 0, $"{booked} booked, {refused} refused");
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task P19_a_second_visit_beside_the_first_is_reached_straight_and_home_is_not_asked_in_between()
    {
        await app.MoveClockAsync(At(12, 1, 8));
        // From Tokyo to Miyagi it is about three hours; between two places in Miyagi half an hour.
        var expert = await app.ExpertNamedAsync("連続 係", prefecture: "13");
        var (first, second) = (await app.HeldCaseAsync("株式会社連続一", (Track.Mic, expert)), await app.HeldCaseAsync("株式会社連続二", (Track.Mic, expert)));
        var way = Travel.Between("13", "04", new(2026, 12, 8));
        Assert.True(way > TimeSpan.FromMinutes(150), $"{way}");
        var one = await app.Send(Visit(first, At(12, 8, 11), mode: VisitMode.Visit));

        var offered = (await app.Send(new ListSlots(second, At(12, 8, 0), At(12, 9, 0), VisitMode.Visit))).Select(s => s.Start).ToList();
        Assert.Contains(At(12, 8, 13), offered);
        Assert.DoesNotContain(At(12, 8, 12), offered);
        var two = await app.Send(Visit(second, At(12, 8, 13), mode: VisitMode.Visit));
        Assert.Equal(0L, await app.SqlAsync("select count(*) from expert_diary a join expert_diary b on a.expert_id = b.expert_id and a.id < b.id and a.busy && b.busy where a.state = 'confirmed' and b.state = 'confirmed'"));
        Assert.Empty((await app.Send(new RunCheck())).Broken);

        // A talk from afar fits between the two, and none into the way home of the last.
        var third = await app.HeldCaseAsync("株式会社連続三", (Track.Mic, expert));
        var talks = (await app.Send(new ListSlots(third, At(12, 8, 0), At(12, 9, 0), VisitMode.Web, 15))).Select(s => s.Start).ToList();
        Assert.DoesNotContain(talks, t => t < At(12, 8, 14) + way && t.AddMinutes(15) > At(12, 8, 13));

        // When the second is gone, the way home after the first blocks again though its row was cut short.
        await app.Send(new CancelVisit(two.Id, CancelledBy.Client, "急用"));
        Assert.DoesNotContain((await app.Send(new ListSlots(third, At(12, 8, 0), At(12, 9, 0), VisitMode.Web))).Select(s => s.Start), t => t < At(12, 8, 12) + way && t.AddHours(1) > At(12, 8, 11) - way);
        Assert.Equal("visit.taken", await app.RefusedAsync(Visit(third, At(12, 8, 12, 30))));
        Assert.Equal(At(12, 8, 13, 30), (await app.Send(new RescheduleVisit(one.Id, At(12, 8, 13, 30), At(12, 8, 14, 30), "先方都合"))).Start);
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task P19_between_two_visits_far_away_nothing_at_home_is_offered_or_booked()
    {
        await app.MoveClockAsync(At(12, 1, 8));
        var expert = await app.ExpertNamedAsync("遠方連続 係", prefecture: "13");
        var (first, second, third) = (await PlacedAsync(expert, "大阪府"), await PlacedAsync(expert, "大阪府"), await PlacedAsync(expert, "東京都"));
        await app.Send(Visit(first, At(12, 10, 9), mode: VisitMode.Visit));
        await app.Send(Visit(second, At(12, 10, 13), mode: VisitMode.Visit));

        // From Osaka to Tokyo and back it is more than three hours each way.
        Assert.Empty(await app.Send(new ListSlots(third, At(12, 10, 0), At(12, 11, 0), VisitMode.Visit)));
        Assert.Equal("visit.taken", await app.RefusedAsync(Visit(third, At(12, 10, 11), mode: VisitMode.Visit)));
        // A talk from afar has no way and fits between the two.
        Assert.Contains(At(12, 10, 11), (await app.Send(new ListSlots(third, At(12, 10, 0), At(12, 11, 0), VisitMode.Web))).Select(s => s.Start));
    }

    [Fact]
    public async Task P19_a_visit_between_two_with_a_longer_way_to_the_next_lengthens_the_row_of_the_next()
    {
        await app.MoveClockAsync(At(12, 1, 8));
        var expert = await app.ExpertNamedAsync("経由 係", prefecture: "13");
        var (first, second, third) = (await PlacedAsync(expert, "大阪府"), await PlacedAsync(expert, "大阪府"), await PlacedAsync(expert, "京都府"));
        await app.Send(Visit(first, At(12, 11, 9), mode: VisitMode.Visit));
        var next = await app.Send(Visit(second, At(12, 11, 16), mode: VisitMode.Visit));
        Task<object?> Ahead(string from) => app.SqlAsync(
            $"select count(*) from expert_diary where visit = '{next.Id}' and lower(busy) = starts_at - make_interval(mins => {(int)(Travel.Between(from, "27", new(2026, 12, 11)) - Travel.Slack).TotalMinutes})");
        Assert.Equal(1L, await Ahead("27"));
        await app.Send(Visit(third, At(12, 11, 12), mode: VisitMode.Visit));
        Assert.True(Travel.Between("26", "27", new(2026, 12, 11)) > Travel.Between("27", "27", new(2026, 12, 11)));
        Assert.Equal(1L, await Ahead("26"));
        // Nothing fits any more into what is now the way to the next.
        Assert.Equal("visit.taken", await app.RefusedAsync(Visit(first, At(12, 11, 15), 15)));
    }

    /// <summary>A client of its own each time; never by a random number: twelve digits of it may be a マイナンバー, which is refused.</summary>
    private async Task<CaseId> PlacedAsync(ExpertId expert, string prefecture)
    {
        var id = await app.HeldCaseAsync($"株式会社{prefecture}{Interlocked.Increment(ref placed)}", (Track.Mic, expert));
        await app.Send(new EditCase(id, Organisation: new(Prefecture: prefecture)));
        return id;
    }

    [Fact]
    public void P19_far_away_takes_the_night_before_and_late_ones_the_night_after_and_snow_takes_longer()
    {
        var okinawa = Travel.Around("13", "47", At(12, 8, 10), At(12, 8, 11), VisitMode.Visit);
        Assert.Equal((new DateOnly(2026, 12, 7), TimeSpan.FromMinutes(340)), (JapanTime.DateOf(okinawa.Leave), okinawa.OneWay));
        var late = Travel.Around("13", "01", At(7, 8, 17), At(7, 8, 18), VisitMode.Visit);
        Assert.Equal((At(7, 9, 7) + late.OneWay, new DateOnly(2026, 7, 8)), (late.Back, JapanTime.DateOf(late.Leave)));
        Assert.Equal(At(7, 7, 21) - late.OneWay, Travel.Around("13", "01", At(7, 8, 10), At(7, 8, 11), VisitMode.Visit).Leave);
        Assert.True(Travel.Between("13", "01", new(2026, 1, 20)) > Travel.Between("13", "01", new(2026, 7, 20)));
        Assert.Equal(Travel.Between("01", "13", new(2026, 1, 20)), Travel.Between("13", "01", new(2026, 1, 20)));
        // Straight is never longer than by way of home.
        var codes = Prefectures.All.Select(p => p.Code).ToList();
        Assert.All(codes.SelectMany(a => codes.Select(b => (a, b))), pair => Assert.True(Travel.Between(pair.a, pair.b, new(2026, 7, 1)) <= Travel.Between(pair.a, "13", new(2026, 7, 1)) + Travel.Between("13", pair.b, new(2026, 7, 1))));
    }

    [Fact]
    public async Task A_night_away_blocks_the_evening_before_in_every_way()
    {
        await app.MoveClockAsync(At(12, 1, 8));
        var expert = await app.ExpertNamedAsync("前泊 係", prefecture: "47");
        var far = await app.HeldCaseAsync("株式会社前泊", (Track.Mic, expert));
        await app.Send(Visit(far, At(12, 8, 10), mode: VisitMode.Visit));
        var web = await app.HeldCaseAsync("株式会社前日", (Track.Mic, expert));
        Assert.Equal("visit.taken", await app.RefusedAsync(Visit(web, At(12, 7, 16))));
        Assert.Contains(At(12, 7, 10), (await app.Send(new ListSlots(web, At(12, 7, 0), At(12, 8, 0), VisitMode.Web))).Select(s => s.Start));

        // The diaries say so too: on Monday nothing is free from when the expert sets out, nor on Tuesday before they are back.
        var way = Travel.Between("47", "04", new(2026, 12, 8));
        var (leaves, back) = (Travel.LeaveFor(At(12, 8, 10), way), Travel.BackFrom(At(12, 8, 11), way));
        Assert.True(leaves < At(12, 7, 17) && back > At(12, 8, 16), $"{leaves} {back}");
        foreach (var day in new[] { (await app.Send(new LookAtDiary(expert, new(2026, 12, 7), 1))).Days[0], (await app.Send(new LookAtDistrict("okinawa", new(2026, 12, 7), 1))).Experts.Single(e => e.Id == expert).Days[0] })
        {
            Assert.Equal((leaves, At(12, 8, 10)), (day.Journeys.Single().Leave, day.Journeys.Single().Start));
            Assert.Equal([new(At(12, 7, 9), leaves)], day.Free);
            Assert.Empty(day.Visits);
        }

        Assert.DoesNotContain((await app.Send(new LookAtDiary(expert, new(2026, 12, 8), 1))).Days[0].Free, f => f.From < back);
    }

    [Fact]
    public async Task Wishes_are_kept_in_order_marked_on_slots_and_refused_where_they_mean_nothing()
    {
        await app.MoveClockAsync(At(12, 1, 8));
        var id = await app.HeldCaseAsync("株式会社希望", (Track.Mic, await app.ExpertNamedAsync("希望 係")));
        await app.Send(new EditCase(id, Wishes: [new(new(2026, 12, 8), new(10, 0), new(12, 0)), new(new(2026, 12, 9)), new(new(2026, 12, 8), new(11, 0))]));
        var slots = await app.Send(new ListSlots(id, At(12, 7, 0), At(12, 11, 0), VisitMode.Web));
        Assert.Equal([1, 1, 1], slots.Where(s => s.Start >= At(12, 8, 10) && s.End <= At(12, 8, 12)).Select(s => s.Wish));
        Assert.Equal((null, 3, 2, null), (Wish(At(12, 8, 9, 30)), Wish(At(12, 8, 11, 30)), Wish(At(12, 9, 9)), Wish(At(12, 10, 9))));
        var week = await app.Send(new LookAtWeek(id, new(2026, 12, 14), VisitMode.Web, 60));
        Assert.Equal([1, 2, 3], week.Wished.Select(w => w.Rank));
        Assert.Equal(At(12, 8, 10), week.Wished[0].Free[0].Start);

        async Task<string> Refused(params VisitWish[] wishes) => (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new EditCase(id, Wishes: wishes)))).Errors[0].Code;
        Assert.Equal(
            ["wish.too_many", "wish.reversed", "wish.reversed", "wish.twice", "wish.past", "wish.too_far"],
            [await Refused(new(new(2026, 12, 8)), new(new(2026, 12, 9)), new(new(2026, 12, 10)), new(new(2026, 12, 11))), await Refused(new VisitWish(new(2026, 12, 8), new(12, 0), new(10, 0))),
             await Refused(new VisitWish(new(2026, 12, 8), new(12, 0), new(12, 0))), await Refused(new(new(2026, 12, 8)), new(new(2026, 12, 8))), await Refused(new VisitWish(new(2026, 11, 30))),
             await Refused(new VisitWish(new(2036, 12, 1)))]);
        // Those that are there already stay though their day has passed.
        await app.MoveClockAsync(At(12, 9, 8));
        await app.Send(new EditCase(id, Wishes: [new(new(2026, 12, 9))]));
        await app.Send(new EditCase(id, Cleared: new HashSet<string> { "wishes" }));
        Assert.All(await app.Send(new ListSlots(id, At(12, 9, 0), At(12, 11, 0), VisitMode.Web)), s => Assert.Null(s.Wish));

        int? Wish(DateTimeOffset start) => slots.Single(s => s.Start == start).Wish;
    }

    [Fact]
    public async Task The_soonest_common_time_of_each_pair_is_what_a_joint_booking_would_be_offered_first()
    {
        await app.MoveClockAsync(At(12, 1, 8));
        var mic = new[] { await app.ExpertNamedAsync("対 一", hours: [new(DayOfWeek.Wednesday, new(9, 0), new(12, 0))]), await app.ExpertNamedAsync("対 二", prefecture: "13") };
        var mhlw = new[] { await app.ExpertNamedAsync("対 三", Affiliation.Mhlw, hours: [new(DayOfWeek.Wednesday, new(11, 0), new(17, 0)), new(DayOfWeek.Thursday, new(9, 0), new(17, 0))]), await app.ExpertNamedAsync("対 四", Affiliation.Mhlw, hours: [new(DayOfWeek.Monday, new(9, 0), new(9, 30))]) };
        var busy = await app.HeldCaseAsync("株式会社先に埋まる", (Track.Mhlw, mhlw[0]));
        await app.Send(Visit(busy, At(12, 2, 11)));
        var id = await app.HeldCaseAsync("株式会社対", (Track.Mic, mic[0]), (Track.Mhlw, mhlw[0]));
        foreach (var mode in new[] { VisitMode.Web, VisitMode.Visit })
        {
            var found = await app.Send(new FindSlots(id, mic, mhlw, mode));
            Assert.DoesNotContain(found.Pairs, p => p.Second == mhlw[1]);
            Assert.DoesNotContain(mhlw[1], found.Alone.Keys);
            var offered = await app.Send(new ListSlots(id, app.Now, app.Now.AddDays(28), mode));
            Assert.Equal(offered[0].Start, Assert.Single(found.Pairs, p => p.First == mic[0]).Start);
            Assert.Equal(offered[0].Start, (await app.Send(new LookAtWeek(id, JapanTime.DateOf(offered[0].Start), mode, 60))).Days.SelectMany(d => d.Free).First().Start);
        }

        await app.Send(new EditCase(id, Wishes: [new(new(2026, 12, 16), new(11, 0), new(12, 0))]));
        var wished = Assert.Single((await app.Send(new FindSlots(id, mic, mhlw, VisitMode.Web))).Pairs, p => p.First == mic[0]);
        Assert.Equal((At(12, 16, 11), 1), (wished.Start, wished.Wish));
        await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new FindSlots(id, [], mhlw)));
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new FindSlots(CaseId.New(), mic, mhlw)));
        await Assert.ThrowsAsync<Forbidden>(async () => await app.Send(new FindSlots(id, mic, mhlw), await app.ExpertAsync(mic[0])));
    }

    [Theory]
    [InlineData("2026-12-08T10:00", "2026-12-08T09:00", "visit.reversed")]
    [InlineData("2026-12-08T10:00", "2026-12-08T10:00", "visit.reversed")]
    [InlineData("2026-12-08T10:00", "2026-12-08T10:10", "visit.too_short")]
    [InlineData("2026-12-08T23:30", "2026-12-09T00:30", "visit.across_midnight")]
    [InlineData("2027-03-31T23:30", "2027-04-01T00:30", "visit.across_midnight")]
    [InlineData("2026-11-30T10:00", "2026-11-30T11:00", "visit.in_past")]
    [InlineData("2036-12-08T10:00", "2036-12-08T11:00", "visit.too_far")]
    public async Task A_period_that_cannot_be_meant_is_refused_for_booking_and_for_moving(string start, string end, string code)
    {
        await app.MoveClockAsync(At(12, 1, 8));
        var id = await app.HeldCaseAsync($"株式会社期間{start}{end}", (Track.Mic, await app.ExpertNamedAsync($"期間 {start}{end}")));
        var (from, to) = (Japan(start), Japan(end));
        Assert.Equal(code, (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new BookVisit(id, from, to, VisitMode.Web, VisitStage.Assess)))).Errors[0].Code);
        var visit = await app.Send(Visit(id, At(12, 10, 10)));
        Assert.Equal(code, (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new RescheduleVisit(visit.Id, from, to, "試験")))).Errors[0].Code);

        static DateTimeOffset Japan(string text) => DateTimeOffset.Parse($"{text}+09:00", System.Globalization.CultureInfo.InvariantCulture);
    }
}
