using Consultation.Cases;
using Consultation.Check;
using Consultation.Messaging;
using Consultation.Routing;
using Consultation.Routing.Board;
using Consultation.Topics;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Tests.Routing.Board;

/// <summary>What the tests of the board share. Each takes a district of its own, so that their cases do not mix.</summary>
internal static class Boards
{
    /// <summary>So many cases of the district, an hour apart, the oldest first.</summary>
    public static async Task<IReadOnlyList<CaseId>> WaitAsync(this TestApp app, Actor desk, string prefecture, int count, params Track[] tracks)
    {
        var ids = new List<CaseId>();
        for (var n = 0; n < count; n++)
        {
            var logged = await app.Send(new LogInquiry(
                Channel.Phone, "在宅勤務の相談", ReceivedAt: TestApp.Start.AddDays(-4).AddHours(n * 0.1), Organisation: new(Prefecture: prefecture), Contact: new("相談 花子", null, "03-1234-5678", "hanako@example.jp")), desk);
            await app.Send(new RouteCase(logged.Id, tracks, StartMode.Together, Reason: "試験"), desk);
            ids.Add(logged.Id);
        }

        return ids;
    }

    public static async Task<BoardPlanView> PreviewAsync(this TestApp app, Actor actor, params CaseId[] cases) =>
        await app.Send(new GetAssignment((await app.Send(new PreviewAssignment(cases.Length == 0 ? null : cases), actor)).Id), actor);

    public static Task<List<Offer>> OffersAsync(this TestApp app, BoardPlanView plan) => app.ReadAsync(db =>
    {
        var ids = plan.Needs.Select(n => n.Case).ToList();
        return db.Set<Offer>().AsNoTracking().Where(o => ids.Contains(o.CaseId)).OrderBy(o => o.CaseId).ToListAsync();
    });

    public static async Task NothingBrokenAsync(this TestApp app) => Assert.Empty((await app.Send(new RunCheck())).Broken);

    public static IReadOnlyList<PlanChange> Changes(this RuleViolation refused) => Assert.IsAssignableFrom<IReadOnlyList<PlanChange>>(refused.Extra["changes"]);
}
