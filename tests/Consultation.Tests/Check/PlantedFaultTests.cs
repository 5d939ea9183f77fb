using Consultation.Audit;
using Consultation.CaseLoad;
using Consultation.Check;

namespace Consultation.Tests.Check;

/// <summary>A lifelike database: the seeded demo, with its audit sealed and its case load folded.</summary>
public sealed class SeededDemo : TestApp
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        while (await Send(new SealAudit()) > 0)
        {
            continue;
        }

        while (await Send(new FoldCaseLoad()) > 0)
        {
            continue;
        }
    }

    protected override Task<(string App, string Owner)> CloneAsync() => TestCluster.CloneDemoAsync();
}

/// <summary>The checker checked: every planted fault is found by its name, and once it is taken back nothing is left (reliability.md).</summary>
public sealed class PlantedFaultTests(SeededDemo app) : IClassFixture<SeededDemo>
{
    // Each row: the code that must be found, what is done behind the product's back, and how it is undone.
    public static TheoryData<string, string, string> Faults => [.. Planted.Faults];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_planted_fault_is_found_by_name_and_gone_when_taken_back(string code, string plant, string undo)
    {
        await app.SqlAsync(plant);
        var found = await app.Send(new RunCheck());
        Assert.Contains(found.Broken, b => b.Code == code);
        Assert.All(found.Broken, b => Assert.NotEqual("", b.Subject));

        // An index comes back only after the rows that broke it are gone for good.
        foreach (var part in undo.Split('§'))
        {
            await app.SqlAsync(part);
        }

        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public void Every_invariant_has_been_broken_by_a_planted_fault()
    {
        var planted = Planted.Faults.Select(f => f.Data.Item1).ToHashSet();
        Assert.Empty(Invariants.All.Select(i => i.Code).Except(planted));
        Assert.Equal(Invariants.All.Count, Invariants.All.Select(i => i.Code).Distinct().Count());
    }

    [Fact]
    public async Task A_sound_database_breaks_nothing_and_its_audit_is_sealed()
    {
        var result = await app.Send(new RunCheck());
        Assert.Empty(result.Broken);
        Assert.True(result.SealedAuditRows > 100);
    }
}
