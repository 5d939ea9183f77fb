using Consultation.CaseLoad;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Routing;
using Consultation.Topics;
using Consultation.Visits;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Visits;

public sealed class BookingTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task J17_of_a_hundred_clients_on_one_slot_one_gets_it_and_the_others_the_next_free_ones()
    {
        var expert = await app.ExpertNamedAsync("競合 一郎");
        var cases = new List<CaseId>();
        for (var i = 0; i < 10; i++)
        {
            cases.Add(await app.HeldCaseAsync($"株式会社競合{i}", (Track.Mic, expert)));
        }

        var start = At(11, 26, 10);
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(async i =>
        {
            try
            {
                await app.Send(Visit(cases[i % 10], start, mode: VisitMode.Visit));
                return null;
            }
            catch (Exception refused)
            {
                return refused;
            }
        }));

        Assert.Single(answers, a => a is null);
        var refusals = answers.Where(a => a is not null).Select(a => Assert.IsType<RuleViolation>(a)).ToList();
        Assert.Equal(99, refusals.Count);
        Assert.All(refusals, r => Assert.Equal("visit.taken", r.Code));
        Assert.All(refusals, r =>
        {
            var next = Assert.IsAssignableFrom<IReadOnlyList<FreeSlot>>(r.Extra["nextSlots"]);
            // Half an hour from one visit to the next within a prefecture.
            Assert.Equal([At(11, 26, 11, 30), At(11, 26, 12), At(11, 26, 12, 30)], next.Select(s => s.Start));
        });
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from expert_diary where expert_id = '{expert}'"));
    }

    [Theory]
    [InlineData(10, 30, VisitMode.Web)]
    [InlineData(9, 30, VisitMode.Web)]
    [InlineData(11, 15, VisitMode.Web)]
    [InlineData(11, 15, VisitMode.Visit)]
    public async Task J18_an_overlap_that_is_not_identical_is_refused_travel_included(int hour, int minute, VisitMode mode)
    {
        var expert = await app.ExpertNamedAsync($"移動 {hour}{minute}");
        await app.Send(Visit(await app.HeldCaseAsync($"株式会社先約{hour}{minute}", (Track.Mic, expert)), At(11, 26, 10), mode: VisitMode.Visit));
        Assert.Equal("visit.taken", await app.RefusedAsync(Visit(await app.HeldCaseAsync($"株式会社後約{hour}{minute}", (Track.Mic, expert)), At(11, 26, hour, minute), mode: mode)));
    }

    [Fact]
    public async Task J18_the_database_itself_refuses_what_slips_past_the_code()
    {
        var expert = await app.ExpertNamedAsync("制約 花子");
        var booked = await app.Send(Visit(await app.HeldCaseAsync("株式会社制約", (Track.Mic, expert)), At(11, 26, 10)));
        var planted = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => app.SqlAsync($"""
            insert into expert_diary select gen_random_uuid(), expert_id, visit, tstzrange(starts_at + interval '30 min', ends_at + interval '30 min'),
              starts_at + interval '30 min', ends_at + interval '30 min', state, prefecture from expert_diary where visit = '{booked.Id}'
            """));
        Assert.Equal("expert_diary_no_overlap", planted.ConstraintName);
    }

    [Fact]
    public async Task J19_a_joint_visit_is_offered_and_booked_only_when_both_are_free()
    {
        var (mic, mhlw) = (await app.ExpertNamedAsync("総務 太郎"), await app.ExpertNamedAsync("厚労 花子", Affiliation.Mhlw));
        var joint = await app.HeldCaseAsync("株式会社合同", (Track.Mic, mic), (Track.Mhlw, mhlw));
        await app.Send(Visit(await app.HeldCaseAsync("株式会社片方", (Track.Mhlw, mhlw)), At(11, 26, 10)));

        var slots = await app.Send(new ListSlots(joint, At(11, 26, 9), At(11, 26, 17), VisitMode.Web));
        Assert.DoesNotContain(slots, s => s.Start < At(11, 26, 11) && At(11, 26, 10) < s.End);
        Assert.All(slots, s => Assert.Equal([mic, mhlw], s.Experts.Select(e => e.Expert)));
        Assert.Equal("visit.taken", await app.RefusedAsync(Visit(joint, At(11, 26, 10, 30))));

        var booked = await app.Send(Visit(joint, slots[0].Start));
        Assert.Equal(2L, await app.SqlAsync($"select count(*) from expert_diary where visit = '{booked.Id}' and state = 'confirmed'"));
        Assert.Equal("1,0", await app.QuotaAsync(joint));

        await app.Send(new CancelVisit(booked.Id, CancelledBy.Expert, "都合がつかない"));
        Assert.Equal(0L, await app.SqlAsync($"select count(*) from expert_diary where visit = '{booked.Id}' and state = 'confirmed'"));
        Assert.Equal("0,0", await app.QuotaAsync(joint));
    }

    [Fact]
    public async Task One_expert_of_both_ministries_stands_in_the_diary_once()
    {
        var both = await app.ExpertNamedAsync("両省 次郎", Affiliation.Both);
        var booked = await app.Send(Visit(await app.HeldCaseAsync("株式会社両省", (Track.Mic, both), (Track.Mhlw, both)), At(11, 26, 14)));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from expert_diary where visit = '{booked.Id}'"));
        Assert.Equal(2, booked.Experts.Count);

        // Both ministries of one case are one case in hand, however it is asked.
        Assert.Equal(1, (await app.Send(new CountOpenCases()))[both]);
        Assert.Equal(1, (await app.Send(new GetCaseLoad(CaseLoadBy.Expert))).Rows.Single(r => r.Name == "両省 次郎").Expert!.Load);
    }

    [Fact]
    public async Task The_number_of_a_visit_follows_the_dates()
    {
        var id = await app.HeldCaseAsync("株式会社番号", (Track.Mic, await app.ExpertNamedAsync("番号 係")));
        var later = await app.Send(Visit(id, At(12, 10, 10)));
        var earlier = await app.Send(Visit(id, At(12, 3, 10)));
        Assert.Equal((1, 1, "12-03 1, 12-10 2"), (later.Ordinal, earlier.Ordinal, await NumbersAsync(id)));
        await app.Send(new RescheduleVisit(earlier.Id, At(12, 11, 10), At(12, 11, 11), "先方都合"));
        Assert.Equal("12-10 1, 12-11 2", await NumbersAsync(id));
        await app.Send(new CancelVisit(later.Id, CancelledBy.Client, "急用"));
        Assert.Equal("12-11 1", await NumbersAsync(id));
    }

    private async Task<string> NumbersAsync(CaseId id) =>
        (string)(await app.SqlAsync($"select string_agg(to_char(starts_at at time zone 'Asia/Tokyo', 'MM-DD') || ' ' || ordinal, ', ' order by starts_at) from visits where case_id = '{id}' and state = 'confirmed'"))!;

    [Fact]
    public async Task J20_of_two_bookings_of_the_last_unit_one_wins_and_the_other_sees_the_ledger()
    {
        var cases = new[]
        {
            await app.HeldCaseAsync("株式会社枠", (Track.Mic, await app.ExpertNamedAsync("枠 一"))),
            await app.HeldCaseAsync("(株)枠", (Track.Mic, await app.ExpertNamedAsync("枠 二"))),
        };
        await app.Send(Visit(cases[0], At(11, 26, 10)));
        await app.Send(Visit(cases[0], At(11, 27, 10)));
        var answers = await Task.WhenAll(cases.Select(async (id, i) =>
        {
            try
            {
                await app.Send(Visit(id, At(11, 30, 10 + i)));
                return null;
            }
            catch (RuleViolation refused)
            {
                return refused;
            }
        }));

        Assert.Single(answers, a => a is null);
        var refusal = answers.Single(a => a is not null)!;
        Assert.Equal("quota.exhausted", refusal.Code);
        Assert.Equal([new(2026, 11, 26), new(2026, 11, 27), new DateOnly(2026, 11, 30)], Assert.IsType<List<LedgerDay>>(refusal.Extra["ledger"]).Select(d => d.On!.Value));
        Assert.Equal("3,0", await app.QuotaAsync(cases[0]));
    }

    [Fact]
    public async Task J20_the_fiscal_year_of_the_visit_is_charged_and_not_that_of_the_booking()
    {
        await app.Send(new OpenNextYear(), await app.OfAsync(Role.Administrator));
        var id = await app.HeldCaseAsync("株式会社年度", (Track.Mic, await app.ExpertNamedAsync("年度 末子")));
        var booked = await app.Send(Visit(id, At(4, 1, 10, year: 2027)));
        Assert.Equal(("none", "1,0"), (await app.QuotaAsync(id), await app.QuotaAsync(id, 2027)));

        await app.Send(new RescheduleVisit(booked.Id, At(3, 31, 10, year: 2027), At(3, 31, 11, year: 2027), "前倒し"));
        Assert.Equal(("1,0", "0,0"), (await app.QuotaAsync(id), await app.QuotaAsync(id, 2027)));
    }

    [Fact]
    public async Task A_case_without_a_company_has_an_account_of_its_own()
    {
        var expert = await app.ExpertNamedAsync("無名 担当");
        var named = await app.HeldCaseAsync("株式会社あとで消す", (Track.Mic, expert));
        await app.SqlAsync($"update cases set organisation_id = null where id = '{named}'");
        foreach (var day in new[] { 26, 27, 30 })
        {
            await app.Send(Visit(named, At(11, day, 10)));
        }

        Assert.Equal("quota.exhausted", await app.RefusedAsync(Visit(named, At(12, 1, 10))));
    }

    [Fact]
    public async Task Periods_that_cannot_be_meant_are_invalid()
    {
        var id = await app.HeldCaseAsync("株式会社形式", (Track.Mic, await app.ExpertNamedAsync("形式 審査")));
        Assert.Equal("visit.reversed", await app.InvalidAsync(Visit(id, At(11, 26, 10), -30)));
        Assert.Equal("visit.reversed", await app.InvalidAsync(Visit(id, At(11, 26, 10), 0)));
        Assert.Equal("visit.too_long", await app.InvalidAsync(Visit(id, At(11, 26, 9), 481)));
        Assert.Equal("visit.across_midnight", await app.InvalidAsync(Visit(id, At(11, 26, 23, 30))));
        Assert.Equal("visit.in_past", await app.InvalidAsync(Visit(id, At(11, 24, 9, 0))));
        Assert.Equal("visit.too_far", await app.InvalidAsync(Visit(id, At(11, 26, 10, year: 2027))));
        Assert.Equal("field.impossible_date", await app.InvalidAsync(Visit(id, At(11, 26, 10, year: 2099))));
        Assert.Equal("field.required", await app.InvalidAsync(Visit(id, At(11, 26, 10)) with { Start = null }));
        Assert.Equal("field.required", await app.InvalidAsync(Visit(id, At(11, 26, 10)) with { Mode = null }));
    }

    [Fact]
    public async Task Nobody_books_for_a_track_without_a_holder_or_two_visits_of_one_client_at_once()
    {
        var (mic, mhlw) = (await app.ExpertNamedAsync("単独 一"), await app.ExpertNamedAsync("単独 二", Affiliation.Mhlw));
        var id = await app.HeldCaseAsync("株式会社単独", (Track.Mic, mic), (Track.Mhlw, mhlw));
        await app.Send(Visit(id, At(11, 26, 10), tracks: [Track.Mic]));
        Assert.Equal("visit.client_busy", await app.RefusedAsync(Visit(id, At(11, 26, 10, 30), tracks: [Track.Mhlw])));

        var one = await app.HeldCaseAsync("株式会社一省", (Track.Mic, mic));
        Assert.Equal("track.not_held", await app.RefusedAsync(Visit(one, At(11, 27, 10), tracks: [Track.Mic, Track.Mhlw])));
    }

    [Fact]
    public async Task An_expert_books_and_sees_only_own_visits()
    {
        var (mine, other) = (await app.ExpertNamedAsync("本人"), await app.ExpertNamedAsync("他人", Affiliation.Mhlw));
        var id = await app.HeldCaseAsync("株式会社権限", (Track.Mic, mine), (Track.Mhlw, other));
        var (me, stranger) = (await app.ExpertAsync(mine), await app.ExpertAsync(await app.ExpertNamedAsync("部外者")));
        await Assert.ThrowsAsync<NotFound>(() => app.Send(Visit(id, At(11, 26, 10)), stranger));
        await Assert.ThrowsAsync<Forbidden>(() => app.Send(Visit(id, At(11, 26, 10), tracks: [Track.Mhlw]), me));
        var booked = await app.Send(Visit(id, At(11, 26, 10), tracks: [Track.Mic]), me);

        await Assert.ThrowsAsync<NotFound>(async () => await app.Send(new CancelVisit(booked.Id, CancelledBy.Expert, "間違い"), await app.ExpertAsync(other)));
        await Assert.ThrowsAsync<NotFound>(async () => await app.Send(new CancelVisit(booked.Id, CancelledBy.Desk, "他地区"), await app.DeskAsync("kyushu")));
        Assert.Equal(VisitState.Cancelled, (await app.Send(new CancelVisit(booked.Id, CancelledBy.Client, "先方都合"), me)).State);
    }

    [Fact]
    public async Task A_stale_version_is_refused_and_the_current_one_accepted()
    {
        var id = await app.HeldCaseAsync("株式会社版", (Track.Mic, await app.ExpertNamedAsync("版 管理")));
        var booked = await app.Send(Visit(id, At(11, 26, 10)));
        var stale = await Assert.ThrowsAsync<Conflict>(() => app.Send(new CancelVisit(booked.Id, CancelledBy.Desk, "取消"), version: booked.Version - 1));
        Assert.Equal("version.stale", stale.Code);
        Assert.Equal(VisitState.Cancelled, (await app.Send(new CancelVisit(booked.Id, CancelledBy.Desk, "取消"), version: booked.Version)).State);
    }

    [Fact]
    public async Task Moving_a_visit_follows_the_same_rules_and_frees_the_old_time()
    {
        var expert = await app.ExpertNamedAsync("変更 係");
        var (first, second) = (await app.HeldCaseAsync("株式会社変更", (Track.Mic, expert)), await app.HeldCaseAsync("株式会社別件", (Track.Mic, expert)));
        var booked = await app.Send(Visit(first, At(11, 26, 10)));
        await app.Send(Visit(second, At(11, 26, 13)));
        var taken = await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new RescheduleVisit(booked.Id, At(11, 26, 13, 30), At(11, 26, 14, 30), "先方都合")));
        Assert.Equal("visit.taken", taken.Code);
        Assert.NotEmpty(Assert.IsAssignableFrom<IReadOnlyList<FreeSlot>>(taken.Extra["nextSlots"]));

        // Half over its own old time: it does not stand in its own way.
        var moved = await app.Send(new RescheduleVisit(booked.Id, At(11, 26, 10, 30), At(11, 26, 11, 30), "先方都合", VisitMode.Phone));
        Assert.Equal((1, VisitMode.Phone, At(11, 26, 10, 30)), (moved.Sequence, moved.Mode, moved.Start));
        Assert.Equal(moved.Version, (await app.Send(new RescheduleVisit(booked.Id, moved.Start, moved.End, "同じ"))).Version);
    }

    [Fact]
    public async Task J21_a_cancelled_visit_gives_its_unit_and_its_time_back_and_a_repeat_changes_nothing()
    {
        var expert = await app.ExpertNamedAsync("取消 係");
        var id = await app.HeldCaseAsync("株式会社取消", (Track.Mic, expert));
        var booked = await app.Send(Visit(id, At(11, 26, 10)));
        Assert.Equal(CaseStatus.Booked, await app.StatusAsync(id));
        var cancelled = await app.Send(new CancelVisit(booked.Id, CancelledBy.Client, "急用"));
        Assert.Equal(cancelled.Version, (await app.Send(new CancelVisit(booked.Id, CancelledBy.Client, "急用"))).Version);
        Assert.Equal((CaseStatus.Assigned, "0,0"), (await app.StatusAsync(id), await app.QuotaAsync(id)));
        Assert.Equal("hold,release", await app.SqlAsync($"select string_agg(kind, ',' order by id) from quota_ledger where visit_id = '{booked.Id}'"));
        Assert.Equal(1, (await app.Send(Visit(id, At(11, 26, 10)))).Ordinal);
    }

    [Fact]
    public async Task A_confirmed_visit_is_mailed_to_client_and_expert_and_a_hold_to_nobody()
    {
        var expert = await app.ExpertNamedAsync("文書 係", email: "expert@example.jp");
        var id = await app.HeldCaseAsync("株式会社文書", (Track.Mic, expert));
        var held = await app.Send(Visit(id, At(11, 26, 10), hold: true));
        Assert.Equal(0L, await app.SqlAsync($"select count(*) from outgoing_mail where reference = '{id}' and template like 'visit-%'"));
        Assert.Equal(VisitState.Held, held.State);
        await app.Send(new ConfirmVisit(held.Id));
        await app.Send(new ConfirmVisit(held.Id));
        Assert.Equal(2L, await app.SqlAsync($"select count(*) from outgoing_mail where reference = '{id}' and template = 'visit-confirmed' and body like '%令和8年11月26日(木) 10:00〜11:00%'"));
    }

    [Fact]
    public async Task A_joint_visit_counts_for_each_ministry_where_the_programme_says_so()
    {
        await app.SqlAsync("update programme_years set joint_counts_twice = true where fiscal_year = 2026");
        var id = await app.HeldCaseAsync("株式会社二重", (Track.Mic, await app.ExpertNamedAsync("二重 一")), (Track.Mhlw, await app.ExpertNamedAsync("二重 二", Affiliation.Mhlw)));
        await app.Send(Visit(id, At(11, 26, 10)));
        Assert.Equal("2,0", await app.QuotaAsync(id));
        Assert.Equal("quota.exhausted", await app.RefusedAsync(Visit(id, At(11, 27, 10))));
        await app.SqlAsync("update programme_years set joint_counts_twice = false where fiscal_year = 2026");
        Assert.Equal(0, (await app.Send(Visit(id, At(11, 27, 10)))).QuotaLeft);
    }

    [Fact]
    public async Task J19_when_one_expert_is_taken_off_the_joint_visit_frees_everybody()
    {
        var (mic, mhlw) = (await app.ExpertNamedAsync("離脱 一"), await app.ExpertNamedAsync("離脱 二", Affiliation.Mhlw));
        var id = await app.HeldCaseAsync("株式会社離脱", (Track.Mic, mic), (Track.Mhlw, mhlw));
        var booked = await app.Send(Visit(id, At(11, 26, 10)));
        await app.Send(new ReassignTrack(id, Track.Mhlw, await app.ExpertNamedAsync("後任", Affiliation.Mhlw), "急病"));
        Assert.Equal("cancelled", await app.SqlAsync($"select state from visits where id = '{booked.Id}'"));
        Assert.Equal(0L, await app.SqlAsync($"select count(*) from expert_diary where visit = '{booked.Id}' and state = 'confirmed'"));
        Assert.Equal(("0,0", CaseStatus.Offered), (await app.QuotaAsync(id), await app.StatusAsync(id)));
    }
}
