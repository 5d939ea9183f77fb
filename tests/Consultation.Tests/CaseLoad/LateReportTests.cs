using Consultation.CaseLoad;
using Consultation.Cases;
using Consultation.Check;
using Consultation.Experts;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Routing;
using Consultation.Tests.Visits;
using Consultation.Topics;
using Consultation.Visits;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.CaseLoad;

/// <summary>The adviser who never files, from the first late day to the month's table.</summary>
public sealed class LateReportTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task A_report_that_was_sent_back_is_late_anew()
    {
        await app.MoveClockAsync(TestApp.Start);
        var expert = await app.ExpertNamedAsync("差戻 次郎");
        var id = await app.HeldCaseAsync("株式会社再提出", (Track.Mic, expert));
        var visit = await app.Send(Visit(id, At(11, 26, 10)));
        await app.MoveClockAsync(At(12, 4, 9, 10));
        await app.Send(new CompleteVisit(visit.Id, VisitOutcome.TookPlace, 60, "電話で確認"));
        Assert.True(await app.Send(new ChaseReports()) > 0);
        await app.Send(new FileReport(visit.Id, Track.Mic, "短い", ReportNext.Another, Source: "電話で口述"));
        await app.Send(new ReturnReport(visit.Id, Track.Mic, "足りない"));
        Assert.Null((await app.ReadAsync(db => Task.FromResult(db.Set<VisitExpert>().Single(e => e.VisitId == visit.Id)))).ReportRemindedAt);
        await app.MoveClockAsync(At(12, 14, 9, 10));
        await app.Send(new ChaseReports());
        Assert.Equal(2L, await app.SqlAsync($"select count(*) from outgoing_mail where template = 'report-late' and reference = '{id}'"));
    }

    [Fact]
    public async Task Nobody_is_called_for_a_lost_reminder_of_a_report_that_came_before_that_was_told_and_the_other_ministrys_is()
    {
        await app.MoveClockAsync(TestApp.Start);
        var id = await app.HeldCaseAsync("株式会社催促不達", (Track.Mic, await app.ExpertNamedAsync("不達 六郎")), (Track.Mhlw, await app.ExpertNamedAsync("不達 七郎", Affiliation.Mhlw)));
        var visit = await app.Send(Visit(id, At(11, 26, 10)));
        await app.MoveClockAsync(At(12, 4, 9, 10));
        await app.Send(new CompleteVisit(visit.Id, VisitOutcome.TookPlace, 60, "電話で確認"));
        await app.Send(new ChaseReports());
        Assert.Equal(2L, await app.SqlAsync(
            $"with lost as (update outgoing_mail set state = 'bounced', attempts = 1, error_code = 'smtp.550', untold_since = app_now() where reference = '{id}' and template = 'report-late' returning 1) select count(*) from lost"));
        await app.Send(new FileReport(visit.Id, Track.Mic, "助言した", ReportNext.Done, Source: "電話で口述"));
        Assert.Equal(2, await app.Send(new TellLostMails()));
        Assert.Equal($"report-late/report-late/{visit.Id}/Mhlw open, report-late/report-late/{visit.Id}/Mic dropped", await app.SqlAsync(
            $"select string_agg(array_to_string((string_to_array(event_key, '/'))[1:4], '/') || ' ' || state, ', ' order by event_key) from call_backs where case_id = '{id}' and event_key like 'report-late/%'"));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task An_overdue_report_is_its_writers_and_not_the_present_holders()
    {
        await app.MoveClockAsync(TestApp.Start);
        var id = await app.HeldCaseAsync("株式会社筆者", (Track.Mic, await app.ExpertNamedAsync("筆者 五郎")));
        var visit = await app.Send(Visit(id, At(11, 26, 10)));
        await app.MoveClockAsync(At(11, 26, 12));
        await app.Send(new CompleteVisit(visit.Id, VisitOutcome.TookPlace, 60, "電話で確認"));
        await app.MoveClockAsync(At(12, 3, 10));
        var given = await app.Send(new ReassignTrack(id, Track.Mic, await app.ExpertNamedAsync("後任 六郎"), "長期不在"));
        await app.Send(new AcceptOffer(given.Id, "電話で受諾"));
        await app.MoveClockAsync(At(12, 4, 10));
        var late = (await app.Send(new ListOverdue(200), await app.SupervisorAsync("tohoku"))).Single(c => c.Id == id);
        Assert.Equal((DeadlineKind.Report, "筆者 五郎"), (late.Kind, late.Expert));
    }

    [Fact]
    public async Task A_reassignment_answers_with_the_version_after_the_visits_fell_through()
    {
        await app.MoveClockAsync(TestApp.Start);
        var (before, after) = (await app.ExpertNamedAsync("前任 三郎"), await app.ExpertNamedAsync("後任 四郎"));
        var id = await app.HeldCaseAsync("株式会社交代", (Track.Mic, before));
        var visit = await app.Send(Visit(id, At(11, 27, 10)));
        var given = await app.Send(new ReassignTrack(id, Track.Mic, after, "長期不在"), await app.SupervisorAsync());
        Assert.Equal(given.Version, await app.SqlAsync($"select version from cases where id = '{id}'"));
        Assert.Equal(("cancelled", after, CaseStatus.Offered), (await app.SqlAsync($"select state from visits where id = '{visit.Id}'"), given.Expert, await app.StatusAsync(id)));
        Assert.Equal("0,0", await app.QuotaAsync(id));
    }
}
