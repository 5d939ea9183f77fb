using System.ComponentModel.DataAnnotations;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Settings;

/// <summary>One kind of mail: its words in force filled with invented values, the draft of the next version, and the versions before.</summary>
public sealed class MailTemplateModel(Dispatcher dispatcher) : SendingPage(dispatcher)
{
    public MailTemplateView Mail { get; private set; } = null!;

    [BindProperty(SupportsGet = true)]
    public string Name { get; set; } = "";

    /// <summary>The save of the draft that was on the screen.</summary>
    [BindProperty]
    public int Seen { get; set; }

    [BindProperty, Display(Name = "変更の理由")]
    public string? Note { get; set; }

    /// <summary>The version to go back to.</summary>
    [BindProperty, Display(Name = "戻す版")]
    public string? Back { get; set; }

    [BindProperty, Display(Name = "戻す理由")]
    public string? Why { get; set; }

    public IReadOnlyList<Choice> Older => [new("", "選んでください"), .. Mail.Versions.Skip(1).Select(v => new Choice($"{v.Version}", TemplateWords.VersionOf(v.Version)))];

    public string EditLink => Url.Content($"~/settings/templates/mail/edit?name={Uri.EscapeDataString(Name)}");

    public Task OnGetAsync() => LookAsync();

    public Task<IActionResult> OnPostPublishAsync() =>
        DoAsync(new PublishMailTemplate(Name, Seen, Note), version => $"第{version}版として公開しました。これから書くメールに使います。");

    public Task<IActionResult> OnPostDiscardAsync() => DoAsync(new DiscardTemplateDraft(Name, Seen), _ => "下書きを破棄しました。");

    public async Task<IActionResult> OnPostRestoreAsync()
    {
        if (int.TryParse(Back, out var version))
        {
            return await DoAsync(new RestoreMailTemplate(Name, version, Why), next => $"{TemplateWords.VersionOf(version)}の内容を第{next}版として公開しました。");
        }

        ModelState.AddModelError("Back", "戻す版を選んでください。");
        await LookAsync();
        return Page();
    }

    private async Task<IActionResult> DoAsync<TResult>(MediatR.IRequest<TResult> request, Func<TResult, string> done)
    {
        if (await TryAsync(request, field => field == "note" ? request is RestoreMailTemplate ? "Why" : "Note" : null, result => Say(done(result))))
        {
            return Redirect($"/settings/templates/mail?name={Uri.EscapeDataString(Name)}");
        }

        await LookAsync();
        return Page();
    }

    private async Task LookAsync() => Mail = await AskAsync(new GetMailTemplate(Name, TemplateWords.Examples));
}
