using System.ComponentModel.DataAnnotations;
using Consultation.Messaging;
using Consultation.Visits;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Visits;

/// <summary>Gives a visit up, by whom and why.</summary>
public sealed class CancelModel(Dispatcher dispatcher) : VisitPage(dispatcher)
{
    public static readonly IReadOnlyList<Choice> Causes =
        [.. new[] { CancelledBy.Client, CancelledBy.Expert, CancelledBy.Desk, CancelledBy.Disaster }.Select(by => Choices.Of(by, VisitWords.Of(by)))];

    [BindProperty, Display(Name = "だれの都合か")]
    public string? By { get; set; }

    [BindProperty, Display(Name = "理由")]
    public string? Reason { get; set; }

    /// <summary>What becomes of the quota, told beforehand.</summary>
    public string Counting { get; private set; } = "";

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public Task<IActionResult> OnPostAsync() =>
        DoAsync(new CancelVisit(VisitId, Choices.Read<CancelledBy>(By), Reason), field => field == "by" ? "By" : "Reason", "予約を取り消しました。");

    protected override async Task LookAsync()
    {
        await base.LookAsync();
        var foreseen = await AskAsync(new ForeseeQuota(VisitId));
        Counting = !foreseen.IsCounted ? "この相談は回数に数えていません。"
            : foreseen.IfClientCancels.Counts ? "いま相談者の都合で取り消すと、この事業年度の取扱いにより1回と数えます。専門家・窓口・災害による中止は数えません。"
            : "仮押さえした回数は戻ります。";
    }
}
