using System.ComponentModel.DataAnnotations;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Settings;

/// <summary>Rewords a kind of mail: the draft where there is one, else a copy of the words in force.</summary>
public sealed class MailTemplateEditModel(Dispatcher dispatcher) : SendingPage(dispatcher)
{
    public MailTemplateView Mail { get; private set; } = null!;

    [BindProperty(SupportsGet = true)]
    public string Name { get; set; } = "";

    [BindProperty]
    public int BasedOn { get; set; }

    [BindProperty]
    public int Seen { get; set; }

    [BindProperty, Display(Name = "件名")]
    public string? Subject { get; set; }

    [BindProperty, Display(Name = "本文")]
    public string? Body { get; set; }

    /// <summary>Somebody published meanwhile: saving again says that the new version was looked at.</summary>
    public bool IsStale => Mail.Draft is { } draft && draft.BasedOn != Newest;

    private int Newest => Mail.Versions[0].Version;

    public async Task OnGetAsync()
    {
        await LookAsync();
        // What is saved from here is meant for today's newest version, whatever the draft was begun from.
        BasedOn = Newest;
        Seen = Mail.Draft?.Saved ?? 0;
        Subject = Mail.Draft?.Text.Subject ?? Mail.InForce.Subject;
        Body = Mail.Draft?.Text.Body ?? Mail.InForce.Body;
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (await TryAsync(new EditMailTemplate(Name, Subject, Body, BasedOn, Seen), field => field switch { "subject" => "Subject", "body" => "Body", _ => null }))
        {
            Say("下書きに保存しました。見本と違いを確かめてから公開してください。");
            return Redirect($"/settings/templates/mail?name={Uri.EscapeDataString(Name)}");
        }

        await LookAsync();
        return Page();
    }

    private async Task LookAsync() => Mail = await AskAsync(new GetMailTemplate(Name, TemplateWords.Examples));
}
