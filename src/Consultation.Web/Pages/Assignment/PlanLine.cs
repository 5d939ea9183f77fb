using Consultation.Routing.Board;

namespace Consultation.Web.Pages.Assignment;

/// <summary>A figure of the plan beside the present one; empty where there is none.</summary>
public sealed record PlanLine(string Name, string Now, string Greedy, string Optimal)
{
    public static IReadOnlyList<PlanLine> Of(BoardPlanView plan)
    {
        var (greedy, optimal) = (plan.Greedy, plan.Optimal);
        var lines = new List<PlanLine>
        {
            new("打診できる", "", $"{greedy.Assigned}件", $"{optimal.Assigned}件"),
            new("決まらない", $"{plan.Needs.Count}件", $"{greedy.Unassigned}件", $"{optimal.Unassigned}件"),
            new("決まらない案件の待ち（合計）", $"{plan.Needs.Sum(n => n.Waited)}営業日", $"{greedy.WaitedLeft}営業日", $"{optimal.WaitedLeft}営業日"),
            new("いちばん長い待ち", $"{plan.Needs.Max(n => n.Waited)}営業日", $"{greedy.LongestLeft}営業日", $"{optimal.LongestLeft}営業日"),
            new("片道の移動の目安（合計）", "", $"{greedy.TravelMinutes}分", $"{optimal.TravelMinutes}分"),
            new("1人で両省を担当", "", $"{greedy.OnePerson}件", $"{optimal.OnePerson}件"),
            new("いちばん重い負担", Share(plan.Before.Highest), Share(greedy.Spread.Highest), Share(optimal.Spread.Highest)),
            new("負担のばらつき（標準偏差）", Share(plan.Before.Deviation), Share(greedy.Spread.Deviation), Share(optimal.Spread.Deviation)),
        };
        if (greedy.Points is { } ofGreedy && optimal.Points is { } ofOptimal)
        {
            lines.Add(new("合い具合の点数（合計）", "", $"{ofGreedy}点", $"{ofOptimal}点"));
            lines.Add(new("費用（小さいほど良い）", "", $"{greedy.Cost}", $"{optimal.Cost}"));
        }

        return lines;
    }

    private static string Share(double part) => $"{Math.Round(100 * part)}%";
}
