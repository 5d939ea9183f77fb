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

    [Theory]
    [InlineData("update visits set state = 'no_show' where id = '{0}'; update cases set prefecture = '47' where id = '{1}'; update visits set state = 'took_place' where id = '{0}'")]
    [InlineData("update cases set topics = array['ICT-NET', 'LAB-TIME'], on_hold = true where id = '{1}'; update visits set state = 'no_show' where id = '{0}'")]
    [InlineData("update visits set state = 'no_show' where id = '{0}'; update case_tracks set state = 'dropped' where case_id = '{1}'; update visits set starts_at = starts_at - interval '1 year', ends_at = ends_at - interval '1 year', fiscal_year = fiscal_year - 1, state = 'took_place' where id = '{0}'")]
    [InlineData("update cases set status = 'closed', closed_at = app_now(), next_due_at = null where id = '{1}'")]
    [InlineData("delete from case_tracks where case_id = '{1}'; insert into case_tracks (case_id, track, state) values ('{1}', 'mic', 'later')")]
    public async Task What_one_transaction_does_to_a_case_its_tracks_and_its_visits_counts_as_it_ends(string acts)
    {
        await FoldAsync();
        var (id, visit) = ((Guid)(await app.SqlAsync("select case_id from visits where state = 'took_place'"))!, (Guid)(await app.SqlAsync("select id from visits where state = 'took_place'"))!);
        var before = await FiguresAsync();
        await app.SqlAsync($"create table kept_visits as select * from visits where id = '{visit}'; create table kept_cases as select * from cases where id = '{id}'; create table kept_tracks as select * from case_tracks where case_id = '{id}'");

        await app.SqlAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, acts, visit, id));
        var changed = await FiguresAsync();
        Assert.NotEqual(before, changed);
        Assert.DoesNotContain((await app.Send(new RunCheck())).Broken, b => b.Code == "case_load.miscounted");
        await FoldAsync();
        Assert.Equal(changed, await FiguresAsync());
        Assert.DoesNotContain((await app.Send(new RunCheck())).Broken, b => b.Code == "case_load.miscounted");

        await app.SqlAsync($"""
            update visits set state = 'no_show' where id = '{visit}';
            update visits v set starts_at = k.starts_at, ends_at = k.ends_at, fiscal_year = k.fiscal_year, state = k.state from kept_visits k where k.id = v.id;
            update cases c set status = k.status, closed_at = k.closed_at, next_due_at = k.next_due_at, prefecture = k.prefecture, topics = k.topics, on_hold = k.on_hold from kept_cases k where k.id = c.id;
            delete from case_tracks where case_id = '{id}'; insert into case_tracks select * from kept_tracks;
            drop table kept_visits; drop table kept_cases; drop table kept_tracks
            """);
        Assert.Equal(before, await FiguresAsync());
        await FoldAsync();
        Assert.Equal(before, await FiguresAsync());
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
