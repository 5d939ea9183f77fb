using Consultation.Cases;
using Consultation.Check;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Routing;
using Consultation.Topics;
using Consultation.Visits;
using Microsoft.EntityFrameworkCore;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Visits;

/// <summary>A time that somebody gives up goes to who has waited longest and can take it (journey J21).</summary>
public sealed class WaitingListTests(TestApp app) : IClassFixture<TestApp>
{
    private static int serial;

    /// <summary>An expert who works on one day in one hour only, which is booked by somebody.</summary>
    private async Task<(ExpertId Expert, VisitId Booked, CaseId Holder)> OneHourAsync(int day = 1)
    {
        await app.MoveClockAsync(TestApp.Start);
        var expert = await app.ExpertNamedAsync($"一時間 {Interlocked.Increment(ref serial)}", hours: [new(DayOfWeek.Tuesday, new(10, 0), new(11, 0))]);
        var holder = await app.HeldCaseAsync($"株式会社先約{serial}", (Track.Mic, expert));
        return (expert, (await app.Send(Visit(holder, At(12, day, 10)))).Id, holder);
    }

    private async Task<(CaseId Case, SlotWishId Wish)> WaitsAsync(ExpertId expert, string? name = null)
    {
        var id = await app.HeldCaseAsync(name ?? $"株式会社待ち{Interlocked.Increment(ref serial)}", (Track.Mic, expert));
        return (id, (await app.Send(Wish(id))).Id);
    }

    private static WaitForSlot Wish(CaseId id, VisitId? earlier = null) => new(id, VisitMode.Web, 60, new(2026, 12, 1), new(2026, 12, 4), Earlier: earlier);

    private async Task<int> OfferAsync()
    {
        var done = 0;
        for (int once; (once = await app.Send(new OfferFreedSlots())) > 0; done += once)
        {
        }

        return done;
    }

    private async Task<(WishState State, VisitId? Offered)> StateAsync(SlotWishId id) =>
        await app.ReadAsync(async db => (await db.Set<SlotWish>().AsNoTracking().SingleAsync(w => w.Id == id)) is var w ? (w.State, w.OfferedVisit) : default);

    private async Task SoundAsync() => Assert.Empty((await app.Send(new RunCheck())).Broken);

    [Fact]
    public async Task J21_the_freed_slot_is_held_for_who_has_waited_longest_and_for_nobody_else()
    {
        var (expert, booked, _) = await OneHourAsync();
        var (first, wish) = await WaitsAsync(expert);
        var (_, later) = await WaitsAsync(expert);
        await OfferAsync();
        Assert.Equal(WishState.Waiting, (await StateAsync(wish)).State);

        await app.Send(new CancelVisit(booked, CancelledBy.Client, "急用"));
        await OfferAsync();
        var (state, held) = await StateAsync(wish);
        Assert.Equal((WishState.Offered, WishState.Waiting), (state, (await StateAsync(later)).State));
        Assert.Equal(("held", "1,0"), (await app.SqlAsync($"select state from visits where id = '{held}'"), await app.QuotaAsync(first)));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from outgoing_mail where reference = '{first}' and template = 'slot-offered' and body like '%令和8年12月1日(火) 10:00〜11:00%'"));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from visits where state = 'held' and starts_at = '2026-12-01 10:00+09' and id in (select visit_id from visit_experts where expert_id = '{expert}')"));
        await SoundAsync();

        var confirmed = await app.Send(new ConfirmVisit(held!.Value));
        Assert.Equal((VisitState.Confirmed, WishState.Met), (confirmed.State, (await StateAsync(wish)).State));
        await OfferAsync();
        Assert.Equal(WishState.Waiting, (await StateAsync(later)).State);
        await SoundAsync();
    }

    [Fact]
    public async Task J21_a_hold_nobody_takes_falls_to_the_next_and_its_client_is_not_asked_for_it_again()
    {
        var (expert, booked, _) = await OneHourAsync();
        var (passing, wish) = await WaitsAsync(expert);
        var (_, next) = await WaitsAsync(expert);
        await app.Send(new CancelVisit(booked, CancelledBy.Expert, "急病"));
        await OfferAsync();
        Assert.Equal(WishState.Offered, (await StateAsync(wish)).State);

        // To the closing of the next business day.
        await app.MoveClockAsync(At(11, 25, 17, 1));
        // Those of the other tests of this class end with it.
        Assert.True(await app.Send(new ExpireHolds()) >= 1);
        Assert.Equal("0,0", await app.QuotaAsync(passing));
        await OfferAsync();
        Assert.Equal((WishState.Waiting, WishState.Offered), ((await StateAsync(wish)).State, (await StateAsync(next)).State));

        // Declined by telephone: nobody is left, and the first is not asked again for the same time.
        await app.Send(new CancelVisit((await StateAsync(next)).Offered!.Value, CancelledBy.Client, "電話で辞退"));
        await OfferAsync();
        Assert.Equal((WishState.Waiting, WishState.Waiting), ((await StateAsync(wish)).State, (await StateAsync(next)).State));
        Assert.Equal(0L, await app.SqlAsync("select count(*) from freed_times"));
        await SoundAsync();
    }

    [Fact]
    public async Task J21_a_client_without_mail_is_called_by_the_desk_and_the_call_ends_with_the_offer()
    {
        var (expert, booked, _) = await OneHourAsync();
        var (id, wish) = await WaitsAsync(expert);
        var email = (string)(await app.SqlAsync($"select email from cases where id = '{id}'"))!;
        await app.SqlAsync($"update cases set email = null where id = '{id}'");
        await app.Send(new CancelVisit(booked, CancelledBy.Desk, "手違い"));
        await OfferAsync();
        var call = $"select count(*) from call_backs where case_id = '{id}' and state = 'open' and reason like '%空きが出ました%'";
        Assert.Equal(1L, await app.SqlAsync(call));
        await app.Send(new StopWaiting(wish, "もう要らない"));
        Assert.Equal((0L, WishState.Ended, "0,0"), (await app.SqlAsync(call), (await StateAsync(wish)).State, await app.QuotaAsync(id)));
        await app.SqlAsync($"update cases set email = '{email}' where id = '{id}'");
        await SoundAsync();
    }

    [Fact]
    public async Task J21_a_booked_visit_moves_to_the_earlier_time_and_gives_its_own_to_the_next_without_another_unit()
    {
        await app.MoveClockAsync(TestApp.Start);
        var expert = await app.ExpertNamedAsync("二つの枠", hours: [new(DayOfWeek.Tuesday, new(10, 0), new(11, 0)), new(DayOfWeek.Thursday, new(10, 0), new(11, 0))]);
        var first = await app.Send(Visit(await app.HeldCaseAsync("株式会社火曜", (Track.Mic, expert)), At(12, 1, 10)));
        var mine = await app.HeldCaseAsync("株式会社木曜", (Track.Mic, expert));
        var thursday = await app.Send(Visit(mine, At(12, 3, 10)));
        var wish = await app.Send(Wish(mine, thursday.Id));
        var (_, other) = await WaitsAsync(expert);

        await app.Send(new RescheduleVisit(first.Id, At(12, 8, 10), At(12, 8, 11), "先方都合"));
        await OfferAsync();
        var (state, held) = await StateAsync(wish.Id);
        Assert.Equal((WishState.Offered, "1,0"), (state, await app.QuotaAsync(mine)));
        var moved = await app.Send(new ConfirmVisit(held!.Value));
        Assert.Equal((thursday.Id, At(12, 1, 10), "1,0", WishState.Met), (moved.Id, moved.Start, await app.QuotaAsync(mine), (await StateAsync(wish.Id)).State));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from visits where case_id = '{mine}' and state in ('held', 'confirmed')"));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from outgoing_mail where reference = '{mine}' and template = 'visit-moved' and recipient like 'client%'"));

        await OfferAsync();
        var (also, thursdayHeld) = await StateAsync(other);
        Assert.Equal((WishState.Offered, "2026-12-03"), (also, await app.SqlAsync($"select to_char(starts_at at time zone 'Asia/Tokyo', 'YYYY-MM-DD') from visits where id = '{thursdayHeld}'")));
        await SoundAsync();
    }

    [Fact]
    public async Task Who_books_otherwise_or_whose_case_ends_waits_no_longer()
    {
        var (expert, booked, _) = await OneHourAsync();
        var (booking, met) = await WaitsAsync(expert);
        var (closing, ended) = await WaitsAsync(expert);
        await app.Send(new CancelVisit(booked, CancelledBy.Client, "急用"));
        await OfferAsync();
        Assert.Equal(WishState.Offered, (await StateAsync(met)).State);

        // Another date: the held time goes to the next.
        await app.Send(Visit(booking, At(12, 8, 10)));
        Assert.Equal((WishState.Met, "1,0"), ((await StateAsync(met)).State, await app.QuotaAsync(booking)));
        await OfferAsync();
        Assert.Equal(WishState.Offered, (await StateAsync(ended)).State);
        await app.Send(new CloseCase(closing, CaseOutcome.Withdrawn, CloseOpenWork: true, Reason: "取下げ"));
        Assert.Equal((WishState.Ended, "0,0"), ((await StateAsync(ended)).State, await app.QuotaAsync(closing)));
        await SoundAsync();
    }

    [Fact]
    public async Task While_a_fitting_time_is_free_nobody_need_wait_and_one_wish_a_case_is_enough()
    {
        var (expert, booked, holder) = await OneHourAsync();
        var id = await app.HeldCaseAsync("株式会社空きあり", (Track.Mic, expert));
        var free = await Assert.ThrowsAsync<RuleViolation>(() => app.Send(Wish(id) with { To = new(2026, 12, 8) }));
        Assert.Equal(("slot_wish.free_now", At(12, 8, 10)), (free.Code, Assert.IsAssignableFrom<IReadOnlyList<FreeSlot>>(free.Extra["nextSlots"])[0].Start));
        await app.Send(Wish(id));
        Assert.Equal("slot_wish.open", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(Wish(id)))).Code);
        Assert.Equal("slot_wish.day_too_short", (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(Wish(holder) with { DayFrom = new(9, 0), DayTo = new(9, 30) }))).Errors[0].Code);
        await Assert.ThrowsAsync<NotFound>(async () => await app.Send(Wish(holder, booked), await app.DeskAsync("kinki")));
        Assert.Contains((await app.Send(new ListSlotWishes(), await app.DeskAsync("tohoku"))).Items, w => w.Case == id);
        Assert.DoesNotContain((await app.Send(new ListSlotWishes(), await app.DeskAsync("kinki"))).Items, w => w.Case == id);
    }

    [Fact]
    public async Task J21_who_declines_is_offered_what_was_given_up_while_the_offer_stood()
    {
        var (expert, booked, _) = await OneHourAsync();
        await app.Send(new SetDayHours(expert, new(2026, 12, 2), [new(new(10, 0), new(11, 0))]));
        var another = await app.HeldCaseAsync($"株式会社別の先約{serial}", (Track.Mic, expert));
        var second = (await app.Send(Visit(another, At(12, 2, 10)))).Id;
        var (_, wish) = await WaitsAsync(expert);
        await app.Send(new CancelVisit(booked, CancelledBy.Client, "急用"));
        await OfferAsync();
        var (_, declined) = await StateAsync(wish);
        await app.Send(new CancelVisit(second, CancelledBy.Client, "急用"));
        await OfferAsync();
        await app.Send(new CancelVisit(declined!.Value, CancelledBy.Client, "電話で辞退"));
        await OfferAsync();
        var (state, offered) = await StateAsync(wish);
        Assert.Equal(WishState.Offered, state);
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from visits where id = '{offered}' and starts_at = '2026-12-02 10:00+09'"));
    }

    [Fact]
    public async Task A_unit_that_somebody_takes_while_a_freed_time_is_looked_for_is_not_forgotten()
    {
        var (expert, booked, _) = await OneHourAsync();
        var id = await app.HeldCaseAsync($"株式会社台帳待ち{serial}", (Track.Mic, expert));
        await app.Send(new CancelVisit((await app.Send(Visit(id, At(12, 8, 10)))).Id, CancelledBy.Desk, "手違い"));
        await app.Send(Wish(id));
        await OfferAsync();
        await app.Send(new CancelVisit(booked, CancelledBy.Client, "急用"));
        string Held(string by) => $"update quota_accounts set held = held {by} where organisation_id = (select organisation_id from cases where id = '{id}')";
        await using (var other = await Blocker.OpenAsync(app, Held("+ 1")))
        {
            var offering = app.Send(new OfferFreedSlots());
            await other.LetGoOnceWaitedForAsync();
            await offering;
        }

        Assert.Equal("2,0", await app.QuotaAsync(id));
        await app.SqlAsync(Held("- 1"));
        await SoundAsync();
    }

    [Fact]
    public async Task A_wish_ends_with_its_last_day_and_wider_hours_are_seen_the_next_morning()
    {
        var (expert, _, _) = await OneHourAsync();
        var (_, wish) = await WaitsAsync(expert);
        await OfferAsync();
        await app.SqlAsync($"update expert_hours set ends = '12:00' where expert_id = '{expert}'");
        Assert.Equal(0, await app.Send(new ReviewSlotWishes()));
        await OfferAsync();
        var (state, held) = await StateAsync(wish);
        Assert.Equal((WishState.Offered, "11:00"), (state, await app.SqlAsync($"select to_char(starts_at at time zone 'Asia/Tokyo', 'HH24:MI') from visits where id = '{held}'")));
        await app.Send(new CancelVisit(held!.Value, CancelledBy.Client, "都合が悪い"));

        await app.MoveClockAsync(At(12, 5, 8, 30));
        Assert.True(await app.Send(new ReviewSlotWishes()) >= 1);
        Assert.Equal(WishState.Ended, (await StateAsync(wish)).State);
        await app.MoveClockAsync(TestApp.Start);
    }

    [Fact]
    public async Task J21_many_workers_and_cancellations_at_once_hold_each_freed_time_for_one_client()
    {
        await app.MoveClockAsync(TestApp.Start);
        var expert = await app.ExpertNamedAsync("大勢 係", hours: [new(DayOfWeek.Tuesday, new(9, 0), new(17, 0))]);
        var booked = new List<VisitId>();
        for (var hour = 9; hour < 17; hour++)
        {
            booked.Add((await app.Send(Visit(await app.HeldCaseAsync($"株式会社満席{hour}", (Track.Mic, expert)), At(12, 1, hour)))).Id);
        }

        var wishes = new List<SlotWishId>();
        for (var i = 0; i < 6; i++)
        {
            wishes.Add((await WaitsAsync(expert)).Wish);
        }

        await OfferAsync();
        var freeing = booked.Take(4).Select(async id => (object)await app.Send(new CancelVisit(id, CancelledBy.Client, "急用")));
        var working = Enumerable.Range(0, 4).Select(async _ =>
        {
            for (var i = 0; i < 6; i++)
            {
                await app.Send(new OfferFreedSlots());
            }

            return (object)0;
        });
        await Task.WhenAll(freeing.Concat(working));
        await OfferAsync();

        // The four that came first.
        Assert.Equal(
            [WishState.Offered, WishState.Offered, WishState.Offered, WishState.Offered, WishState.Waiting, WishState.Waiting],
            await Task.WhenAll(wishes.Select(async w => (await StateAsync(w)).State)));
        Assert.Equal(4L, await app.SqlAsync($"select count(distinct starts_at) from visits v join visit_experts e on e.visit_id = v.id where e.expert_id = '{expert}' and v.state = 'held'"));
        await SoundAsync();
    }

    [Theory]
    [InlineData(CancelledBy.Client, 1, WishState.Offered)]
    [InlineData(CancelledBy.Disaster, 8, WishState.Waiting)]
    public async Task J26_nobody_is_sent_where_a_disaster_put_a_visit_off(CancelledBy by, int day, WishState expected)
    {
        await app.MoveClockAsync(TestApp.Start);
        var expert = await app.ExpertNamedAsync($"荒天 {Interlocked.Increment(ref serial)}", hours: [new(DayOfWeek.Tuesday, new(8, 0), new(14, 0))]);
        var booked = await app.Send(Visit(await app.HeldCaseAsync($"株式会社荒天{serial}", (Track.Mic, expert)), At(12, day, 10), mode: VisitMode.Visit));
        var id = await app.HeldCaseAsync($"株式会社荒天待ち{serial}", (Track.Mic, expert));
        var wish = await app.Send(new WaitForSlot(id, VisitMode.Visit, 60, new(2026, 12, day), new(2026, 12, day), new(10, 0), new(11, 0)));
        await app.Send(new CancelVisit(booked.Id, by, "大雪"));
        await OfferAsync();
        Assert.Equal(expected, (await StateAsync(wish.Id)).State);
        await SoundAsync();
    }

    [Fact]
    public async Task J19_an_expert_who_hands_back_a_booked_joint_visit_frees_both_and_the_client_is_told_once()
    {
        await app.MoveClockAsync(TestApp.Start);
        var (mic, mhlw) = (await app.ExpertNamedAsync("返上 一"), await app.ExpertNamedAsync("返上 二", Affiliation.Mhlw));
        var id = await app.HeldCaseAsync("株式会社返上", (Track.Mic, mic), (Track.Mhlw, mhlw));
        var booked = await app.Send(Visit(id, At(11, 26, 10)));
        var offer = OfferId.Parse((string)(await app.SqlAsync($"select offer_id::text from case_tracks where case_id = '{id}' and track = 'mhlw'"))!, null);
        await app.Send(new HandBackTrack(offer, "急病"), await app.ExpertAsync(mhlw));

        Assert.Equal(("cancelled", "0,0", CaseStatus.Waiting), (await app.SqlAsync($"select state from visits where id = '{booked.Id}'"), await app.QuotaAsync(id), await app.StatusAsync(id)));
        Assert.Equal(0L, await app.SqlAsync($"select count(*) from expert_diary where visit = '{booked.Id}' and state in ('held', 'confirmed')"));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from outgoing_mail where reference = '{id}' and template = 'visit-cancelled' and recipient like 'client%'"));
        Assert.Equal("release 中止（専門家都合・回数に数えない）", await app.SqlAsync($"select kind || ' ' || reason from quota_ledger where visit_id = '{booked.Id}' and kind = 'release'"));
        await SoundAsync();
    }
}
