using Consultation.Cases;
using Consultation.Check;
using Consultation.Demo;
using Consultation.Tests.Check;

namespace Consultation.Tests.Demo;

/// <summary>What the demo shows, and that seeding it again changes nothing.</summary>
public sealed class DemoTests(SeededDemo app) : IClassFixture<SeededDemo>
{
    [Fact]
    public async Task The_demo_shows_cases_in_every_status_and_breaks_no_invariant_and_can_be_repeated()
    {
        var people = await app.Send(new SeedDemo());
        Assert.Contains(people, p => p.Email == "tohoku@desk.example");
        Assert.Equal(91L, await app.SqlAsync("select count(*) from cases"));
        foreach (var status in Enum.GetValues<CaseStatus>())
        {
            Assert.NotEmpty((await app.Send(new ListCases(Status: status))).Items);
        }

        Assert.Equal(people, await app.Send(new SeedDemo()));
        Assert.Equal(91L, await app.SqlAsync("select count(*) from cases"));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }
}
