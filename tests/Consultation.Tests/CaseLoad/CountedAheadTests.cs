using Consultation.CaseLoad;
using Consultation.Cases;
using Consultation.Check;
using Consultation.Messaging;

namespace Consultation.Tests.CaseLoad;

/// <summary>The figures are the same before and after the marks of changes are folded, and never wait for it.</summary>
public sealed class CountedAheadTests(MonthScene app) : IClassFixture<MonthScene>
{
    [Fact]
    public async Task A_change_counts_at_once_and_folding_it_changes_no_figure()
    {
        await FoldAsync();
        var before = await FiguresAsync();

        var marked = await app.Send(new LogInquiry(Channel.Phone, "相談したい", null, Desk: "kanto", Organisation: new(Prefecture: "東京都")));
        await app.Send(new EditCase(marked.Id, Organisation: new(Prefecture: "大阪府")));
        await app.Send(new HandOverCase(app.Asked, "tohoku", "試験"));
        var changed = await FiguresAsync();
        Assert.NotEqual(before, changed);
        Assert.NotEqual(0L, await app.SqlAsync("select count(*) from case_load_marks"));
        Assert.Empty((await app.Send(new RunCheck())).Broken);

        await FoldAsync();
        Assert.Equal(changed, await FiguresAsync());
        Assert.Equal(0L, await app.SqlAsync("select count(*) from case_load_marks"));
        Assert.Equal(0L, await app.SqlAsync("select count(*) from case_load_sums where n <= 0"));
        Assert.Empty((await app.Send(new RunCheck())).Broken);

        await app.SqlAsync("select recount_case_load()");
        Assert.Equal(changed, await FiguresAsync());
    }

    [Fact]
    public async Task Folding_beside_changes_loses_none()
    {
        var cases = new List<CaseId>();
        for (var n = 0; n < 8; n++)
        {
            cases.Add((await app.Send(new LogInquiry(Channel.Phone, "相談したい", null, Desk: "kanto"))).Id);
        }

        var changing = Task.WhenAll(cases.Select(async one =>
        {
            for (var n = 0; n < 6; n++)
            {
                await app.Send(new HoldCase(one, "試験"));
                await app.Send(new ResumeCase(one));
            }
        }));
        while (!changing.IsCompleted)
        {
            await Task.WhenAll(app.Send(new FoldCaseLoad()), app.Send(new FoldCaseLoad()));
        }

        await changing;
        Assert.Empty((await app.Send(new RunCheck())).Broken);
        await FoldAsync();
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    /// <summary>Whole years, months and days make up a period; the rows themselves say how many visits it had.</summary>
    [Theory]
    [InlineData("2026-11-19", "2026-11-19")]
    [InlineData("2026-11-01", "2026-11-18")]
    [InlineData("2025-04-01", "2026-11-19")]
    [InlineData("2026-10-15", "2026-12-31")]
    [InlineData("2026-02-28", "2027-04-01")]
    public async Task Visits_of_a_period_are_those_of_the_rows(string from, string to)
    {
        var (first, last) = (Day(from), Day(to));
        var rows = (long)(await app.SqlAsync($"select count(*) from visits where state = 'took_place' and (starts_at at time zone 'Asia/Tokyo')::date between '{from}' and '{to}'"))!;
        foreach (var by in Enum.GetValues<CaseLoadBy>())
        {
            Assert.Equal((by, rows), (by, (long)(await app.Send(new GetCaseLoad(by, first, last))).Total.Visits));
        }
    }

    private async Task FoldAsync()
    {
        while (await app.Send(new FoldCaseLoad()) > 0)
        {
            continue;
        }
    }

    private async Task<string> FiguresAsync()
    {
        var figures = new List<string>();
        foreach (var by in Enum.GetValues<CaseLoadBy>())
        {
            var load = await app.Send(new GetCaseLoad(by));
            figures.AddRange(load.Rows.Append(load.Total).Select(r =>
                $"{by} {r.Key} {r.Open} {string.Join('/', r.ByStatus.OrderBy(s => s.Key).Select(s => s.Value))} {r.OnHold} {r.Overdue} {r.DueToday} {r.OldestWaitingDays} {r.Joint} {r.Visits} {r.Expert?.Load} {r.Expert?.Asked}"));
        }

        return string.Join('\n', figures);
    }

    private static DateOnly Day(string text) => DateOnly.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
