using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;

namespace Consultation.Mail;

/// <summary>
/// Makes the draft the next version of a kind of mail: every letter written from now on has its words, in every process; letters written before
/// stay as they are. Answers the version's number.
/// </summary>
/// <param name="Seen">The save of the draft that was looked at.</param>
/// <exception cref="RuleViolation"><c>mail_template.no_draft</c>, <c>mail_template.nothing_changed</c></exception>
/// <exception cref="Conflict"><c>mail_template.overtaken</c>: somebody published since the draft was begun; <c>mail_template.draft_changed</c>: somebody saved it.</exception>
[Requires(Permission.Administer)]
public sealed record PublishMailTemplate(string Template, int Seen, string? Note) : ICommand<int>;

internal sealed class PublishMailTemplateValidator : AbstractValidator<PublishMailTemplate>
{
    public PublishMailTemplateValidator() => RuleFor(r => r.Note).RequiredText(InputRules.FieldLength);
}

internal sealed class PublishMailTemplateHandler(ConsultationDb db, Execution execution, TemplateDrafts drafts) : IRequestHandler<PublishMailTemplate, int>
{
    public async Task<int> Handle(PublishMailTemplate request, CancellationToken cancellationToken)
    {
        _ = TemplateDrafts.Own(request.Template);
        var draft = await drafts.SeenAsync(request.Template, request.Seen, cancellationToken) ?? throw new RuleViolation("mail_template.no_draft");
        var newest = await drafts.NewestAsync(request.Template, cancellationToken);
        if (draft.BasedOn != newest)
        {
            throw new Conflict("mail_template.overtaken", newest);
        }

        var next = await drafts.PublishAsync(request.Template, newest, draft.Subject, draft.Body, request.Note!, cancellationToken);
        db.Remove(draft);
        execution.Audit("mail_template.published", next.Id, $"{request.Template}: {newest} → {next.Version}");
        return next.Version;
    }
}
