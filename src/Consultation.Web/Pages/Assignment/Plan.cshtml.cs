using Consultation.Messaging;
using Consultation.Routing;
using Consultation.Routing.Board;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Assignment;

/// <summary>A plan: both proposals side by side, who would be asked and why, what is sent to whom, and what became of it.</summary>
public sealed class PlanModel(Dispatcher dispatcher) : SendingPage(dispatcher)
{
    private const int PerPage = 50;

    public BoardPlanView Plan { get; private set; } = null!;

    /// <summary>What has changed since, where applying was refused for that.</summary>
    public IReadOnlyList<PlanChange> Changes { get; private set; } = [];

    [BindProperty(SupportsGet = true)]
    public string Id { get; set; } = "";

    /// <summary>The first row of this page of the table.</summary>
    [BindProperty(SupportsGet = true)]
    public int From { get; set; }

    /// <summary>What is to be confirmed: optimal, greedy or undo; null for nothing.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Confirm { get; set; }

    [BindProperty]
    public string? Choice { get; set; }

    public AssignmentChoice? ConfirmedChoice => Confirm switch { "optimal" => AssignmentChoice.Optimal, "greedy" => AssignmentChoice.Greedy, _ => null };

    public StateView State => Plan.State switch
    {
        BoardPlanState.Proposed => new("案（未確定）", Tone.Plain, Shape.Writing),
        BoardPlanState.Applied => new("打診済み", Tone.Ok, Shape.Done),
        _ => new("取消し済み", Tone.Quiet, Shape.Again),
    };

    public IEnumerable<BoardNeedView> Shown => Plan.Needs.Skip(From).Take(PerPage);

    public IReadOnlyList<BoardNeedView> Unanswered => [.. Plan.Needs.Where(n => n.Offer is { State: OfferState.Open })];

    public IReadOnlyList<PlanLine> Lines => PlanLine.Of(Plan);

    public string Proof => Plan.Optimal.IsOptimal
        ? "「全体で最適」は、これより良い割当てがないことを計算で確かめてあります。"
        : "「全体で最適」は、見つかった中でいちばん良い割当てです。これより良いものがないことまでは確かめていません。";

    public PagerView Pager => new(
        $"{Plan.Needs.Count}件のうち{From + 1}〜{Math.Min(From + PerPage, Plan.Needs.Count)}件目", From == 0 ? null : LinkTo(), From + PerPage < Plan.Needs.Count ? LinkTo(From + PerPage) : null);

    private BoardPlanId Known => BoardPlanId.TryParse(Id, null, out var id) ? id : throw new NotFound();

    public static string Of(AssignmentChoice choice) => choice == AssignmentChoice.Greedy ? "1件ずつ" : "全体で最適";

    public static StateView Of(BoardOfferView offer) => offer.State switch
    {
        OfferState.Open => new("打診中", Tone.Info, Shape.Asked),
        OfferState.Accepted => new("受諾", Tone.Ok, Shape.Accepted),
        OfferState.Declined => new("辞退", Tone.Quiet, Shape.Declined),
        OfferState.Expired => new("期限切れ", Tone.Warn, Shape.Time),
        _ => new("取消し", Tone.Quiet, Shape.Again),
    };

    public string LinkTo(int from = 0, string? confirm = null) =>
        $"{IndexModel.PathTo(Plan.Id)}{(confirm is not null ? $"?confirm={confirm}" : from > 0 ? $"?from={from}" : "")}";

    public IReadOnlyList<PlanLetters> LettersOf(AssignmentChoice choice) => choice == AssignmentChoice.Greedy ? Plan.GreedyLetters : Plan.OptimalLetters;

    public async Task OnGetAsync()
    {
        await LookAsync();
        // A confirmation whose time is over shows the plan as it is by now.
        Confirm = (Plan.State, Confirm) switch
        {
            (BoardPlanState.Proposed, "optimal" or "greedy") => Confirm,
            (BoardPlanState.Applied, "undo") when Unanswered.Count > 0 => Confirm,
            _ => null,
        };
    }

    public async Task<IActionResult> OnPostApplyAsync() => await DoAsync(
        new ApplyAssignment(Known, Choices.Read<AssignmentChoice>(Choice)),
        done => done.Repeated ? $"この案は、{done.AppliedBy}さんが{Reference.JapaneseDate.ShortTime(done.AppliedAt!.Value)}に打診済みです。" : "打診しました。");

    public async Task<IActionResult> OnPostUndoAsync() => await DoAsync(
        new UndoAssignment(Known),
        done => done.Repeated ? $"この案の打診は、{done.UndoneBy}さんが{Reference.JapaneseDate.ShortTime(done.UndoneAt!.Value)}に取り消しています。"
            : $"{done.Withdrawn}件の打診を取り消しました。" + (done.Kept == 0 ? "" : $"回答や期限切れで済んだものなど、{done.Kept}件は残っています。"));

    public async Task<IActionResult> OnPostAnewAsync()
    {
        var made = await AskAsync(new PreviewAssignment());
        return Redirect(IndexModel.PathTo(made.Id));
    }

    protected override string? FieldOfRule(RuleViolation refused)
    {
        Changes = refused.Extra.TryGetValue("changes", out var changes) ? (IReadOnlyList<PlanChange>)changes! : [];
        return null;
    }

    private async Task<IActionResult> DoAsync(ICommand<BoardResult> request, Func<BoardResult, string> said)
    {
        if (await TryAsync(request, _ => null, done => Say(said(done))))
        {
            return Redirect(IndexModel.PathTo(Known));
        }

        Confirm = null;
        await LookAsync();
        return Page();
    }

    private async Task LookAsync()
    {
        Plan = await AskAsync(new GetAssignment(Known));
        From = From >= 0 && From < Plan.Needs.Count ? From : 0;
    }
}
