using System.ComponentModel.DataAnnotations;
using Consultation.Messaging;
using Consultation.Visits;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Visits;

/// <summary>Records that a visit took place, or that nobody was there.</summary>
public sealed class CompleteModel(Dispatcher dispatcher) : VisitPage(dispatcher)
{
    public IReadOnlyList<Choice> Outcomes { get; private set; } = [];

    public bool NeedsSource => !IsOwn;

    [BindProperty, Display(Name = "結果")]
    public string? Outcome { get; set; }

    [BindProperty, Display(Name = "実際の時間(分)")]
    public string? Minutes { get; set; }

    [BindProperty, Display(Name = "確認の方法")]
    public string? Source { get; set; }

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    protected override async Task LookAsync()
    {
        await base.LookAsync();
        var foreseen = await AskAsync(new ForeseeQuota(VisitId));
        Outcomes =
        [
            Choices.Of(VisitOutcome.TookPlace, "実施した"),
            new(nameof(VisitOutcome.NoShow), "先方不在", foreseen is { IsCounted: true, IfNobodyIsThere.Counts: true } ? "この事業年度の取扱いにより1回と数えます。" : "回数は使用しません。"),
        ];
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var minutes = Typed.Number(Minutes);
        if (!string.IsNullOrWhiteSpace(Minutes) && minutes is null or > 1440)
        {
            ModelState.AddModelError("Minutes", "90 のように、分の数字だけを入力してください。");
        }

        var complete = new CompleteVisit(VisitId, Choices.Read<VisitOutcome>(Outcome), (int?)minutes, Source);
        return await DoAsync(complete, field => field switch { "outcome" => "Outcome", "minutes" => "Minutes", "source" => "Source", _ => null }, "結果を記録しました。");
    }
}
