using Consultation.CaseFile;
using Consultation.Messaging;
using Consultation.Web.Pages.Settings;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Cases;

/// <summary>A kind of mail filled with this case: by the words in force and, where there is one, by the draft of the next version.</summary>
public sealed class MailPreviewModel(Dispatcher dispatcher) : CaseActPage(dispatcher)
{
    public LetterPreview InForce { get; private set; } = null!;

    public LetterPreview? Draft { get; private set; }

    [BindProperty(SupportsGet = true)]
    public string? Template { get; set; }

    public async Task<IActionResult> OnGetAsync() =>
        TemplateWords.IsKnown(Template) ? await ShowAsync() : Redirect($"{QueueRows.LinkTo(Case)}/mail");

    protected override async Task LookAsync()
    {
        InForce = await AskAsync(new PreviewLetter(Case, Template, false, TemplateWords.Examples));
        var draft = await AskAsync(new PreviewLetter(Case, Template, true, TemplateWords.Examples));
        Draft = draft.FromDraft ? draft : null;
        await base.LookAsync();
    }
}
