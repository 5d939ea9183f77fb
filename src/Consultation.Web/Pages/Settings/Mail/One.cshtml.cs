using System.ComponentModel.DataAnnotations;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Settings.Mail;

/// <summary>One outgoing mail: what became of it, and what may be done about it.</summary>
public sealed class OneModel(Dispatcher dispatcher) : SendingPage(dispatcher)
{
    public OutboxRow Mail { get; private set; } = null!;

    [BindProperty(SupportsGet = true)]
    public string Id { get; set; } = "";

    [BindProperty, Display(Name = "もう一度送る理由")]
    public string? RetryReason { get; set; }

    [BindProperty, Display(Name = "理由")]
    public string? Reason { get; set; }

    private MailId MailId => Consultation.Mail.MailId.TryParse(Id, null, out var id) ? id : throw new NotFound();

    public async Task OnGetAsync() => Mail = await AskAsync(new GetOutgoingMail(MailId));

    public Task<IActionResult> OnPostRetryAsync() => DoAsync(new RetryMails(new([MailId]), RetryReason), nameof(RetryReason), "もう一度送るようにしました。");

    public Task<IActionResult> OnPostDiscardAsync() => DoAsync(new DiscardMails(new([MailId]), Reason), nameof(Reason), "送信を取りやめました。");

    private async Task<IActionResult> DoAsync(MediatR.IRequest<MailsDone> act, string reason, string done)
    {
        if (await TryAsync(act, field => field == "reason" ? reason : null))
        {
            Say(done);
            return Redirect($"/settings/mail/{MailId}");
        }

        await OnGetAsync();
        return Page();
    }
}
