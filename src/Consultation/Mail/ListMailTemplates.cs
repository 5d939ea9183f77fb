using Consultation.Messaging;
using MediatR;

namespace Consultation.Mail;

/// <summary>Every mail template as it is written and filled with example values; a gap without one is named as an example.</summary>
[Requires(Permission.Administer)]
public sealed record ListMailTemplates(IReadOnlyDictionary<string, string> Examples) : IQuery<IReadOnlyList<MailTemplatePreview>>;

/// <param name="Gaps">What is filled in, in the order of the text.</param>
public sealed record MailTemplatePreview(string Name, IReadOnlyList<string> Gaps, string WrittenSubject, string WrittenBody, string Subject, string Body);

internal sealed class ListMailTemplatesHandler : IRequestHandler<ListMailTemplates, IReadOnlyList<MailTemplatePreview>>
{
    public Task<IReadOnlyList<MailTemplatePreview>> Handle(ListMailTemplates request, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<MailTemplatePreview>>([.. MailTemplate.Names.Order(StringComparer.Ordinal).Select(name => Preview(name, request.Examples))]);

    private static MailTemplatePreview Preview(string name, IReadOnlyDictionary<string, string> examples)
    {
        var template = MailTemplate.Find(name);
        var written = template.Written;
        var filled = template.Render(template.Gaps.ToDictionary(gap => gap, gap => examples.GetValueOrDefault(gap, "（見本）")));
        return new(name, template.Gaps, written.Subject, written.Body, filled.Subject, filled.Body);
    }
}
