using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;

namespace Consultation.Mail;

/// <summary>Throws the draft of a kind of mail away; the words in force stay. Answers whether there was one.</summary>
/// <param name="Seen">The save of the draft that was looked at.</param>
/// <exception cref="Conflict"><c>mail_template.draft_changed</c>: a colleague saved it meanwhile.</exception>
[Requires(Permission.Administer)]
public sealed record DiscardTemplateDraft(string Template, int Seen) : ICommand<bool>;

internal sealed class DiscardTemplateDraftHandler(ConsultationDb db, Execution execution, TemplateDrafts drafts) : IRequestHandler<DiscardTemplateDraft, bool>
{
    public async Task<bool> Handle(DiscardTemplateDraft request, CancellationToken cancellationToken)
    {
        _ = TemplateDrafts.Own(request.Template);
        if (await drafts.SeenAsync(request.Template, request.Seen, cancellationToken) is not { } draft)
        {
            return false;
        }

        db.Remove(draft);
        execution.Audit("mail_template.draft_discarded", default(TemplateVersionId), request.Template);
        return true;
    }
}
