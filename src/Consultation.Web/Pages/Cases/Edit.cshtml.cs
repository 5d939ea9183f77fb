using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Web.Pages.Desk;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Cases;

/// <summary>Corrects what is known of the organisation and the person. A colleague's change in between is not overwritten.</summary>
public sealed class EditModel(Dispatcher dispatcher) : CaseActPage(dispatcher)
{
    [BindProperty]
    public InquiryInput Input { get; set; } = new();

    /// <summary>The version the form was filled from.</summary>
    [BindProperty]
    public int? Version { get; set; }

    public async Task<IActionResult> OnGetAsync()
    {
        await LookAsync();
        Input = InquiryInput.Of(Full);
        Version = Full.Version;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var edit = Input.Read(Case, ModelState);
        return await DoAsync(edit, NewInquiryModel.FieldOf, "直した内容を保存しました。", Version);
    }
}
