using System.ComponentModel.DataAnnotations;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Consultation.Web.Pages.Cases;

/// <summary>One case: what is next, what happened, and the two things written most: contacts and internal notes.</summary>
public sealed class CaseModel : PageModel
{
    public CaseView View { get; set; } = null!;

    [BindProperty]
    public ContactInput Contact { get; set; } = new();

    [BindProperty]
    public NoteInput Note { get; set; } = new();

    public void OnGet()
    {
    }

    public sealed class ContactInput
    {
        [Display(Name = "内容")]
        public string? Text { get; set; }

        [Display(Name = "向き")]
        public string? Direction { get; set; } = "out";

        [Display(Name = "手段")]
        public string? Channel { get; set; } = "phone";

        [Display(Name = "結果")]
        public string? Result { get; set; } = "answered";

        [Display(Name = "相手")]
        public string? Person { get; set; }

        [Display(Name = "かかった時間(分)")]
        public string? Minutes { get; set; }

        [Display(Name = "折り返しを約束した日")]
        public DayInput CallBackOn { get; set; } = new();

        [Display(Name = "時刻")]
        public string? CallBackAt { get; set; }
    }

    public sealed class NoteInput
    {
        [Display(Name = "内部メモ")]
        public string? Text { get; set; }
    }
}
