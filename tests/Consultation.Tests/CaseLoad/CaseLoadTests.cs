using Consultation.CaseLoad;
using Consultation.Cases;
using Consultation.Check;
using Consultation.Messaging;
using Consultation.Topics;

namespace Consultation.Tests.CaseLoad;

/// <summary>The figures of the case load against what was counted by hand (<see cref="MonthScene"/>).</summary>
public sealed class CaseLoadTests(MonthScene app) : IClassFixture<MonthScene>
{
    private Task<CaseLoadView> LoadAsync(CaseLoadBy by, Actor? actor = null) => app.Send(new GetCaseLoad(by), actor);

    private static string Row(CaseLoadRow r) => $"{r.Key} {r.Open}/{r.Waiting}/{r.Overdue}/{r.DueToday} {r.Joint} {r.Visits}";

    [Fact]
    public async Task The_total_counts_every_open_case_once()
    {
        var load = await LoadAsync(CaseLoadBy.Ministry);
        Assert.Equal(" 5/4/1/1 1 1", Row(load.Total));
        Assert.Equal((1, 0.2, 14, 9), (load.Total.OnHold, load.Total.JointShare, load.Total.OldestWaitingDays, load.Total.OldestWaitingBusinessDays));
        Assert.Equal("2 1 1 0 0 1 0", string.Join(' ', load.Total.ByStatus.OrderBy(s => s.Key).Select(s => s.Value)));
        Assert.Equal((new DateOnly(2026, 4, 1), new DateOnly(2026, 11, 24)), (load.From, load.To));
    }

    [Fact]
    public async Task A_joint_case_stands_in_the_row_of_each_ministry() =>
        Assert.Equal(["mic 2/1/1/0 1 1", "mhlw 2/1/0/0 1 1", "none 2/2/0/1 0 0"], (await LoadAsync(CaseLoadBy.Ministry)).Rows.Select(Row));

    [Fact]
    public async Task Places_without_a_case_stand_there_too()
    {
        var districts = (await LoadAsync(CaseLoadBy.District)).Rows;
        Assert.Equal(11, districts.Count);
        Assert.Equal(["kanto 3/3/1/1 0 0", "tohoku 2/1/0/0 1 1"], districts.Where(r => r.Open > 0).Select(Row).Order(StringComparer.Ordinal));
        var prefectures = (await LoadAsync(CaseLoadBy.Prefecture)).Rows;
        Assert.Equal(48, prefectures.Count);
        Assert.Equal(["03 1/1/0/0 0 0", "04 1/0/0/0 1 1", "13 1/1/1/0 0 0", "14 1/1/0/0 0 0", "none 1/1/0/1 0 0"], prefectures.Where(r => r.Open > 0).Select(Row));
        Assert.Equal(["ICT-SEC 1/1/1/0 0 0"], (await LoadAsync(CaseLoadBy.Topic)).Rows.Where(r => r.Key == "ICT-SEC").Select(Row));
        Assert.Equal(12, (await LoadAsync(CaseLoadBy.Desk)).Rows.Count);
    }

    [Fact]
    public async Task An_expert_is_weighed_by_the_cases_in_hand_against_the_capacity()
    {
        var rows = (await LoadAsync(CaseLoadBy.Expert)).Rows.ToDictionary(r => r.Name);
        Assert.Equal((0, 0, 1), (rows["専門家 甲"].Open, rows["専門家 甲"].Expert!.Load, rows["専門家 甲"].Visits));
        Assert.Equal((1, 1, 0, 1), (rows["専門家 乙"].Open, rows["専門家 乙"].Expert!.Load, rows["専門家 乙"].Expert!.Asked, rows["専門家 乙"].Visits));
        Assert.Equal((1, 1, 1, 6), (rows["専門家 丙"].Open, rows["専門家 丙"].Expert!.Load, rows["専門家 丙"].Expert!.Asked, rows["専門家 丙"].Expert!.Capacity));
    }

    [Fact]
    public async Task Of_the_fullest_experts_alone_all_are_counted_and_the_rows_are_the_same()
    {
        var all = await LoadAsync(CaseLoadBy.Expert);
        Assert.True(all.Rows.Count > 2);
        Assert.Equal(new(all.Rows.Count, all.Rows.Count(r => r.Expert!.Load == r.Expert.Capacity), all.Rows.Count(r => r.Expert!.Load > r.Expert.Capacity)), all.Experts);
        var some = await app.Send(new GetCaseLoad(CaseLoadBy.Expert, Fullest: 2));
        Assert.Equal(all.Experts, some.Experts);
        Assert.Equal(all.Rows.Take(Math.Max(2, all.Experts!.Over)).Select(r => (r.Expert, Row(r))), some.Rows.Select(r => (r.Expert, Row(r))));
        Assert.Equal(Row(all.Total), Row(some.Total));
    }

    [Theory]
    [InlineData("2026-11-20", null, 0)]
    [InlineData("2026-11-19", "2026-11-19", 1)]
    [InlineData(null, "2026-11-18", 0)]
    [InlineData(null, "2025-11-18", 0)]
    public async Task Visits_are_those_of_the_period(string? from, string? to, int visits) =>
        Assert.Equal(visits, (await app.Send(new GetCaseLoad(CaseLoadBy.District, Day(from), Day(to)))).Total.Visits);

    [Fact]
    public async Task Every_figure_leads_to_a_list_of_exactly_so_many_cases()
    {
        foreach (var by in Enum.GetValues<CaseLoadBy>())
        {
            foreach (var row in (await LoadAsync(by)).Rows)
            {
                var (narrowing, district) = CaseLoadLists.Of(by, row.Key);
                Assert.Equal((by, row.Key, row.Open), (by, row.Key, await CountAsync(narrowing with { Open = true }, district)));
                Assert.Equal((by, row.Key, row.Waiting), (by, row.Key, await CountAsync(narrowing with { Waiting = true }, district)));
                Assert.Equal((by, row.Key, row.Overdue), (by, row.Key, await CountAsync(narrowing with { Overdue = true }, district)));
                Assert.Equal((by, row.Key, row.DueToday), (by, row.Key, await CountAsync(narrowing with { DueToday = true }, district)));
                if (row.Expert is { } expert)
                {
                    Assert.Equal(expert.Asked, await CountAsync(narrowing with { Asked = true }, district));
                }
            }
        }

        Assert.Equal(1, await CountAsync(new(Open: true, Side: CaseSide.Both), null));
        Assert.Equal(1, await CountAsync(new(OnHold: true), null));
        Assert.Equal(2, await CountAsync(new(Open: true, Rural: true), null));
        var ages = await app.Send(new ListWaitingAges());
        Assert.Equal("2 1 0 1 0", string.Join(' ', ages.Lines.Select(l => l.Count)));
        Assert.Equal(3, ages.Average);
        foreach (var line in ages.Lines)
        {
            Assert.Equal(line.Count, await CountAsync(new(Age: line.Age), null));
        }
    }

    [Fact]
    public async Task A_regional_supervisor_counts_the_own_district_and_the_ministry_the_country()
    {
        var tohoku = await app.SupervisorAsync("tohoku");
        var load = await LoadAsync(CaseLoadBy.District, tohoku);
        Assert.Equal(("tohoku", " 2/1/0/0 1 1", "tohoku 2/1/0/0 1 1"), (load.District, Row(load.Total), Row(Assert.Single(load.Rows))));
        Assert.Equal(["専門家 乙", "専門家 甲"], (await LoadAsync(CaseLoadBy.Expert, tohoku)).Rows.Select(r => r.Name).Order(StringComparer.Ordinal));
        Assert.Equal(6, (await LoadAsync(CaseLoadBy.Prefecture, tohoku)).Rows.Count);
        Assert.Empty(await app.Send(new ListOverdue(), tohoku));
        Assert.Equal(app.Asked, Assert.Single(await app.Send(new ListOverdue(), await app.SupervisorAsync())).Id);

        var ministry = await app.OfAsync(Role.Ministry);
        Assert.Equal(5, (await LoadAsync(CaseLoadBy.District, ministry)).Total.Open);
        await Assert.ThrowsAsync<Forbidden>(() => app.Send(new ListOverdue(), ministry));
        await Assert.ThrowsAsync<Forbidden>(() => app.Send(new ListLateReports(), ministry));
        foreach (var other in new[] { await app.DeskAsync("kanto"), await app.CentreAsync(), await app.ExpertAsync(app.Both), await app.OfAsync(Role.Auditor), await app.OfAsync(Role.Administrator) })
        {
            await Assert.ThrowsAsync<Forbidden>(() => LoadAsync(CaseLoadBy.District, other));
        }
    }

    [Fact]
    public async Task A_reversed_period_and_a_missing_kind_are_refused()
    {
        Assert.Equal("case_load.period_reversed", (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new GetCaseLoad(CaseLoadBy.Desk, new(2026, 11, 2), new(2026, 11, 1))))).Errors[0].Code);
        Assert.Equal("case_load.period_reversed", (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new GetCaseLoad(CaseLoadBy.Desk, new(2027, 1, 1))))).Errors[0].Code);
        Assert.Equal("field.required", (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new GetCaseLoad(null)))).Errors[0].Code);
    }

    [Fact]
    public async Task The_month_counts_contacts_and_cases_apart_and_a_joint_visit_once()
    {
        var month = await app.Send(new ReportMonth(new(2026, 11, 30)));
        Assert.Equal((new DateOnly(2026, 11, 1), 9, 6, 1, 7, 6), (month.Month, month.Inquiries.Contacts, month.Inquiries.Incoming, month.Inquiries.NoAnswer, month.Inquiries.Cases, month.Inquiries.NewCases));
        Assert.Equal("Phone 5, Email 1", string.Join(", ", month.Inquiries.Channels.Select(c => $"{c.Code} {c.Count}")));
        Assert.Equal(new MonthVisits(1, 1, 70, 0), month.Visits);
        Assert.Equal([new(Track.Mic, 1, 70, 1, 0, 0, 0), new(Track.Mhlw, 1, 70, 0, 0, 1, 0)], month.Ministries);
        Assert.Equal(["専門家 乙 Mhlw 1 70 1", "専門家 甲 Mic 1 70 0"], month.Experts.Select(e => $"{e.Name} {e.Track} {e.Visits} {e.Minutes} {e.Owed}"));
        Assert.Equal(["Answered 1", "Referred 1"], month.Outcomes.Select(o => $"{o.Code} {o.Count}"));
        Assert.Equal(["OpeningHours 2", "SalesCall 1"], month.Tallies.Select(t => $"{t.Code} {t.Count}"));
        Assert.Equal("Web 1", string.Join(", ", month.Modes.Select(m => $"{m.Code} {m.Count}")));

        var october = await app.Send(new ReportMonth(new(2026, 10, 1)));
        Assert.Equal((1, 1, 1, 0), (october.Inquiries.Contacts, october.Inquiries.Cases, october.Inquiries.NewCases, october.Visits.TookPlace));
        var tohoku = await app.Send(new ReportMonth(new(2026, 11, 1)), await app.SupervisorAsync("tohoku"));
        Assert.Equal((2, 2, 1, 0), (tohoku.Inquiries.Contacts, tohoku.Inquiries.NewCases, tohoku.Visits.TookPlace, tohoku.Outcomes.Count));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    private async Task<int> CountAsync(CaseNarrowing narrowing, string? district) => (await app.Send(new ListCases(District: district, Limit: 200, Narrowing: narrowing))).Items.Count;

    private static DateOnly? Day(string? text) => text is null ? null : DateOnly.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
