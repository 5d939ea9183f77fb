using Consultation.Messaging;
using Consultation.Topics;
using Consultation.Visits;
using Npgsql;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Visits;

/// <summary>Whoever loses a slot hears of others, whichever way it was lost (design §3).</summary>
public sealed class LostSlotTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task J17_a_slot_lost_to_the_constraint_names_the_next_free_ones()
    {
        var expert = await app.ExpertNamedAsync("制約 次郎");
        var id = await app.HeldCaseAsync("株式会社制約", (Track.Mic, expert));
        await using var source = NpgsqlDataSource.Create(app.OwnerConnectionString);
        await using var other = await source.OpenConnectionAsync();
        await using var begun = await other.BeginTransactionAsync();
        // Somebody who takes no lock of ours and has not committed yet: only the constraint can see it.
        await using (var insert = new NpgsqlCommand($"""
            insert into expert_diary values (gen_random_uuid(), '{expert}', gen_random_uuid(), tstzrange('2026-11-26 10:00+09', '2026-11-26 11:00+09'), '2026-11-26 10:00+09', '2026-11-26 11:00+09', 'confirmed', null)
            """, other))
        {
            await insert.ExecuteNonQueryAsync();
        }

        var booking = Assert.ThrowsAsync<RuleViolation>(() => app.Send(Visit(id, At(11, 26, 10, 30))));
        await WaitingAsync();
        await begun.CommitAsync();
        var refused = await booking;
        Assert.Equal("visit.taken", refused.Code);
        Assert.Equal([At(11, 26, 11), At(11, 26, 11, 30), At(11, 26, 12)], Next(refused));
    }

    [Fact]
    public async Task Contention_without_end_is_a_taken_slot_and_no_fault_of_the_server()
    {
        var expert = await app.ExpertNamedAsync("渋滞 三郎");
        var (id, moved) = (await app.HeldCaseAsync("株式会社渋滞", (Track.Mic, expert)), await app.HeldCaseAsync("株式会社変更", (Track.Mic, expert)));
        var booked = await app.Send(Visit(moved, At(11, 27, 15)));
        await app.SqlAsync("""
            create function planted_knot() returns trigger language plpgsql as $$ begin raise exception 'knot' using errcode = '40P01'; end $$;
            create trigger planted_knot before insert or update on visits for each row execute function planted_knot()
            """);
        try
        {
            var refused = await Assert.ThrowsAsync<RuleViolation>(() => app.Send(Visit(id, At(11, 27, 10))));
            Assert.Equal("visit.taken", refused.Code);
            Assert.Equal(At(11, 27, 10), Next(refused)[0]);
            refused = await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new RescheduleVisit(booked.Id, At(11, 27, 14), At(11, 27, 15), "先方都合")));
            Assert.Equal(("visit.taken", At(11, 27, 14)), (refused.Code, Next(refused)[0]));
            Assert.Equal("busy", (await Assert.ThrowsAsync<Conflict>(() => app.Send(new CancelVisit(booked.Id, CancelledBy.Desk, "別件")))).Code);
            await app.MoveClockAsync(At(11, 27, 6, 30));
            refused = await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new PutOffVisit(booked.Id, CancelledBy.Disaster, true, At(11, 30, 14))));
            Assert.Equal(("visit.taken", At(11, 30, 14)), (refused.Code, Next(refused)[0]));
            Assert.Equal("busy", (await Assert.ThrowsAsync<Conflict>(() => app.Send(new PutOffVisit(booked.Id, CancelledBy.Disaster, true)))).Code);
        }
        finally
        {
            await app.MoveClockAsync(TestApp.Start);
            await app.SqlAsync("drop trigger planted_knot on visits; drop function planted_knot");
        }
    }

    private static IReadOnlyList<DateTimeOffset> Next(RuleViolation refused) => [.. Assert.IsAssignableFrom<IReadOnlyList<FreeSlot>>(refused.Extra["nextSlots"]).Select(s => s.Start)];

    private async Task WaitingAsync()
    {
        for (var i = 0; i < 200; i++)
        {
            if (await app.SqlAsync("select count(*) from pg_locks where not granted and (database is null or database = (select oid from pg_database where datname = current_database()))") is > 0L)
            {
                return;
            }

            await Task.Delay(25);
        }

        Assert.Fail("Nobody waited for the other booking.");
    }
}
