using Consultation.CaseLoad;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Topics;

namespace Consultation.Tests.CaseLoad;

/// <summary>Reckoned by hand: forty business days counted, five until the change, five while it lasts.</summary>
public sealed class WaitingProjectionTests
{
    private static readonly ExpertId One = ExpertId.New();
    private static readonly ExpertId Two = ExpertId.New();

    // 10 wait; 1 a day comes, 2 a day are taken on: 1.2 by one, 0.8 by the other.
    private static readonly WaitingLane Lane = new("kanto", Track.Mic, 10, 40, new Dictionary<ExpertId, int> { [One] = 48, [Two] = 32 });

    [Fact]
    public void With_everybody_at_work_ten_that_wait_take_five_days_and_are_gone_after_ten()
    {
        var lane = Assert.Single(WaitingProjection.Of([Lane], Change()));
        Assert.Equal((1, 2, 5, 0, 0, 0), (lane.ArrivedPerDay, lane.TakenPerDay, lane.Today, lane.Usual, lane.Changed, lane.WaitingThen));
    }

    [Fact]
    public void Without_the_faster_one_five_are_left_and_one_more_comes_of_a_fifth_a_day()
    {
        // 10 − 5 × 1 = 5 when the change begins; 5 + 5 × (1 − 0.8) = 6 at its end; then both are back: 6 ÷ 2 = 3 days.
        var lane = Assert.Single(WaitingProjection.Of([Lane], Change(One)));
        Assert.Equal((5, 0, 3, 6), (lane.Today, lane.Usual, lane.Changed, lane.WaitingThen));
    }

    [Fact]
    public void Without_anybody_the_queue_grows_by_what_comes()
    {
        // 5 + 5 × 1 = 10.
        var lane = Assert.Single(WaitingProjection.Of([Lane], Change(One, Two)));
        Assert.Equal((5, 10), (lane.Changed, lane.WaitingThen));
    }

    [Fact]
    public void One_more_takes_on_what_one_took_on_in_the_mean_and_more_where_more_comes()
    {
        // The mean of two experts is 1 a day; three quarters of it go where three quarters of the covered inflow come from.
        var other = new WaitingLane("tohoku", Track.Mic, 9, 120, new Dictionary<ExpertId, int>());
        var foreign = new WaitingLane("kanto", Track.Mhlw, 4, 20, new Dictionary<ExpertId, int>());
        var lanes = WaitingProjection.Of([Lane, other, foreign], Change() with { Added = new(Affiliation.Mic, null) });
        // 9 + 5 × 3 = 24, then 24 + 5 × (3 − 0.75) = 35.25; 35.25 ÷ 0.75 = 47 days. Nobody took one on before: no estimate for today.
        Assert.Equal((null, null, 47, 35.2), (lanes[1].Today, lanes[1].Usual, lanes[1].Changed, lanes[1].WaitingThen));
        // 5, then 5 + 5 × (1 − 2.25) < 0.
        Assert.Equal(0, lanes[0].Changed);
        Assert.Equal((null, null), (lanes[2].Today, lanes[2].Changed));
    }

    [Fact]
    public void Where_nobody_waits_and_nothing_comes_nobody_waits_a_day()
    {
        var lane = Assert.Single(WaitingProjection.Of([new("okinawa", Track.Mhlw, 0, 0, new Dictionary<ExpertId, int>())], Change(One)));
        Assert.Equal((0, 0, 0), (lane.Today, lane.Usual, lane.Changed));
    }

    private static WaitingChange Change(params ExpertId[] away) => new(40, 5, 5, away.ToHashSet());
}
