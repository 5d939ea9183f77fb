using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Topics;
using Consultation.Visits;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Visits;

public sealed class HoldTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task A_hold_ends_by_the_job_or_by_the_booking_that_wants_its_time()
    {
        var expert = await app.ExpertNamedAsync("仮押 係");
        var (first, second, third) = (await app.HeldCaseAsync("株式会社仮一", (Track.Mic, expert)), await app.HeldCaseAsync("株式会社仮二", (Track.Mic, expert)), await app.HeldCaseAsync("株式会社仮三", (Track.Mic, expert)));
        await app.MoveClockAsync(TestApp.Start);
        var held = await app.Send(Visit(first, At(12, 1, 10), hold: true));
        var other = await app.Send(Visit(third, At(12, 2, 10), hold: true));
        Assert.Equal(At(11, 26, 17), held.HoldExpiresAt);
        Assert.Equal("visit.taken", await app.RefusedAsync(Visit(second, At(12, 1, 10))));
        Assert.Equal(0, await app.Send(new ExpireHolds()));

        await app.MoveClockAsync(At(11, 26, 17, 1));
        Assert.Equal("visit.hold_expired", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new ConfirmVisit(held.Id)))).Code);
        Assert.Equal(VisitState.Confirmed, (await app.Send(Visit(second, At(12, 1, 10)))).State);
        Assert.Equal((CaseStatus.Assigned, "0,0"), (await app.StatusAsync(first), await app.QuotaAsync(first)));

        // The booking ended every expired hold of its expert, so nothing is left for the job.
        Assert.Equal(0, await app.Send(new ExpireHolds()));
        Assert.Equal("cancelled", await app.SqlAsync($"select state from visits where id = '{other.Id}'"));

        var last = await app.Send(Visit(third, At(12, 4, 10), hold: true));
        await app.MoveClockAsync(At(12, 1, 9));
        Assert.Equal(1, await app.Send(new ExpireHolds()));
        Assert.Equal(0, await app.Send(new ExpireHolds()));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from case_history where case_id = '{third}' and kind = 'hold_expired' and text like '%12月4日%'"));
        Assert.Equal("0,0", await app.QuotaAsync(third));
        Assert.Equal(0L, await app.SqlAsync($"select count(*) from expert_diary where visit = '{last.Id}' and state = 'held'"));
    }
}

public sealed class ReminderTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task Client_and_expert_are_reminded_once_on_the_business_day_before_while_the_desk_is_open()
    {
        await app.MoveClockAsync(TestApp.Start);
        var expert = await app.ExpertNamedAsync("前日 係", email: "reminded@example.jp");
        var id = await app.HeldCaseAsync("株式会社前日", (Track.Mic, expert));
        await app.Send(Visit(id, At(11, 30, 10)));
        Assert.Equal(0, await app.Send(new RemindOfVisits()));

        await app.MoveClockAsync(At(11, 27, 7));
        Assert.Equal(0, await app.Send(new RemindOfVisits()));
        await app.MoveClockAsync(At(11, 27, 9, 30));
        var both = await Task.WhenAll(app.Send(new RemindOfVisits()), app.Send(new RemindOfVisits()));
        Assert.Equal(1, both.Sum() + await app.Send(new RemindOfVisits()));
        Assert.Equal(2L, await app.SqlAsync($"select count(*) from outgoing_mail where template = 'visit-reminder' and reference = '{id}'"));
    }

    [Fact]
    public async Task A_client_without_an_address_is_called_instead()
    {
        await app.MoveClockAsync(TestApp.Start);
        var id = await app.HeldCaseAsync("株式会社電話", (Track.Mic, await app.ExpertNamedAsync("電話 係")));
        await app.SqlAsync($"update cases set email = null, phone = '022-000-0000' where id = '{id}'");
        await app.Send(Visit(id, At(11, 25, 15)));
        Assert.Equal(1, await app.Send(new RemindOfVisits()));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from call_backs where case_id = '{id}' and reason like '%近づきました%'"));
    }

    [Fact]
    public async Task One_visit_of_which_nobody_can_be_reminded_keeps_no_other()
    {
        await app.MoveClockAsync(TestApp.Start);
        var expert = await app.ExpertNamedAsync("お知らせ 毒");
        var (a, b) = (await app.HeldCaseAsync("株式会社毒", (Track.Mic, expert)), await app.HeldCaseAsync("株式会社良", (Track.Mic, expert)));
        var (poison, good) = (await app.Send(Visit(a, At(12, 10, 10))), await app.Send(Visit(b, At(12, 10, 14))));
        await app.SqlAsync($"""
            create function planted_silence() returns trigger language plpgsql as $$ begin raise exception 'silent' using errcode = '23514'; end $$;
            create trigger planted_silence before update on visits for each row when (new.id = '{poison.Id}' and new.reminded_at is not null) execute function planted_silence()
            """);
        await app.MoveClockAsync(At(12, 9, 10));
        var partly = await Assert.ThrowsAsync<PartlyDone>(() => app.Send(new RemindOfVisits()));
        Assert.Equal(poison.Id.ToString(), Assert.Single(partly.Rows));
        Assert.Equal("f t", await app.SqlAsync($"select string_agg(left((reminded_at is not null)::text, 1), ' ' order by starts_at) from visits where id in ('{poison.Id}', '{good.Id}')"));
        await app.SqlAsync("drop trigger planted_silence on visits");
        Assert.Equal(1, await app.Send(new RemindOfVisits()));
        await app.MoveClockAsync(TestApp.Start);
    }
}
