using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Topics;
using Consultation.Visits;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Visits;

/// <summary>The secret calendar of an expert (journey J22), read by ical.js.</summary>
public sealed class CalendarFeedTests(TestApp app) : IClassFixture<TestApp>
{
    private static readonly Actor Subscriber = Actor.ClientByLink;

    [Fact]
    public async Task J22_held_and_confirmed_visits_stand_in_it_and_nothing_of_any_person_or_company()
    {
        var expert = await app.ExpertNamedAsync("購読 花子");
        var me = await app.ExpertAsync(expert);
        var secret = await app.Send(new RenewFeed(expert), me);
        var id = await app.HeldCaseAsync("株式会社秘密保持", (Track.Mic, expert));
        await app.SqlAsync($"update cases set phone = '022-765-4321', city = '仙台市', consented_at = app_now() where id = '{id}'");
        var onSite = await app.Send(Visit(id, At(11, 26, 10), mode: VisitMode.Visit));
        var held = await app.Send(Visit(id, At(12, 1, 10), mode: VisitMode.Phone, hold: true));
        var gone = await app.Send(Visit(await app.HeldCaseAsync("株式会社消滅", (Track.Mic, expert)), At(12, 2, 10)));
        await app.Send(new CancelVisit(gone.Id, CancelledBy.Desk, "都合"));
        await app.Send(Visit(await app.HeldCaseAsync("株式会社他人", (Track.Mic, await app.ExpertNamedAsync("他人 一"))), At(11, 26, 10)));

        var text = await app.Send(new ReadFeed(secret), Subscriber);
        ReadCalendar.DemandWellFolded(text);
        var feed = Assert.Single(await ReadCalendar.ManyAsync(text));
        Assert.Equal("PUBLISH", feed.Method);
        Assert.Equal([(onSite.Id.ToString(), "CONFIRMED", "宮城県", At(11, 26, 10)), (held.Id.ToString(), "TENTATIVE", null, At(12, 1, 10))], feed.Events.Select(e => (e.Uid, e.Status, e.Location, e.Start)));
        Assert.Matches(@"^相談 第1回\(訪問\) R08-[0-9]{6}$", feed.Events[0].Summary);
        Assert.Matches(@"^仮押さえ: 相談 第2回\(電話\) R08-[0-9]{6}$", feed.Events[1].Summary);
        var plain = text.Replace("\r\n ", "", StringComparison.Ordinal);
        foreach (var personal in new[] { "秘密保持", "山田", "022-765", "@", "仙台", "購読", "花子", "ATTENDEE", "ORGANIZER" })
        {
            Assert.DoesNotContain(personal, plain, StringComparison.Ordinal);
        }

        // Nothing happened: the same text, so that a subscriber's program need not fetch it again.
        Assert.Equal(text, await app.Send(new ReadFeed(secret), Subscriber));
        await app.Send(new RescheduleVisit(onSite.Id, At(11, 26, 13), At(11, 26, 14), "都合"));
        Assert.Equal(1, Assert.Single(await ReadCalendar.ManyAsync(await app.Send(new ReadFeed(secret), Subscriber))).Events[0].Sequence);
    }

    [Fact]
    public async Task It_reaches_from_30_days_ago_to_180_ahead()
    {
        var expert = await app.ExpertNamedAsync("範囲 一");
        var secret = await app.Send(new RenewFeed(expert), await app.ExpertAsync(expert));
        var visits = new List<VisitId>();
        foreach (var day in new[] { 26, 27, 30 })
        {
            visits.Add((await app.Send(Visit(await app.HeldCaseAsync($"株式会社範囲{day}", (Track.Mic, expert)), At(11, day, 10)))).Id);
        }

        await app.SqlAsync($"update visits set starts_at = timestamptz '2026-10-20 10:00+09', ends_at = timestamptz '2026-10-20 11:00+09' where id = '{visits[0]}'; update visits set starts_at = timestamptz '2027-06-01 10:00+09', ends_at = timestamptz '2027-06-01 11:00+09' where id = '{visits[2]}'");
        Assert.Equal(visits[1].ToString(), Assert.Single(Assert.Single(await ReadCalendar.ManyAsync(await app.Send(new ReadFeed(secret), Subscriber))).Events).Uid);
    }

    [Fact]
    public async Task A_new_address_ends_the_old_one_and_a_revoked_one_leads_nowhere()
    {
        var expert = await app.ExpertNamedAsync("更新 一");
        var me = await app.ExpertAsync(expert);
        var first = await app.Send(new RenewFeed(expert), me);
        var second = await app.Send(new RenewFeed(expert), await app.SupervisorAsync());
        Assert.NotEqual(first, second);
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new ReadFeed(first), Subscriber));
        Assert.Empty(Assert.Single(await ReadCalendar.ManyAsync(await app.Send(new ReadFeed(second), Subscriber))).Events);
        await app.SqlAsync($"update experts set active = false where id = '{expert}'");
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new ReadFeed(second), Subscriber));
        await app.SqlAsync($"update experts set active = true where id = '{expert}'");
        Assert.NotNull((await app.Send(new GetFeed(expert), me)).IssuedAt);
        Assert.True(await app.Send(new RevokeFeed(expert), me));
        Assert.False(await app.Send(new RevokeFeed(expert), me));
        foreach (var wrong in new[] { second, "", null, "../../etc/passwd", new string('x', 5000) })
        {
            await Assert.ThrowsAsync<NotFound>(() => app.Send(new ReadFeed(wrong), Subscriber));
        }

        Assert.Null((await app.Send(new GetFeed(expert), me)).IssuedAt);
        Assert.Equal("expert.feed_issued expert.feed_issued expert.feed_revoked", await app.SqlAsync($"select string_agg(action, ' ' order by id) from audit_entry where subject_id = '{expert}' and action like 'expert.feed%'"));
        foreach (var secret in new[] { first, second })
        {
            Assert.Equal(0L, await app.SqlAsync($"select count(*) from audit_entry a where position('{secret}' in a::text) > 0"));
        }
    }

    [Fact]
    public async Task An_expert_keeps_only_the_own_and_a_desk_none()
    {
        var (expert, other) = (await app.ExpertNamedAsync("本人 一"), await app.ExpertNamedAsync("別人 二"));
        var me = await app.ExpertAsync(expert);
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new RenewFeed(other), me));
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new RevokeFeed(other), me));
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new GetFeed(other), me));
        await Assert.ThrowsAsync<Forbidden>(async () => await app.Send(new RenewFeed(expert), await app.DeskAsync("tohoku")));
        await Assert.ThrowsAsync<Forbidden>(async () => await app.Send(new RenewFeed(expert), await app.SupervisorAsync("kyushu")));
    }
}
