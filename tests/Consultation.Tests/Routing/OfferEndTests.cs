using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Routing;
using Consultation.Topics;
using static Consultation.Tests.Routing.Queue;

namespace Consultation.Tests.Routing;

/// <summary>Each test has a database of its own, because each moves the clock or counts what ends.</summary>
public sealed class OfferEndTests : IAsyncLifetime
{
    private readonly TestApp app = new();

    public ValueTask InitializeAsync() => app.InitializeAsync();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task J16_one_ministry_accepts_and_only_the_late_ones_clock_ends()
    {
        var desk = await app.DeskAsync("kanto");
        var (mic, mhlw) = (await app.HireAsync(), await app.HireAsync());
        var id = await app.WaitingAsync(desk, Track.Mic, Track.Mhlw);
        await app.Send(new OfferCase(id, Track.Mic, mic), desk);
        var taken = await app.Send(new OfferCase(id, Track.Mhlw, mhlw), desk);
        await app.Send(new AcceptOffer(taken.Id), await app.ExpertAsync(mhlw));
        Assert.Equal(CaseStatus.Offered, (await app.CaseAsync(id)).Status);

        await app.MoveClockAsync(Japan(11, 26, 16, 59));
        Assert.Equal(0, await app.Send(new ExpireOffers()));
        await app.MoveClockAsync(Japan(11, 26, 17, 1));
        Assert.Equal(1, await app.Send(new ExpireOffers()));
        Assert.Equal(0, await app.Send(new ExpireOffers()));

        var late = await app.CaseAsync(id);
        Assert.Equal((TrackState.Wanted, TrackState.Held), (late.TrackOf(Track.Mic)!.State, late.TrackOf(Track.Mhlw)!.State));
        Assert.Equal(CaseStatus.Waiting, late.Status);
        Assert.Contains(late.History, h => h.Kind == "offer_expired");
        Assert.Contains(late.Deadlines, d => d is { Kind: DeadlineKind.Assignment, Track: Track.Mic, State: DeadlineState.Open });
        Assert.Equal(1L, await app.SqlAsync("select count(*) from audit_entry where action = 'offer.expired'"));

        var seen = await app.CandidateAsync(id, mic, await app.SupervisorAsync());
        Assert.Empty(seen.Excluded);
        Assert.Contains(seen.Parts, p => p is { Code: "unanswered", Points: < 0 });
    }

    [Fact]
    public async Task An_expired_offer_can_no_longer_be_accepted()
    {
        var expert = await app.HireAsync();
        var offer = await app.OfferedAsync(await app.DeskAsync("kanto"), expert);
        await app.MoveClockAsync(Japan(11, 27, 9));
        await app.Send(new ExpireOffers());
        Assert.Equal("offer.closed", (await Assert.ThrowsAsync<RuleViolation>(async () => await app.Send(new AcceptOffer(offer.Id), await app.ExpertAsync(expert)))).Code);
    }

    [Fact]
    public async Task A_hold_stops_the_clock_of_an_offer_and_the_rest_runs_on_afterwards()
    {
        var desk = await app.DeskAsync("kanto");
        var expert = await app.HireAsync();
        var offer = await app.OfferedAsync(desk, expert);
        await app.Send(new HoldCase(offer.Case, "先方の回答待ち"), desk);
        await app.MoveClockAsync(Japan(12, 3, 9));
        Assert.Equal(0, await app.Send(new ExpireOffers()));
        await app.Send(new ResumeCase(offer.Case), desk);
        var shown = Assert.Single((await app.Send(new ListOffers(), desk)).Items);
        Assert.Equal(Japan(12, 7, 17), shown.RespondBy);
        await app.MoveClockAsync(Japan(12, 7, 17, 1));
        Assert.Equal(1, await app.Send(new ExpireOffers()));
    }

    [Fact]
    public async Task Two_workers_expire_each_offer_once()
    {
        var desk = await app.DeskAsync("kanto");
        var expert = await app.HireAsync();
        for (var i = 0; i < 12; i++)
        {
            await app.OfferedAsync(desk, expert);
        }

        await app.MoveClockAsync(Japan(11, 27, 9));
        var ended = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => app.Send(new ExpireOffers())));
        Assert.Equal(12, ended.Sum() + await app.Send(new ExpireOffers()));
        Assert.Equal(12L, await app.SqlAsync("select count(*) from case_history where kind = 'offer_expired'"));
    }

    [Fact]
    public async Task A_supervisor_takes_a_track_back_and_offers_it_to_another()
    {
        var desk = await app.DeskAsync("kanto");
        var (first, second) = (await app.HireAsync(), await app.HireAsync());
        var offer = await app.OfferedAsync(desk, first);
        var me = await app.ExpertAsync(first);
        await app.Send(new AcceptOffer(offer.Id), me);
        await Assert.ThrowsAsync<Forbidden>(() => app.Send(new ReassignTrack(offer.Case, Track.Mic, second, "長期不在"), desk));

        var supervisor = await app.SupervisorAsync();
        Assert.Equal(offer.Id, (await app.Send(new ReassignTrack(offer.Case, Track.Mic, first, "変更なし"), supervisor)).Id);
        var moved = await app.Send(new ReassignTrack(offer.Case, Track.Mic, second, "長期不在"), supervisor);
        Assert.Equal((second, OfferState.Open, CaseStatus.Offered), (moved.Expert, moved.State, moved.Status));
        Assert.Equal("offer.closed", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new AcceptOffer(offer.Id), me))).Code);
    }

    [Theory]
    [InlineData("waiting", "discarded", 0L)]
    [InlineData("sent", "sent", 1L)]
    public async Task A_question_that_a_supervisor_gives_to_another_is_taken_back_from_whoever_may_have_read_it(string letter, string afterwards, long withdrawn)
    {
        var (first, second) = (await app.HireAsync(), await app.HireAsync());
        var offer = await app.OfferedAsync(await app.DeskAsync("kanto"), first);
        await app.SqlAsync($"update outgoing_mail set state = '{letter}', sent_at = case when '{letter}' = 'sent' then app_now() end, attempts = ('{letter}' = 'sent')::int where event_key = 'offer/{offer.Id}'");
        await app.Send(new ReassignTrack(offer.Case, Track.Mic, second, "急ぎのため"), await app.SupervisorAsync());
        Assert.Equal(afterwards, await app.SqlAsync($"select state from outgoing_mail where event_key = 'offer/{offer.Id}' and template = 'offer-made'"));
        Assert.Equal(withdrawn, await app.SqlAsync($"select count(*) from outgoing_mail where event_key = 'offer/{offer.Id}' and template = 'offer-withdrawn' and person = '{first}'"));
    }

    [Fact]
    public async Task An_open_offer_stands_against_closing_unless_open_work_is_closed_too()
    {
        var desk = await app.DeskAsync("kanto");
        var offer = await app.OfferedAsync(desk, await app.HireAsync());
        var refused = await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new CloseCase(offer.Case, CaseOutcome.Withdrawn), desk));
        Assert.Equal("case.open_work", refused.Code);
        Assert.Contains(offer.ExpertName, refused.Text, StringComparison.Ordinal);

        await app.Send(new CloseCase(offer.Case, CaseOutcome.Withdrawn, CloseOpenWork: true), desk, version: offer.Version);
        Assert.Equal("withdrawn", await app.SqlAsync($"select state from offers where id = '{offer.Id}'"));
        var closed = await app.CaseAsync(offer.Case);
        Assert.Equal(TrackState.Dropped, closed.TrackOf(Track.Mic)!.State);
        Assert.Equal(CaseStatus.Closed, closed.Status);
    }
}
