using Consultation.Cases;
using Consultation.Check;
using Consultation.Disaster;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Tests.Visits;
using Consultation.Topics;
using Consultation.Visits;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Disaster;

/// <summary>A typhoon: the visits of a prefecture become web meetings or are put off, and come back (journey J26).</summary>
public sealed class DisasterTests(TestApp app) : IClassFixture<TestApp>, IAsyncLifetime
{
    private static readonly DateOnly Day = new(2026, 11, 26);

    // Every test has its own prefecture's visits, because the switch takes all of them.
    public async ValueTask InitializeAsync()
    {
        await app.MoveClockAsync(TestApp.Start);
        await app.SqlAsync("update cases set prefecture = '13' where prefecture = '04'");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task J26_visits_become_web_meetings_with_one_message_each_and_come_back()
    {
        var (first, second) = (await app.ExpertNamedAsync("台風 一"), await app.ExpertNamedAsync("台風 二"));
        var a = await app.HeldCaseAsync("株式会社台風甲", (Track.Mic, first));
        var b = await app.HeldCaseAsync("株式会社台風乙", (Track.Mic, second));
        var (one, two) = (await app.Send(Visit(a, At(11, 26, 10), mode: VisitMode.Visit)), await app.Send(Visit(b, At(11, 26, 13), mode: VisitMode.Visit)));
        var again = await app.Send(Visit(b, At(11, 26, 15), mode: VisitMode.Visit));
        var web = await app.Send(Visit(a, At(11, 26, 15)));
        var later = await app.Send(Visit(a, At(11, 30, 10), mode: VisitMode.Visit));
        var supervisor = await app.SupervisorAsync("tohoku");

        var preview = await app.Send(new PreviewDisaster("宮城県", Day, Day, DisasterWay.Web), supervisor);
        Assert.Equal([one.Id, two.Id, again.Id], preview.Items.SelectMany(i => i.Visits).Select(v => v.Visit));
        Assert.Equal(1, preview.Elsewhere);
        Assert.All(preview.Items, i => Assert.Equal(["相談者にメール1通"], i.Messages.Take(1)));
        Assert.All(preview.Items, i => Assert.Equal(2, i.Messages.Count));
        Assert.Equal("visit", await ModeAsync(one.Id));

        var plan = await app.Send(new OpenDisaster("04", Day, Day, DisasterWay.Web, "台風"), supervisor);
        Assert.Equal(new DisasterResult(2, 0), await app.Send(new ApplyDisaster(plan), supervisor));
        Assert.Equal(new DisasterResult(0, 0), await app.Send(new ApplyDisaster(plan), supervisor));
        Assert.Equal(("web", "web", "web", "web", "visit"), (await ModeAsync(one.Id), await ModeAsync(two.Id), await ModeAsync(again.Id), await ModeAsync(web.Id), await ModeAsync(later.Id)));
        // Each client one mail though one of them had two visits; each expert one.
        foreach (var id in new[] { a, b })
        {
            Assert.Equal(1L, await ToClientAsync(id, "disaster-changed"));
            Assert.Equal(2L, await app.SqlAsync($"select count(*) from outgoing_mail where reference = '{id}' and template = 'disaster-changed'"));
            Assert.Equal(0L, await app.SqlAsync($"select count(*) from outgoing_mail where reference = '{id}' and template = 'visit-moved'"));
        }

        var entries = await ReadCalendar.ManyAsync(Consultation.Mail.CalendarObject.Split((string)(await app.SqlAsync($"select calendar from outgoing_mail m join cases c on c.email = m.recipient where m.template = 'disaster-changed' and c.id = '{b}'"))!));
        Assert.Equal([(two.Id.ToString(), 1, "REQUEST"), (again.Id.ToString(), 1, "REQUEST")], entries.Select(e => (e.Events[0].Uid, e.Events[0].Sequence, e.Method!)));
        Assert.Empty((await app.Send(new RunCheck())).Broken);

        Assert.Equal(new DisasterResult(2, 0), await app.Send(new UndoDisaster(plan), supervisor));
        Assert.Equal(new DisasterResult(0, 0), await app.Send(new UndoDisaster(plan), supervisor));
        Assert.Equal(("visit", "visit", "visit", "web"), (await ModeAsync(one.Id), await ModeAsync(two.Id), await ModeAsync(again.Id), await ModeAsync(web.Id)));
        Assert.Equal(2L, await ToClientAsync(b, "disaster-changed"));
        Assert.All((await app.Send(new GetDisaster(plan), supervisor)).Items, i => Assert.Equal(DisasterItemState.Undone, i.State));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Theory]
    [InlineData(DisasterWay.Web)]
    [InlineData(DisasterWay.PutOff)]
    public async Task P08_what_the_switch_sends_about_a_case_is_shown_beforehand_and_nothing_is_done(DisasterWay way)
    {
        var id = await app.HeldCaseAsync($"株式会社下見{way}", (Track.Mic, await app.ExpertNamedAsync("下見 専門家")));
        var booked = await app.Send(Visit(id, At(11, 26, 10), mode: VisitMode.Visit));
        var supervisor = await app.SupervisorAsync("tohoku");
        var open = new OpenDisaster("04", Day, Day, way, "台風");
        var seen = await app.Dispatcher.Rehearse(new ShowSwitch(open, id), supervisor);
        Assert.Equal("visit", await ModeAsync(booked.Id));
        Assert.Equal(0L, await app.SqlAsync($"select count(*) from outgoing_mail where reference = '{id}' and template = 'disaster-changed'"));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from audit_entry where action = 'case.letters_rehearsed' and subject_id = '{id}' and staff_id = '{supervisor.Staff}'"));
        await Assert.ThrowsAsync<NotFound>(() => app.Dispatcher.Rehearse(new ShowSwitch(open, CaseId.New()), supervisor));

        await app.Send(new ApplyDisaster(await app.Send(open, supervisor)), supervisor);
        Assert.Equal(
            seen.Letters.Select(l => l.Subject).Order(StringComparer.Ordinal).Prepend("2"),
            ((string)(await app.SqlAsync($"select count(*) || '|' || string_agg(subject, '|' order by subject collate \"C\") from outgoing_mail where reference = '{id}' and template = 'disaster-changed'"))!).Split('|'));
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new ShowSwitch(open, id), supervisor));
        await Assert.ThrowsAsync<InvalidInput>(() => app.Dispatcher.Rehearse(new ShowSwitch(open with { Reason = "" }, id), supervisor));
    }

    [Fact]
    public async Task J26_visits_put_off_free_time_and_quota_and_come_back_as_the_same_visits_where_the_time_is_still_free()
    {
        var (free, taken) = (await app.ExpertNamedAsync("延期 一"), await app.ExpertNamedAsync("延期 二"));
        var (a, b) = (await app.HeldCaseAsync("株式会社延期甲", (Track.Mic, free)), await app.HeldCaseAsync("株式会社延期乙", (Track.Mic, taken)));
        var (one, two) = (await app.Send(Visit(a, At(11, 26, 10), mode: VisitMode.Visit)), await app.Send(Visit(b, At(11, 26, 10), mode: VisitMode.Visit)));
        var held = await app.Send(Visit(a, At(11, 26, 15), mode: VisitMode.Visit, hold: true));
        var supervisor = await app.SupervisorAsync();
        var plan = await app.Send(new OpenDisaster("宮城県", Day, Day, DisasterWay.PutOff, "大雪"), supervisor);
        Assert.Equal(new DisasterResult(2, 0), await app.Send(new ApplyDisaster(plan), supervisor));

        Assert.Equal("cancelled disaster", await app.SqlAsync($"select state || ' ' || cancelled_by from visits where id = '{one.Id}'"));
        Assert.Equal(("0,0", "0,0"), (await app.QuotaAsync(a), await app.QuotaAsync(b)));
        Assert.Equal(0L, await app.SqlAsync($"select count(*) from expert_diary where visit in ('{one.Id}', '{two.Id}', '{held.Id}') and state in ('held', 'confirmed')"));
        Assert.Equal((1L, 0L), (await ToClientAsync(a, "disaster-changed"), await ToClientAsync(a, "visit-cancelled")));
        // The hold was never announced, so the client reads of one visit only.
        Assert.DoesNotContain("15:00", (string)(await app.SqlAsync($"select body from outgoing_mail m join cases c on c.email = m.recipient where m.template = 'disaster-changed' and c.id = '{a}'"))!, StringComparison.Ordinal);
        Assert.Empty((await app.Send(new RunCheck())).Broken);

        await app.Send(Visit(await app.HeldCaseAsync("株式会社割込", (Track.Mic, taken)), At(11, 26, 10)));
        Assert.Equal(new DisasterResult(1, 1), await app.Send(new UndoDisaster(plan), supervisor));
        var items = (await app.Send(new GetDisaster(plan), supervisor)).Items;
        Assert.Equal(DisasterItemState.Undone, items.Single(i => i.Case == a).State);
        Assert.Equal((DisasterItemState.Kept, Texts.Of("visit.taken")), (items.Single(i => i.Case == b).State, items.Single(i => i.Case == b).Why));
        Assert.Equal("confirmed 2", await app.SqlAsync($"select state || ' ' || sequence from visits where id = '{one.Id}'"));
        Assert.Equal(("1,0", "0,0"), (await app.QuotaAsync(a), await app.QuotaAsync(b)));
        Assert.Equal((CaseStatus.Booked, CaseStatus.Assigned), (await app.StatusAsync(a), await app.StatusAsync(b)));
        Assert.Equal((2L, 1L), (await ToClientAsync(a, "disaster-changed"), await ToClientAsync(b, "disaster-changed")));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task What_one_case_refuses_keeps_no_other_from_its_turn_and_is_tried_again()
    {
        var (able, unable) = (await app.ExpertNamedAsync("可能 一"), await app.ExpertNamedAsync("訪問のみ 二"));
        await app.SqlAsync($"update experts set modes = array['visit'] where id = '{unable}'");
        var (a, b, c) = (await app.HeldCaseAsync("株式会社可能", (Track.Mic, able)), await app.HeldCaseAsync("株式会社不可", (Track.Mic, unable)), await app.HeldCaseAsync("株式会社変更", (Track.Mic, able)));
        await app.Send(Visit(a, At(11, 26, 10), mode: VisitMode.Visit));
        var fixedPlace = await app.Send(Visit(b, At(11, 26, 10), mode: VisitMode.Visit));
        var moved = await app.Send(Visit(c, At(11, 26, 15), mode: VisitMode.Visit));
        var supervisor = await app.SupervisorAsync();
        var preview = await app.Send(new PreviewDisaster("04", Day, Day, DisasterWay.Web), supervisor);
        Assert.Equal("訪問のみ 二さんはWeb会議に対応していません", preview.Items.Single(i => i.Case == b).Visits[0].Against);
        var plan = await app.Send(new OpenDisaster("04", Day, Day, DisasterWay.Web, "台風"), supervisor);
        await app.Send(new CancelVisit(moved.Id, CancelledBy.Client, "先に取消し"));

        Assert.Equal(new DisasterResult(1, 2), await app.Send(new ApplyDisaster(plan), supervisor));
        var view = await app.Send(new GetDisaster(plan), supervisor);
        Assert.Equal([DisasterItemState.Done, DisasterItemState.Failed, DisasterItemState.Failed], new[] { a, b, c }.Select(id => view.Items.Single(i => i.Case == id).State));
        Assert.Contains("対応していません", view.Items.Single(i => i.Case == b).Why, StringComparison.Ordinal);
        Assert.Contains("中止", view.Items.Single(i => i.Case == c).Why, StringComparison.Ordinal);
        Assert.Equal((0L, "visit"), (await ToClientAsync(b, "disaster-changed"), await ModeAsync(fixedPlace.Id)));

        await app.SqlAsync($"update experts set modes = array['visit', 'web'] where id = '{unable}'");
        Assert.Equal(new DisasterResult(1, 1), await app.Send(new ApplyDisaster(plan), supervisor));
        Assert.Equal((1L, 1L, "web"), (await ToClientAsync(a, "disaster-changed"), await ToClientAsync(b, "disaster-changed"), await ModeAsync(fixedPlace.Id)));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Theory]
    [InlineData(DisasterWay.PutOff)]
    [InlineData(DisasterWay.Web)]
    public async Task J26_a_hold_confirmed_after_the_plan_was_made_is_told_like_every_announced_date(DisasterWay way)
    {
        var id = await app.HeldCaseAsync($"株式会社後から確定{way}", (Track.Mic, await app.ExpertNamedAsync($"後から 確定{way}")));
        var held = await app.Send(Visit(id, At(11, 26, 10), mode: VisitMode.Visit, hold: true));
        var supervisor = await app.SupervisorAsync();
        var plan = await app.Send(new OpenDisaster("04", Day, Day, way, "大雪"), supervisor);
        await app.Send(new ConfirmVisit(held.Id));
        Assert.Equal(new DisasterResult(1, 0), await app.Send(new ApplyDisaster(plan), supervisor));
        Assert.Equal(1L, await ToClientAsync(id, "disaster-changed"));
        Assert.Equal(new DisasterResult(1, 0), await app.Send(new UndoDisaster(plan), supervisor));
        Assert.Equal("confirmed visit", await app.SqlAsync($"select state || ' ' || mode from visits where id = '{held.Id}'"));
        Assert.Equal(2L, await ToClientAsync(id, "disaster-changed"));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task J26_a_hold_that_ran_out_meanwhile_keeps_no_other_visit_of_its_case_from_coming_back()
    {
        var id = await app.HeldCaseAsync("株式会社期限切れ", (Track.Mic, await app.ExpertNamedAsync("期限 一")));
        var stands = await app.Send(Visit(id, At(11, 26, 10), mode: VisitMode.Visit));
        var held = await app.Send(Visit(id, At(11, 26, 15), mode: VisitMode.Visit, hold: true));
        var supervisor = await app.SupervisorAsync();
        var plan = await app.Send(new OpenDisaster("04", Day, Day, DisasterWay.Web, "台風"), supervisor);
        Assert.Equal(new DisasterResult(1, 0), await app.Send(new ApplyDisaster(plan), supervisor));
        await app.SqlAsync($"update visits set hold_expires_at = app_now() - interval '1 minute' where id = '{held.Id}'");
        await app.Send(new ExpireHolds());
        Assert.Equal(new DisasterResult(1, 0), await app.Send(new UndoDisaster(plan), supervisor));
        Assert.Equal(("visit", "cancelled"), (await ModeAsync(stands.Id), await app.SqlAsync($"select state from visits where id = '{held.Id}'")));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task J26_a_hold_that_runs_out_between_preview_and_apply_is_left_aside_and_keeps_nothing_from_being_switched()
    {
        var (expert, other) = (await app.ExpertNamedAsync("切れ間 一"), await app.ExpertNamedAsync("切れ間 二"));
        var (id, alone) = (await app.HeldCaseAsync("株式会社切れ間甲", (Track.Mic, expert)), await app.HeldCaseAsync("株式会社切れ間乙", (Track.Mic, other)));
        var stands = await app.Send(Visit(id, At(11, 26, 10), mode: VisitMode.Visit));
        var (noticed, unnoticed) = (await app.Send(Visit(id, At(11, 26, 15), mode: VisitMode.Visit, hold: true)), await app.Send(Visit(alone, At(11, 26, 15), mode: VisitMode.Visit, hold: true)));
        var supervisor = await app.SupervisorAsync();
        var plan = await app.Send(new OpenDisaster("04", Day, Day, DisasterWay.Web, "台風"), supervisor);
        await app.SqlAsync($"update visits set hold_expires_at = app_now() - interval '1 minute' where id = '{noticed.Id}'");
        await app.Send(new ExpireHolds());
        await app.SqlAsync($"update visits set hold_expires_at = app_now() - interval '1 minute' where id = '{unnoticed.Id}'");

        Assert.Equal(new DisasterResult(1, 0), await app.Send(new ApplyDisaster(plan), supervisor));
        var items = (await app.Send(new GetDisaster(plan), supervisor)).Items;
        Assert.Equal((DisasterItemState.Done, DisasterItemState.Skipped), (items.Single(i => i.Case == id).State, items.Single(i => i.Case == alone).State));
        Assert.All(items, i => Assert.Contains("仮押さえの期限", i.Why, StringComparison.Ordinal));
        Assert.Equal(("web", 1L, 0L), (await ModeAsync(stands.Id), await ToClientAsync(id, "disaster-changed"), await ToClientAsync(alone, "disaster-changed")));
        Assert.Equal(new DisasterResult(1, 0), await app.Send(new UndoDisaster(plan), supervisor));
        Assert.Equal("visit", await ModeAsync(stands.Id));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task J26_the_way_to_a_visit_made_a_web_meeting_is_offered_to_nobody_who_waits_so_that_it_can_come_back()
    {
        var expert = await app.ExpertNamedAsync("帰せる 一", prefecture: "13", hours: [new(DayOfWeek.Thursday, new(9, 0), new(17, 0))]);
        var id = await app.HeldCaseAsync("株式会社帰せる", (Track.Mic, expert));
        await app.SqlAsync($"update cases set prefecture = '27' where id = '{id}'");
        var visit = await app.Send(Visit(id, At(11, 26, 13), mode: VisitMode.Visit));
        var waits = await app.HeldCaseAsync("株式会社待つ", (Track.Mic, expert));
        // Nine to twenty past nine and what is left of the evening are too short.
        var wish = await app.Send(new WaitForSlot(waits, VisitMode.Web, 60, Day, Day));
        var supervisor = await app.SupervisorAsync();
        var plan = await app.Send(new OpenDisaster("27", Day, Day, DisasterWay.Web, "台風"), supervisor);
        Assert.Equal(new DisasterResult(1, 0), await app.Send(new ApplyDisaster(plan), supervisor));
        for (var rounds = 0; rounds < 5 && await app.Send(new OfferFreedSlots()) > 0; rounds++)
        {
        }

        Assert.Equal("waiting", await app.SqlAsync($"select state from slot_wishes where id = '{wish.Id}'"));
        Assert.Equal(new DisasterResult(1, 0), await app.Send(new UndoDisaster(plan), supervisor));
        Assert.Equal(("visit", true), (await ModeAsync(visit.Id), await app.SqlAsync($"select spared is null from expert_diary where visit = '{visit.Id}' and state = 'confirmed'")));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task J26_who_was_told_of_the_change_the_day_before_is_not_reminded_minutes_later()
    {
        var id = await app.HeldCaseAsync("株式会社二通目", (Track.Mic, await app.ExpertNamedAsync("二通目 一")));
        await app.Send(Visit(id, At(11, 26, 10), mode: VisitMode.Visit));
        await app.MoveClockAsync(At(11, 25, 10));
        var supervisor = await app.SupervisorAsync();
        var plan = await app.Send(new OpenDisaster("04", Day, Day, DisasterWay.Web, "台風"), supervisor);
        Assert.Equal(new DisasterResult(1, 0), await app.Send(new ApplyDisaster(plan), supervisor));
        await app.Send(new RemindOfVisits());
        Assert.Equal(0L, await ToClientAsync(id, "visit-reminder"));
        Assert.Equal(new DisasterResult(1, 0), await app.Send(new UndoDisaster(plan), supervisor));
        await app.Send(new RemindOfVisits());
        Assert.Equal((2L, 0L), (await ToClientAsync(id, "disaster-changed"), await ToClientAsync(id, "visit-reminder")));
    }

    [Fact]
    public async Task Only_supervisors_and_the_centre_switch_and_only_what_they_see()
    {
        var id = await app.HeldCaseAsync("株式会社範囲", (Track.Mic, await app.ExpertNamedAsync("範囲 三")));
        await app.Send(Visit(id, At(11, 26, 10), mode: VisitMode.Visit));
        var ask = new PreviewDisaster("04", Day, Day, DisasterWay.Web);
        foreach (var role in new[] { await app.DeskAsync("tohoku"), await app.OfAsync(Role.Administrator), await app.OfAsync(Role.Ministry), Actor.ClientByLink })
        {
            await Assert.ThrowsAsync<Forbidden>(() => app.Send(ask, role));
        }

        Assert.Single((await app.Send(ask, await app.CentreAsync())).Items);
        var kyushu = await app.SupervisorAsync("kyushu");
        Assert.Empty((await app.Send(ask, kyushu)).Items);
        Assert.Equal("disaster.nothing", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new OpenDisaster("04", Day, Day, DisasterWay.Web, "台風"), kyushu))).Code);
        var plan = await app.Send(new OpenDisaster("04", Day, Day, DisasterWay.Web, "台風"), await app.SupervisorAsync("tohoku"));
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new GetDisaster(plan), kyushu));
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new ApplyDisaster(plan), kyushu));
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new UndoDisaster(plan), kyushu));
        Assert.DoesNotContain(await app.Send(new ListDisasters(), kyushu), l => l.Id == plan);
        Assert.Contains(await app.Send(new ListDisasters(), await app.CentreAsync()), l => l.Id == plan);
    }

    [Theory]
    [InlineData("宮城県", "2026-11-27", "2026-11-26", "disaster.reversed")]
    [InlineData("宮城県", "2026-11-26", "2026-12-10", "disaster.too_long")]
    [InlineData("仙台", "2026-11-26", "2026-11-26", "disaster.unknown_prefecture")]
    [InlineData("", "2026-11-26", "2026-11-26", "field.required")]
    public async Task Bad_input_is_named(string prefecture, string from, string to, string code)
    {
        var supervisor = await app.SupervisorAsync();
        var refused = await Assert.ThrowsAsync<InvalidInput>(() => app.Send(
            new OpenDisaster(prefecture, DateOnly.Parse(from, System.Globalization.CultureInfo.InvariantCulture), DateOnly.Parse(to, System.Globalization.CultureInfo.InvariantCulture), DisasterWay.Web, "台風"), supervisor));
        Assert.Equal(code, refused.Errors[0].Code);
    }

    private async Task<string> ModeAsync(VisitId visit) => (string)(await app.SqlAsync($"select mode from visits where id = '{visit}'"))!;

    private async Task<long> ToClientAsync(CaseId id, string template) =>
        (long)(await app.SqlAsync($"select count(*) from outgoing_mail m join cases c on c.email = m.recipient where c.id = '{id}' and m.template = '{template}'"))!;
}
