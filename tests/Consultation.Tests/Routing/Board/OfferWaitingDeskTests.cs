using Consultation.CalendarChange;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Topics;
using Consultation.Work;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Routing.Board;

public sealed class OfferWaitingDeskTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task One_desks_Saturday_opening_offers_its_own_cases_and_nobody_elses()
    {
        await app.SqlAsync("update programme_years set offers_when_free = true where fiscal_year = 2026");
        await app.HireAsync(Affiliation.Mic, "東京都", capacity: 1);
        await app.HireAsync(Affiliation.Mic, "宮城県", capacity: 1);
        var open = (await app.WaitAsync(await app.DeskAsync("kanto"), "東京都", 1, Track.Mic))[0];
        var closed = (await app.WaitAsync(await app.DeskAsync("tohoku"), "宮城県", 1, Track.Mic))[0];
        await app.Send(new OpenDay(new(new(2026, 11, 28), "kanto", new(10, 0), new(15, 0), null, null, "土曜相談会")), await app.OfAsync(Role.Administrator));

        await app.MoveClockAsync(At(11, 28, 11));
        Assert.Equal(1, (await app.Send(new RunJob("offer-waiting"))).Done);
        Assert.Equal((CaseStatus.Offered, CaseStatus.Waiting), ((await app.CaseAsync(open)).Status, (await app.CaseAsync(closed)).Status));
        await app.MoveClockAsync(At(11, 30, 11));
        Assert.Equal(1, (await app.Send(new RunJob("offer-waiting"))).Done);
        Assert.Equal(CaseStatus.Offered, (await app.CaseAsync(closed)).Status);
    }
}
