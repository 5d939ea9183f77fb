using Consultation.Cases;
using Consultation.Check;
using Consultation.Demo;

namespace Consultation.Tests.Demo;

/// <summary>The demo is seeded into a database that is no demo yet, as deploy/run does it.</summary>
public sealed class DemoTests : TestApp
{
    [Fact]
    public async Task The_demo_shows_cases_in_every_status_and_breaks_no_invariant_and_can_be_repeated()
    {
        await SqlAsync("update installation set demo = false, clock_shift = '0'");
        var people = await Send(new SeedDemo());
        Assert.Contains(people, p => p.Email == "tohoku@desk.example");
        Assert.Equal(91L, await SqlAsync("select count(*) from cases"));
        foreach (var status in Enum.GetValues<CaseStatus>())
        {
            Assert.NotEmpty((await Send(new ListCases(Status: status))).Items);
        }

        Assert.Equal(people, await Send(new SeedDemo()));
        Assert.Equal(91L, await SqlAsync("select count(*) from cases"));
        Assert.Empty((await Send(new RunCheck())).Broken);
    }
}
