using Consultation.Messaging;
using Consultation.Staff;
using Consultation.Work;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Consultation.Tests.Work;

/// <summary>When a job counts as late, and who is told.</summary>
public sealed class LatenessTests(TestApp app) : IClassFixture<TestApp>
{
    private static readonly DateTimeOffset Next = new(2026, 11, 24, 10, 0, 0, TimeSpan.FromHours(9));

    private DeskBook Desks => app.Provider.GetRequiredService<DeskBook>();

    [Theory]
    [InlineData(1, 0, 119, 600, false)]
    [InlineData(1, 0, 181, 600, true)]
    [InlineData(1, 0, 86_400, 30, false)]
    [InlineData(0, 5, 121, 600, true)]
    [InlineData(0, 5, 119, 600, false)]
    [InlineData(10, 0, 1_799, 7_200, false)]
    [InlineData(10, 0, 1_801, 7_200, true)]
    public void A_job_is_late_when_its_time_is_past_by_both_clocks(int minutes, int seconds, int past, int silent, bool late) =>
        Assert.Equal(late, When.Every(new TimeSpan(0, minutes, seconds)).IsLate(Next.AddSeconds(past), Next, TimeSpan.FromSeconds(silent), OfficeHours.Shipped));

    [Fact]
    public void Work_of_office_hours_is_late_only_while_they_last()
    {
        var hours = When.InHours(TimeSpan.FromMinutes(1));
        var silence = TimeSpan.FromDays(1);
        Assert.True(hours.IsLate(Next.AddHours(1), Next, silence, OfficeHours.Shipped));
        Assert.False(hours.IsLate(Next.AddHours(12), Next, silence, OfficeHours.Shipped));
        Assert.True(When.Daily(new(3, 0)).IsLate(Next.AddMinutes(16), Next, silence, OfficeHours.Shipped));
        Assert.False(When.Daily(new(3, 0)).IsLate(Next.AddMinutes(14), Next, silence, OfficeHours.Shipped));
    }

    [Theory]
    [InlineData(119, false)]
    [InlineData(181, true)]
    public void A_job_that_never_ran_is_late_when_the_installation_has_stood_so_long(int seconds, bool late)
    {
        Assert.Equal(late, When.Every(TimeSpan.FromMinutes(1)).IsLate(Next, null, TimeSpan.FromSeconds(seconds), OfficeHours.Shipped));
        Assert.False(When.Every(TimeSpan.FromMinutes(1)).IsLate(Next, null, null, OfficeHours.Shipped));
    }

    [Fact]
    public async Task Whoever_watches_hears_what_is_late_failing_or_held_and_nothing_when_all_is_well()
    {
        await using var source = NpgsqlDataSource.Create(app.ConnectionString);
        await app.SqlAsync("update installation set seeded_at = coalesce(seeded_at, clock_timestamp())");
        await app.Send(new RunAllDue());
        var well = await WorkHealth.ReadAsync(source, Desks, default);
        Assert.Equal((0, 0, false, null), (well.Late.Count, well.Failing.Count, well.MailIsHeld, well.MailFault));
        Assert.All(await app.Send(new ListWork(), await app.OfAsync(Role.Administrator)), line => Assert.False(line.IsLate));

        await app.SqlAsync("update work_runs set next = app_now() - interval '10 minutes', alive_at = clock_timestamp() - interval '10 minutes' where name = 'raise-follow-ups'");
        await app.SqlAsync("update work_runs set failed_in_a_row = 3 where name = 'seal-audit'");
        await app.SqlAsync("update installation set mail_held = true");
        await app.SqlAsync("update mail_server set fault = 'smtp.no_auth', fault_since = app_now(), strikes = 1");
        var ill = await WorkHealth.ReadAsync(source, Desks, default);
        Assert.Equal(("raise-follow-ups", "seal-audit", true, "smtp.no_auth"), (Assert.Single(ill.Late), Assert.Single(ill.Failing), ill.MailIsHeld, ill.MailFault));
        Assert.Equal("raise-follow-ups", Assert.Single(await app.Send(new ListWork(), await app.OfAsync(Role.Administrator)), line => line.IsLate).Name);

        // A long list is worked at: not late, while it gives signs of life.
        await app.SqlAsync("update work_runs set alive_at = clock_timestamp() where name = 'raise-follow-ups'");
        Assert.Empty((await WorkHealth.ReadAsync(source, Desks, default)).Late);
    }

    [Fact]
    public async Task The_list_tells_the_usual_time_the_last_failure_and_the_rows_that_cannot_be_done()
    {
        await app.SqlAsync("""
            insert into work_runs (name, last_started, last_finished, last_outcome, runs, failures, failed_code, failed_at, took_ms)
            values ('prune-plans', app_now(), app_now(), 'done', 5, 1, 'offer.closed', app_now(), '{9, 1, 5, 4000, 3}')
            on conflict (name) do update set took_ms = excluded.took_ms, failed_code = excluded.failed_code, failed_at = excluded.failed_at
            """);
        await app.SqlAsync("insert into work_failures (job, row_id, code, tries, first_at, last_at) values ('prune-plans', 'x', 'sql.23514', 4, app_now(), app_now())");
        var line = (await app.Send(new ListWork(), await app.OfAsync(Role.Administrator))).Single(one => one.Name == "prune-plans");
        Assert.Equal((TimeSpan.FromMilliseconds(9), TimeSpan.FromMilliseconds(5), "offer.closed"), (line.Took, line.Usual, line.FailedCode));
        Assert.Equal(("x", "sql.23514", 4), Assert.Single(line.FailingRows) is var row ? (row.Row, row.Code, row.Tries) : default);
        await app.SqlAsync("delete from work_failures");
    }
}
