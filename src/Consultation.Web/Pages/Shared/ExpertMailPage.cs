using Consultation.Cases;
using Consultation.Mail;
using Consultation.Messaging;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Shared;

/// <summary>What one expert was sent, a page at a time.</summary>
public abstract class ExpertMailPage(Dispatcher dispatcher) : SendingPage(dispatcher)
{
    public ExpertMail Mail { get; private set; } = null!;

    public PagerView Pager { get; private set; } = null!;

    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    protected async Task LookAsync(ExpertId expert, string path)
    {
        MailId? after = MailId.TryParse(After, null, out var id) ? id : null;
        Mail = await AskAsync(new ListExpertMail(expert, after));
        Pager = new($"{Mail.Items.Count}通を表示", Mail.Next is { } next ? $"{path}?after={next}" : null, after is null ? null : path);
    }
}
