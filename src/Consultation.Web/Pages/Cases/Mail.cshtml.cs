using Consultation.Cases;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Web.Pages.Settings;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Cases;

/// <summary>Which letters of a case went to whom, and what became of each.</summary>
public sealed class MailModel(Dispatcher dispatcher) : CaseActPage(dispatcher)
{
    public CaseMail Mail { get; private set; } = null!;

    public bool MayPreview => Actor.Can(Permission.EditCase);

    public IReadOnlyList<Choice> Kinds { get; } = [new("", "選んでください"), .. MailTemplate.Names.Select(name => new Choice(name, TemplateWords.NameOf(name))).OrderBy(choice => choice.Text, StringComparer.Ordinal)];

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    protected override async Task LookAsync()
    {
        Mail = await AskAsync(new ListCaseMail(Case));
        await base.LookAsync();
    }
}
