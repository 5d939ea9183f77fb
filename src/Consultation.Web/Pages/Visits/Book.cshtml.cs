using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Visits;

/// <summary>Books a consultation: only periods that are free for everybody are offered, and the page says beforehand what the booking does.</summary>
public sealed class BookModel : PageModel
{
    public BookView View { get; set; } = null!;

    [BindProperty(SupportsGet = true), Display(Name = "方法")]
    public string? Mode { get; set; } = "visit";

    [BindProperty(SupportsGet = true), Display(Name = "出席する専門家")]
    public List<string> Tracks { get; set; } = [];

    [BindProperty(SupportsGet = true), Display(Name = "所要時間(分)")]
    public string? Minutes { get; set; } = "90";

    [BindProperty(SupportsGet = true)]
    public string? From { get; set; }

    [BindProperty, Display(Name = "日時")]
    public string? Slot { get; set; }

    [BindProperty, Display(Name = "段階")]
    public string? Stage { get; set; } = "assess";

    [BindProperty, Display(Name = "場所")]
    public string? Place { get; set; }

    [BindProperty]
    public string Key { get; set; } = "";

    public void OnGet()
    {
    }
}
