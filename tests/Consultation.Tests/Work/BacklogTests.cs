using Consultation.Tests.Visits;
using Consultation.Topics;
using Consultation.Work;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Work;

/// <summary>What the work page says of rows that wait.</summary>
public sealed class BacklogTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task Every_job_shows_what_waits_for_it_but_the_one_that_looks_through_everything()
    {
        Assert.Equal(["seal-stragglers"], (await app.Send(new ListWork())).Where(line => line.Backlog is null).Select(line => line.Name));
        await app.MoveClockAsync(At(11, 26, 9));
        var id = await app.HeldCaseAsync("株式会社待ち件数", (Track.Mic, await app.ExpertNamedAsync("待ち 件数")));
        await app.Send(Visit(id, At(12, 7, 10)));
        await app.SqlAsync("insert into slot_wishes (id, case_id, mode, minutes, from_on, to_on, state, made_by, made_at) select gen_random_uuid(), id, 'web', 60, '2026-11-25', '2026-12-04', 'waiting', 'x', app_now() from cases limit 1");
        Assert.Equal((0, 0), await WaitingAsync());

        // On Friday the visit of Monday is near.
        await app.MoveClockAsync(At(12, 4, 8));
        Assert.Equal((1, 0), await WaitingAsync());
        await app.MoveClockAsync(At(12, 5, 8));
        Assert.Equal((1, 1), await WaitingAsync());
        await app.MoveClockAsync(TestApp.Start);

        async Task<(int? Visits, int? Wishes)> WaitingAsync()
        {
            var lines = (await app.Send(new ListWork())).ToDictionary(line => line.Name, line => line.Backlog);
            return (lines["remind-of-visits"], lines["review-slot-wishes"]);
        }
    }
}
