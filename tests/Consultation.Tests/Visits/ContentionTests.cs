using Consultation.Cases;
using Consultation.Check;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Topics;
using Consultation.Visits;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Visits;

/// <summary>Invariant I5 and the quota, after many hands have booked, moved, cancelled, expired and closed at once.</summary>
public sealed class ContentionTests(TestApp app) : IClassFixture<TestApp>
{
    private static readonly int[] Days = [26, 27, 30];

    [Theory]
    [InlineData(20261124)]
    public async Task Diary_quota_and_case_agree_whatever_happens_at_once(int seed)
    {
        var experts = new List<(ExpertId Mic, ExpertId Mhlw)>();
        for (var i = 0; i < 2; i++)
        {
            experts.Add((await app.ExpertNamedAsync($"混戦 総務{i}"), await app.ExpertNamedAsync($"混戦 厚労{i}", Affiliation.Mhlw)));
        }

        var cases = new List<CaseId>();
        for (var i = 0; i < 8; i++)
        {
            cases.Add(await app.HeldCaseAsync($"株式会社混戦{i % 3}", (Track.Mic, experts[i % 2].Mic), (Track.Mhlw, experts[(i + 1) % 2].Mhlw)));
        }

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 24).Select(worker => WorkAsync(new Random(seed + worker), cases)));

        var unexpected = outcomes.SelectMany(o => o).Where(o => o is not ("ok" or "visit.taken" or "quota.exhausted" or "visit.client_busy" or "visit.not_open" or "case.not_allowed"));
        Assert.Empty(unexpected.Distinct());
        Assert.Contains("ok", outcomes.SelectMany(o => o));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    private async Task<List<string>> WorkAsync(Random random, List<CaseId> cases)
    {
        var mine = new List<VisitId>();
        var outcomes = new List<string>();
        for (var step = 0; step < 12; step++)
        {
            try
            {
                switch (random.Next(8))
                {
                    case < 5:
                        var tracks = random.Next(3) switch { 0 => new[] { Track.Mic }, 1 => [Track.Mhlw], _ => null };
                        mine.Add((await app.Send(Visit(cases[random.Next(cases.Count)], At(11, Days[random.Next(3)], 9 + random.Next(7)), tracks: tracks, hold: random.Next(2) == 0))).Id);
                        break;
                    case 5 when mine.Count > 0:
                        await app.Send(new CancelVisit(mine[random.Next(mine.Count)], CancelledBy.Client, "混戦"));
                        break;
                    case 6 when mine.Count > 0:
                        var to = At(11, Days[random.Next(3)], 9 + random.Next(7));
                        await app.Send(new RescheduleVisit(mine[random.Next(mine.Count)], to, to.AddHours(1), "混戦"));
                        break;
                    default:
                        await app.Send(new ExpireHolds());
                        break;
                }

                outcomes.Add("ok");
            }
            catch (Failure refused)
            {
                outcomes.Add(refused.Code);
            }
        }

        return outcomes;
    }
}
