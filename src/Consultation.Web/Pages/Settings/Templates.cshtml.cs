using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Topics;
using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Settings;

/// <summary>Every text the house sends or says as it stands.</summary>
public sealed class TemplatesModel(Dispatcher dispatcher) : SendingPage(dispatcher)
{
    public IReadOnlyList<MailTemplateRow> Mails { get; private set; } = [];

    public IReadOnlyList<StandardAnswer> Answers { get; private set; } = [];

    public async Task OnGetAsync()
    {
        Mails = await AskAsync(new ListMailTemplates());
        Answers = (await AskAsync(new GetRules())).InUse.Answers;
    }
}
