using Consultation.CaseFile;
using Consultation.Cases;
using Consultation.Check;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Tests.Routing;
using Consultation.Topics;
using Consultation.Visits;
using Microsoft.EntityFrameworkCore;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Visits;

/// <summary>Half past six, snow, the desk is closed, an on-site visit today (journey J58).</summary>
public sealed class ShortNoticeTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task J58_a_late_expert_needs_nobody_and_leaves_a_contact_and_a_call_at_opening()
    {
        var (id, visit, expert) = await TodayAsync("雪の一社");
        var late = await app.Send(new TellLateness(visit.Id, 30, Reached: true, "雪で電車が遅れているとお詫びした。"), await app.ExpertAsync(expert));

        Assert.Equal((At(11, 25, 13, 30), At(11, 25, 14), VisitState.Confirmed), (late.Start, late.End, late.State));
        Assert.Equal("13:00,14:30", await BusyAsync(visit.Id));
        await LeavesAsync(id, ContactResult.Answered, "雪で電車が遅れている");
        Assert.Equal("1,0", await app.QuotaAsync(id));
        await SoundAsync();
    }

    [Fact]
    public async Task J58_a_joint_visit_begins_as_booked_and_only_the_other_expert_is_told_of_a_delay()
    {
        await app.MoveClockAsync(TestApp.Start);
        var (first, second) = (await app.ExpertNamedAsync("合同 一郎", email: "late-one@example.jp"), await app.ExpertNamedAsync("合同 二郎", Affiliation.Mhlw, email: "late-two@example.jp"));
        var id = await app.HeldCaseAsync("雪の合同社", (Track.Mic, first), (Track.Mhlw, second));
        var visit = await app.Send(Visit(id, At(11, 25, 13), mode: VisitMode.Visit));
        await app.MoveClockAsync(At(11, 25, 6, 30));
        var late = await app.Send(new TellLateness(visit.Id, 45, Reached: false), await app.ExpertAsync(first));

        Assert.Equal(visit.Start, late.Start);
        Assert.Equal(0L, await app.SqlAsync("select count(*) from outgoing_mail where template = 'visit-late' and recipient = 'late-one@example.jp'"));
        Assert.Equal(1L, await app.SqlAsync("select count(*) from outgoing_mail where template = 'visit-late' and recipient = 'late-two@example.jp'"));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from outgoing_mail m join cases c on c.id = m.reference where m.template = 'visit-late' and m.recipient = c.email and c.id = '{id}'"));
        await LeavesAsync(id, ContactResult.NoAnswer, "45分");
        await SoundAsync();
    }

    [Fact]
    public async Task A_delay_that_eats_the_whole_visit_is_put_off_instead()
    {
        var (_, visit, expert) = await TodayAsync("遅すぎる社");
        var me = await app.ExpertAsync(expert);
        Assert.Equal("visit.too_late", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new TellLateness(visit.Id, 50, true), me))).Code);
        var told = await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new TellLateness(visit.Id, 1, null), me));
        Assert.Equal(["minutes", "reached"], told.Errors.Select(e => e.Field).Order());
        await Assert.ThrowsAsync<NotFound>(async () => await app.Send(new TellLateness(visit.Id, 20, true), await app.ExpertAsync(await app.ExpertNamedAsync("他人"))));
    }

    [Fact]
    public async Task J58_switched_to_web_frees_the_travel_and_tells_everybody()
    {
        var (id, visit, expert) = await TodayAsync("雪のWeb社");
        var me = await app.ExpertAsync(expert);
        var web = await app.Send(new SwitchToWeb(visit.Id, Reached: true, "https://meeting.example.jp/1"), me);

        Assert.Equal((VisitMode.Web, "https://meeting.example.jp/1", visit.Start), (web.Mode, web.Place, web.Start));
        Assert.Equal("13:00,14:00", await BusyAsync(visit.Id));
        Assert.Equal(2L, await app.SqlAsync($"select count(*) from outgoing_mail where template = 'visit-moved' and reference = '{id}'"));
        await LeavesAsync(id, ContactResult.Answered, "Web会議に変えます");
        await SoundAsync();
    }

    [Fact]
    public async Task J58_what_was_said_of_a_web_meeting_is_kept_with_its_new_address()
    {
        var (id, visit, expert) = await TodayAsync("もとからWeb社", VisitMode.Web);
        var web = await app.Send(new SwitchToWeb(visit.Id, Reached: true, "https://meeting.example.jp/2", "画面共有の練習もする。"), await app.ExpertAsync(expert));

        Assert.Equal((VisitMode.Web, "https://meeting.example.jp/2"), (web.Mode, web.Place));
        Assert.Equal(2L, await app.SqlAsync($"select count(*) from outgoing_mail where template = 'visit-moved' and reference = '{id}'"));
        await LeavesAsync(id, ContactResult.Answered, "画面共有の練習");
        await SoundAsync();
    }

    [Fact]
    public async Task J58_short_notice_is_for_visits_of_today_that_are_not_over()
    {
        var (_, visit, expert) = await TodayAsync("別の日社");
        var me = await app.ExpertAsync(expert);
        foreach (var now in new[] { At(11, 24, 18), At(11, 25, 14) })
        {
            await app.MoveClockAsync(now);
            Assert.Equal("visit.not_today", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new TellLateness(visit.Id, 30, true), me))).Code);
            Assert.Equal("visit.not_today", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new SwitchToWeb(visit.Id, true), me))).Code);
            Assert.Equal("visit.not_today", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new PutOffVisit(visit.Id, CancelledBy.Disaster, true), me))).Code);
        }
    }

    [Fact]
    public async Task Nobody_hears_by_mail_of_changes_to_a_hold()
    {
        var (id, visit, expert) = await TodayAsync("仮押さえ社", hold: true);
        var me = await app.ExpertAsync(expert);
        await app.Send(new TellLateness(visit.Id, 15, Reached: false), me);
        await app.Send(new SwitchToWeb(visit.Id, Reached: false), me);
        Assert.Equal(0L, await app.SqlAsync($"select count(*) from outgoing_mail where template like 'visit-%' and reference = '{id}'"));
        await SoundAsync();
    }

    [Fact]
    public async Task J58_put_off_without_a_date_gives_time_and_quota_back_and_the_case_waits_for_a_date()
    {
        var (id, visit, expert) = await TodayAsync("雪の延期社");
        var off = await app.Send(new PutOffVisit(visit.Id, CancelledBy.Disaster, Reached: true), await app.ExpertAsync(expert));

        Assert.Equal((VisitState.Cancelled, CancelledBy.Disaster, CaseStatus.Assigned), (off.State, off.CancelledBy, off.CaseStatus));
        Assert.Equal("0,0", await app.QuotaAsync(id));
        Assert.Equal(0L, await app.SqlAsync($"select count(*) from expert_diary where visit = '{visit.Id}' and state <> 'cancelled'"));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from deadlines where case_id = '{id}' and kind = 'first_visit' and state = 'open'"));
        await LeavesAsync(id, ContactResult.Answered, "新しい日時はこれから");
        await SoundAsync();
    }

    [Fact]
    public async Task J58_put_off_to_a_new_time_keeps_the_quota_and_obeys_the_rules_of_booking()
    {
        var (id, visit, expert) = await TodayAsync("雪の振替社");
        var me = await app.ExpertAsync(expert);
        await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new PutOffVisit(visit.Id, CancelledBy.Disaster, true, At(11, 28, 13)), me));
        Assert.Equal("visit.same_time", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new PutOffVisit(visit.Id, CancelledBy.Disaster, true, At(11, 25, 13)), me))).Code);
        var off = await app.Send(new PutOffVisit(visit.Id, CancelledBy.Disaster, true, At(11, 30, 10)), me);

        Assert.Equal((VisitState.Confirmed, At(11, 30, 10), At(11, 30, 11)), (off.State, off.Start, off.End));
        Assert.Equal("1,0", await app.QuotaAsync(id));
        await LeavesAsync(id, ContactResult.Answered, "11月30日(月)");
        await SoundAsync();
    }

    private async Task<(CaseId Case, ChangedVisit Visit, ExpertId Expert)> TodayAsync(string organisation, VisitMode mode = VisitMode.Visit, bool hold = false)
    {
        await app.MoveClockAsync(TestApp.Start);
        var expert = await app.ExpertNamedAsync($"{organisation}の専門家");
        var id = await app.HeldCaseAsync(organisation, (Track.Mic, expert));
        var visit = await app.Send(Visit(id, At(11, 25, 13), mode: mode, hold: hold));
        await app.MoveClockAsync(At(11, 25, 6, 30));
        return (id, visit, expert);
    }

    /// <summary>What was said is a contact, and the desk has a call from nine until closing.</summary>
    private async Task LeavesAsync(CaseId id, ContactResult result, string said)
    {
        var contact = await app.ReadAsync(db => db.Set<Contact>().SingleAsync(c => c.CaseId == id && c.Direction == ContactDirection.Out));
        Assert.Equal((Channel.Phone, result, "山田"), (contact.Channel, contact.Result, contact.Person));
        Assert.Contains(said, contact.Text, StringComparison.Ordinal);
        var call = Assert.Single((await app.Send(new ListCallBacks(), await app.DeskAsync("tohoku"))).Items, c => c.Case == id);
        Assert.Equal((At(11, 25, 17), false), (call.DueAt, call.IsDue));
        Assert.Contains("当日の連絡", call.Reason, StringComparison.Ordinal);
    }

    /// <summary>Begin and end of the blocked time, travel included.</summary>
    private async Task<string> BusyAsync(VisitId visit) =>
        (string)(await app.SqlAsync($"select to_char(lower(busy) at time zone 'Asia/Tokyo', 'HH24:MI') || ',' || to_char(upper(busy) at time zone 'Asia/Tokyo', 'HH24:MI') from expert_diary where visit = '{visit}'"))!;

    private async Task SoundAsync() => Assert.Empty((await app.Send(new RunCheck())).Broken);
}
