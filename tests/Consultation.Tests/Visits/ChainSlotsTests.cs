using Consultation.Cases;
using Consultation.Check;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Topics;
using Consultation.Visits;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Visits;

/// <summary>
/// Along chains of visits in several prefectures with talks from afar and nights between them, while the days pass: what the slots, the week and the diary offer can be booked
/// or moved to, and what is refused was not offered (idea P19, journeys J17, J58).
/// </summary>
public sealed class ChainSlotsTests(TestApp app) : IClassFixture<TestApp>
{
    private static readonly string[] Places = ["東京都", "神奈川県", "愛知県", "大阪府", "兵庫県", "福岡県", "沖縄県"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task P19_what_is_offered_along_a_chain_can_be_had_and_nothing_else(int seed)
    {
        await app.MoveClockAsync(At(12, 4, 10));
        var random = new Random(seed);
        var expert = await app.ExpertNamedAsync($"連鎖 {seed}", prefecture: seed % 2 == 0 ? "13" : "27");
        var cases = new List<CaseId>();
        foreach (var place in Places)
        {
            var id = await app.HeldCaseAsync($"株式会社連鎖{place}{seed}", (Track.Mic, expert));
            await app.Send(new EditCase(id, Organisation: new(Prefecture: place)));
            cases.Add(id);
        }

        await app.SqlAsync("update quota_accounts set \"limit\" = 90; update programme_years set quota_limit = 90 where fiscal_year = 2026");
        var standing = new List<ChangedVisit>();
        var (had, refused) = (0, 0);
        for (var tries = 0; tries < 90; tries++)
        {
            if (tries % 15 == 14)
            {
                await app.MoveClockAsync(app.Now.AddHours(random.Next(5, 14)));
                standing.RemoveAll(v => v.Start <= app.Now);
            }

            var moved = standing.Count > 0 && random.Next(3) == 0 ? standing[random.Next(standing.Count)] : null;
            var id = moved?.Case ?? cases[random.Next(cases.Count)];
            var start = At(12, random.Next(7, 12), random.Next(9, 17), random.Next(2) * 30);
            var (minutes, mode) = (random.Next(1, 4) * 30, random.Next(4) == 0 ? VisitMode.Web : VisitMode.Visit);
            var week = await app.Send(new LookAtWeek(id, new(2026, 12, 7), mode, minutes, Moving: moved?.Id));
            var offered = week.Days.Any(d => d.Free.Any(s => s.Start == start));
            if (moved is null)
            {
                Assert.Equal(
                    week.Days.SelectMany(d => d.Free).Select(s => s.Start),
                    (await app.Send(new ListSlots(id, At(12, 7, 0), At(12, 12, 0), mode, minutes))).Select(s => s.Start));
            }

            ChangedVisit? visit = null;
            var answer = await Record.ExceptionAsync(async () => visit = moved is null
                ? await app.Send(Visit(id, start, minutes, mode))
                : await app.Send(new RescheduleVisit(moved.Id, start, start.AddMinutes(minutes), "先方都合", mode)));
            var told = $"{seed}/{tries} at {app.Now:dd HH:mm}: {start:dd HH:mm} {minutes} {mode} {(moved is null ? "" : $"instead of {moved.Start:dd HH:mm}")}: offered {offered}, {(answer as RuleViolation)?.Code ?? answer?.ToString()}";
            Assert.True(offered == answer is null, told);
            _ = answer is null ? had++ : refused++;
            if (visit is not null)
            {
                standing.RemoveAll(v => v.Id == visit.Id);
                standing.Add(visit);
                await ReachedAsync(expert, told);
                if (random.Next(6) == 0)
                {
                    await app.Send(new CancelVisit(visit.Id, CancelledBy.Client, "急用"));
                    standing.Remove(visit);
                }
            }

            if (tries % 10 == 0)
            {
                await DiaryAgreesAsync(expert, cases[0]);
            }
        }

        Assert.True(had > 10 && refused > 10, $"{had} had, {refused} refused");
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    /// <summary>A judge of its own, who knows nothing of rows: from one standing visit on site to the next there is time for the way between their places.</summary>
    private async Task ReachedAsync(ExpertId expert, string told)
    {
        var visits = ((string)(await app.SqlAsync($"""
            select coalesce(string_agg(to_char(v.starts_at, 'YYYY-MM-DD HH24:MI') || ';' || to_char(v.ends_at, 'YYYY-MM-DD HH24:MI') || ';' || c.prefecture, '|' order by v.starts_at), '')
            from visits v join visit_experts e on e.visit_id = v.id join cases c on c.id = v.case_id where e.expert_id = '{expert}' and v.mode = 'visit' and v.state = 'confirmed'
            """))!).Split('|', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split(';')).Select(v => (From: Utc(v[0]), To: Utc(v[1]), Place: v[2])).ToList();
        foreach (var (one, next) in visits.Zip(visits.Skip(1)))
        {
            var way = Travel.Between(one.Place, next.Place, DateOnly.FromDateTime(next.From));
            Assert.True(next.From - one.To >= way, $"{told}: from {one.To:dd HH:mm} to {next.From:dd HH:mm} (UTC) it takes {way}");
        }

        static DateTime Utc(string text) => DateTime.ParseExact(text, "yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Half an hour from afar can be had exactly where the expert's diary is free.</summary>
    private async Task DiaryAgreesAsync(ExpertId expert, CaseId id)
    {
        var own = (await app.ReadAsync(db => Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions.ToListAsync(
            Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions.AsNoTracking(db.Set<Consultation.Visits.Visit>())))).Where(v => v.CaseId == id && v.IsOpen).ToList();
        var free = (await app.Send(new LookAtDiary(expert, new(2026, 12, 7), 5))).Days.SelectMany(d => d.Free).ToList();
        var slots = (await app.Send(new ListSlots(id, At(12, 7, 0), At(12, 12, 0), VisitMode.Web, 30))).Select(s => s.Start).ToHashSet();
        for (var start = At(12, 7, 9); start < At(12, 11, 17); start = start.AddMinutes(30))
        {
            if (start > app.Now && !own.Any(v => v.StartsAt < start.AddMinutes(30) && start < v.EndsAt))
            {
                Assert.True(free.Any(f => f.From <= start && start.AddMinutes(30) <= f.To) == slots.Contains(start), $"{start:dd HH:mm}: {string.Join(' ', free)}");
            }
        }
    }
}
