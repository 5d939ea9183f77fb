using Consultation.Messaging;
using FluentValidation;
using MediatR;

namespace Consultation.Mail;

/// <summary>
/// Goes back to the words of an older version, 0 being the product's own: they become the next version, so that no number ever means two texts.
/// A draft stays, and is refused as overtaken until it is looked at again. Answers the new version's number.
/// </summary>
/// <exception cref="InvalidInput">The product fills other gaps today than that version has.</exception>
/// <exception cref="RuleViolation"><c>mail_template.nothing_changed</c>: these words are in force.</exception>
[Requires(Permission.Administer)]
public sealed record RestoreMailTemplate(string Template, int Version, string? Note) : ICommand<int>;

internal sealed class RestoreMailTemplateValidator : AbstractValidator<RestoreMailTemplate>
{
    public RestoreMailTemplateValidator() => RuleFor(r => r.Note).RequiredText(InputRules.FieldLength);
}

internal sealed class RestoreMailTemplateHandler(Execution execution, TemplateDrafts drafts) : IRequestHandler<RestoreMailTemplate, int>
{
    public async Task<int> Handle(RestoreMailTemplate request, CancellationToken cancellationToken)
    {
        _ = TemplateDrafts.Own(request.Template);
        await drafts.LockAsync(request.Template, cancellationToken);
        var (subject, body) = await drafts.WordsAsync(request.Template, request.Version, cancellationToken);
        var newest = await drafts.NewestAsync(request.Template, cancellationToken);
        var next = await drafts.PublishAsync(request.Template, newest, subject, body, request.Note!, cancellationToken);
        execution.Audit("mail_template.restored", next.Id, $"{request.Template}: {newest} → {next.Version} (= {request.Version})");
        return next.Version;
    }
}
