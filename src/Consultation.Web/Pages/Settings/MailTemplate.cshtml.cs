using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Settings;

/// <summary>One mail as written and filled with invented values.</summary>
public sealed class MailTemplateModel(Dispatcher dispatcher) : SendingPage(dispatcher)
{
    public MailTemplatePreview Mail { get; private set; } = null!;

    public async Task OnGetAsync(string? name) =>
        Mail = (await AskAsync(new ListMailTemplates(TemplateWords.Examples))).FirstOrDefault(mail => mail.Name == name) ?? throw new NotFound();
}
