using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;

namespace Consultation.Mail;

/// <summary>Throws the draft of a kind of mail away; the words in force stay. Answers whether there was one.</summary>
[Requires(Permission.Administer)]
public sealed record DiscardTemplateDraft(string Template) : ICommand<bool>;

internal sealed class DiscardTemplateDraftHandler(ConsultationDb db, Execution execution, TemplateDrafts drafts) : IRequestHandler<DiscardTemplateDraft, bool>
{
    public async Task<bool> Handle(DiscardTemplateDraft request, CancellationToken cancellationToken)
    {
        _ = TemplateDrafts.Own(request.Template);
        await drafts.LockAsync(request.Template, cancellationToken);
        if (await drafts.FindAsync(request.Template, cancellationToken) is not { } draft)
        {
            return false;
        }

        db.Remove(draft);
        execution.Audit("mail_template.draft_discarded", default(TemplateVersionId), request.Template);
        return true;
    }
}
