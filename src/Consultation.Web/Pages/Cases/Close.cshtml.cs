using System.ComponentModel.DataAnnotations;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Cases;

/// <summary>Closes a case. What is still open is listed, and is cancelled only where that is said.</summary>
public sealed class CloseModel(Dispatcher dispatcher) : CaseActPage(dispatcher)
{
    private const string Yes = "yes";

    public static readonly IReadOnlyList<Choice> Outcomes =
    [
        Choices.Of(CaseOutcome.Completed), Choices.Of(CaseOutcome.Answered), Choices.Of(CaseOutcome.Referred), Choices.Of(CaseOutcome.OutOfScope),
        Choices.Of(CaseOutcome.Withdrawn), Choices.Of(CaseOutcome.Duplicate),
    ];

    public static readonly IReadOnlyList<Choice> Statuses = Desk.InquiryChoices.TeleworkStatuses;

    public static readonly IReadOnlyList<Choice> Cancelling = [new(Yes, "これらをすべて取り消して完了にする")];

    public IReadOnlyList<string> OpenWork { get; private set; } = [];

    [BindProperty(SupportsGet = true), Display(Name = "結果")]
    public string? Outcome { get; set; }

    [BindProperty, Display(Name = "支援後の導入状況")]
    public string? StatusAfter { get; set; }

    [BindProperty, Display(Name = "理由・補足")]
    public string? Reason { get; set; }

    [BindProperty, Display(Name = "終わっていないものの扱い")]
    public List<string> Cancel { get; set; } = [];

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public async Task<IActionResult> OnPostAsync()
    {
        var close = new CloseCase(Case, Choices.Read<CaseOutcome>(Outcome), Choices.Read<TeleworkStatus>(StatusAfter), Cancel.Contains(Yes), Reason);
        return await DoAsync(close, field => field switch { "outcome" => "Outcome", "statusAfter" => "StatusAfter", _ => "Reason" }, "完了にしました。");
    }

    protected override string? FieldOfRule(RuleViolation refused)
    {
        if (refused.Extra.TryGetValue("objections", out var listed) && listed is IEnumerable<Objection> objections)
        {
            OpenWork = [.. objections.Select(objection => objection.Text)];
            return "Cancel";
        }

        return refused.Code == "case.status_after_missing" ? "StatusAfter" : null;
    }
}
