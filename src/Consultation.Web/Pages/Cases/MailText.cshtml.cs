using Consultation.Cases;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Cases;

/// <summary>One letter as its reader got it.</summary>
public sealed class MailTextModel(Dispatcher dispatcher) : CaseActPage(dispatcher)
{
    public ReadLetter Letter { get; private set; } = null!;

    [BindProperty(SupportsGet = true)]
    public string Mail { get; set; } = "";

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    protected override async Task LookAsync()
    {
        Letter = await AskAsync(new GetCaseMail(Case, MailId.TryParse(Mail, null, out var id) ? id : throw new NotFound()));
        await base.LookAsync();
    }
}
