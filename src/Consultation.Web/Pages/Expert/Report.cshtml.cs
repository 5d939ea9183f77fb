using System.ComponentModel.DataAnnotations;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Expert;

/// <summary>The report of a visit, written by the expert or taken down by the desk.</summary>
public sealed class ReportModel : PageModel
{
    public static readonly IReadOnlyList<Choice> NextSteps =
    [
        new("another", "もう1回の相談が要る", "次の相談の日程調整に進みます。"),
        new("done", "相談は終わった", "フォローアップの予定に進みます。"),
    ];

    public ReportView View { get; set; } = null!;

    [BindProperty(SupportsGet = true)]
    public string? Track { get; set; }

    [BindProperty, Display(Name = "報告")]
    public string? Text { get; set; }

    [BindProperty, Display(Name = "この後")]
    public string? Next { get; set; }

    [BindProperty, Display(Name = "扱った分野")]
    public List<string> Topics { get; set; } = [];

    public void OnGet()
    {
    }
}
