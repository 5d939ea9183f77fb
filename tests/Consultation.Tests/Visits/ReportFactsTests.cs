using Consultation.CaseLoad;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Topics;
using Consultation.Visits;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Visits;

/// <summary>What a report tells beside its text: advice by topic, the status before and after, and the facts by which each ministry pays.</summary>
public sealed class ReportFactsTests(TestApp app) : IClassFixture<TestApp>
{
    private static readonly ReportFacts Told = new(
        [new("ICT-SEC", "多要素認証を先に入れる。")], TeleworkStatus.Planned, TeleworkStatus.Trial, 75, 120, "仙台→一ノ関 新幹線", 90);

    [Fact]
    public async Task The_facts_are_read_again_and_searched_and_stay_when_a_returned_report_is_filed_without_them()
    {
        var (id, visit, me, desk) = await TookPlaceAsync("株式会社事実");
        await app.Send(new FileReport(visit, Track.Mic, "助言した。", ReportNext.Another, Facts: Told), me);
        Assert.Contains((await app.Send(new ListCases("多要素認証"), desk)).Items, row => row.Id == id);
        // Sent twice by a double tap: nothing new happens.
        await app.Send(new FileReport(visit, Track.Mic, "助言した。", ReportNext.Another, Facts: Told), me);
        Assert.Equal("report.already_filed", (await Assert.ThrowsAsync<RuleViolation>(
            () => app.Send(new FileReport(visit, Track.Mic, "助言した。", ReportNext.Another, Facts: Told with { Minutes = 60 }), me))).Code);

        await app.Send(new ReturnReport(visit, Track.Mic, "書き足してください。"), await app.SupervisorAsync());
        await app.Send(new FileReport(visit, Track.Mic, "助言を書き足した。", ReportNext.Another), me);

        var read = Assert.Single(await app.Send(new ReadReports(id, visit), desk)).Facts;
        Assert.True(read.Tells(Told));
        await app.MoveClockAsync(TestApp.Start);
    }

    [Fact]
    public async Task The_month_sums_them_by_ministry_and_expert_and_takes_the_visits_minutes_where_the_report_says_nothing()
    {
        await app.MoveClockAsync(At(12, 1, 9, 20));
        var (mic, mhlw) = (await app.ExpertNamedAsync("月次 機器"), await app.ExpertNamedAsync("月次 規程", Affiliation.Mhlw));
        var id = await app.HeldCaseAsync("株式会社月次", (Track.Mic, mic), (Track.Mhlw, mhlw));
        var visit = await app.Send(Visit(id, At(12, 2, 10)));
        await app.MoveClockAsync(At(12, 2, 12));
        await app.Send(new CompleteVisit(visit.Id, VisitOutcome.TookPlace, 60, "電話で確認"));
        await app.Send(new FileReport(visit.Id, Track.Mic, "機器", ReportNext.Another, Facts: Told), await app.ExpertAsync(mic));
        await app.Send(new FileReport(visit.Id, Track.Mhlw, "規程", ReportNext.Another), await app.ExpertAsync(mhlw));

        var month = await app.Send(new ReportMonth(new(2026, 12, 1)));
        Assert.Equal([(Track.Mic, 75, 90, 120), (Track.Mhlw, 60, 0, 0)], month.Ministries.Select(m => (m.Track, m.Minutes, m.FeeMinutes, m.TravelKm)));
        Assert.Equal((75, 90, 120), month.Experts.Where(e => e.Expert == mic).Select(e => (e.Minutes, e.FeeMinutes, e.TravelKm)).Single());
        Assert.Equal(60, month.Visits.Minutes);
        await app.MoveClockAsync(TestApp.Start);
    }

    [Theory]
    [InlineData("minutes")]
    [InlineData("travelKm")]
    [InlineData("feeMinutes")]
    [InlineData("expenseNote")]
    [InlineData("advice")]
    public async Task What_cannot_be_is_refused_by_its_name(string field)
    {
        var facts = field switch
        {
            "minutes" => new ReportFacts(Minutes: 0),
            "travelKm" => new(TravelKm: -1),
            "feeMinutes" => new(FeeMinutes: 1441),
            "expenseNote" => new(ExpenseNote: new('駅', 501)),
            _ => new ReportFacts([new("ICT-SEC", "一"), new("ICT-SEC", "二")]),
        };
        var refused = await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new FileReport(VisitId.New(), Track.Mic, "報告", ReportNext.Done, Facts: facts)));
        Assert.Equal(field, Assert.Single(refused.Errors).Field);
    }

    private async Task<(CaseId Case, VisitId Visit, Actor Expert, Actor Desk)> TookPlaceAsync(string organisation)
    {
        var expert = await app.ExpertNamedAsync($"{organisation} 担当");
        var id = await app.HeldCaseAsync(organisation, (Track.Mic, expert));
        var visit = await app.Send(Visit(id, At(11, 24, 14)));
        await app.MoveClockAsync(At(11, 24, 16));
        await app.Send(new CompleteVisit(visit.Id, VisitOutcome.TookPlace, Source: "電話で確認"));
        return (id, visit.Id, await app.ExpertAsync(expert), await app.DeskAsync("tohoku"));
    }
}
