using Consultation.CaseLoad;
using Consultation.Cases;
using Consultation.Check;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Routing;
using Consultation.Tests.Visits;
using Consultation.Topics;
using Consultation.Visits;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.CaseLoad;

/// <summary>A month of its own: every figure of it is counted by hand.</summary>
public sealed class NeverFiledTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task J61_a_late_report_is_asked_for_by_mail_then_by_call_and_is_dictated_or_closed_as_not_filed()
    {
        var (desk, supervisor) = (await app.DeskAsync("tohoku"), await app.SupervisorAsync("tohoku"));
        var expert = await app.ExpertNamedAsync("未提出 太郎", email: "late@expert.example");
        var (dictated, never) = (await app.HeldCaseAsync("株式会社口述", (Track.Mic, expert)), await app.HeldCaseAsync("株式会社未提出", (Track.Mic, expert)));
        var first = await app.Send(Visit(dictated, At(11, 26, 10)));
        var other = await app.Send(Visit(never, At(11, 26, 14)));
        await app.MoveClockAsync(At(11, 26, 16));
        foreach (var visit in new[] { first, other })
        {
            await app.Send(new CompleteVisit(visit.Id, VisitOutcome.TookPlace, 60, "相談者に電話で確認"), desk);
        }

        Assert.Equal("0,1", await app.QuotaAsync(dictated));
        await app.MoveClockAsync(At(12, 1, 10));
        Assert.Equal(2, (await app.Send(Visit(dictated, At(12, 10, 10)), desk)).Ordinal);
        Assert.Equal(0, await app.Send(new ChaseReports()));

        // Due on Thursday 12-03 at closing; the mail goes on Friday and once, the call is owed from Monday on.
        await app.MoveClockAsync(At(12, 4, 9, 10));
        Assert.Equal(2, await app.Send(new ChaseReports()));
        Assert.Equal(0, await app.Send(new ChaseReports()));
        Assert.Equal(2L, await app.SqlAsync("select count(*) from outgoing_mail where template = 'report-late' and recipient = 'late@expert.example'"));
        await app.MoveClockAsync(At(12, 5, 10));
        Assert.Equal(0, await app.Send(new ChaseReports()));
        await app.MoveClockAsync(At(12, 7, 9, 10));
        Assert.Equal(2, await app.Send(new ChaseReports()));
        Assert.Equal(0, await app.Send(new ChaseReports()));
        var calls = (await app.Send(new ListCallBacks(), desk)).Items.Where(c => c.Reason.Contains("未提出 太郎さんに電話で催促", StringComparison.Ordinal)).ToList();
        Assert.Equal([dictated, never], calls.Select(c => c.Case).OrderBy(c => c == never));
        Assert.All(await app.Send(new ListLateReports(), supervisor), r => Assert.True(r is { RemindedAt: not null, CalledAt: not null, ExpertName: "未提出 太郎" }));
        Assert.Equal(new(Track.Mic, 2, 120, 0, 0, 2, 2), (await NovemberAsync()).Ministries[0]);

        await TheSupervisorStopsNewOffersAsync(expert, supervisor);

        Assert.False((await app.Send(new FileReport(first.Id, Track.Mic, "VPNの置き場を助言した", ReportNext.Another, Source: "電話で口述"), desk)).Confirmed);
        Assert.Equal("kept", await app.SqlAsync($"select state from call_backs where case_id = '{dictated}' and event_key like 'report-call/%'"));
        Assert.Equal((dictated, false), (await app.Send(new ListReportsToReview(), supervisor)).Select(r => (r.Case, r.Confirmed)).Single());
        Assert.Equal(ReportState.NotFiled, (await app.Send(new GiveUpReport(other.Id, Track.Mic, "催促しても提出がない"), supervisor)).State);
        Assert.Equal("dropped", await app.SqlAsync($"select state from call_backs where case_id = '{never}' and event_key like 'report-call/%'"));
        Assert.Empty(await app.Send(new ListLateReports(), supervisor));

        var november = await NovemberAsync();
        Assert.Equal(new(Track.Mic, 2, 120, 1, 1, 0, 0), november.Ministries[0]);
        Assert.Equal(("未提出 太郎", 1), (Assert.Single(november.Experts).Name, november.Experts[0].NotFiled));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    private Task<MonthReport> NovemberAsync() => app.Send(new ReportMonth(new(2026, 11, 1)));

    private async Task TheSupervisorStopsNewOffersAsync(ExpertId expert, Actor supervisor)
    {
        var logged = await app.Send(new LogInquiry(Channel.Phone, "相談したい", Desk: "tohoku", Organisation: new(Prefecture: "宮城県")));
        await app.Send(new RouteCase(logged.Id, [Track.Mic], Reason: "試験"));
        var desk = await app.DeskAsync("tohoku");
        await Assert.ThrowsAsync<Forbidden>(() => app.Send(new StopOffers(expert, "報告が出ない"), desk));
        await Assert.ThrowsAsync<Forbidden>(async () => await app.Send(new StopOffers(expert, "報告が出ない"), await app.SupervisorAsync("kanto")));
        await app.Send(new StopOffers(expert, "報告が出ない"), supervisor);

        var candidate = (await app.Send(new ListCandidates(logged.Id, Track.Mic), desk)).Single(c => c.ExpertId == expert);
        Assert.Contains(candidate.Excluded, x => x.Code == "stopped" && x.Text.Contains("報告が出ない", StringComparison.Ordinal));
        Assert.Equal("offer.excluded", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new OfferCase(logged.Id, Track.Mic, expert), desk))).Code);
        Assert.Equal("報告が出ない", (await app.Send(new GetCaseLoad(CaseLoadBy.Expert), supervisor)).Rows.Single(r => r.Name == "未提出 太郎").Expert!.Stopped);

        await app.Send(new LetOffersGo(expert), supervisor);
        Assert.Equal(expert, (await app.Send(new OfferCase(logged.Id, Track.Mic, expert), desk)).Expert);
        await app.Send(new CloseCase(logged.Id, CaseOutcome.Withdrawn, CloseOpenWork: true));
    }
}
