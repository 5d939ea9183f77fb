using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Mail;

/// <summary>Every kind of mail with the version in force and whether somebody is rewording it.</summary>
[Requires(Permission.Administer)]
public sealed record ListMailTemplates : IQuery<IReadOnlyList<MailTemplateRow>>;

/// <param name="Version">0 is the product's own text.</param>
public sealed record MailTemplateRow(string Template, int Version, bool HasDraft);

internal sealed class ListMailTemplatesHandler(ConsultationDb db, TemplateBook book) : IRequestHandler<ListMailTemplates, IReadOnlyList<MailTemplateRow>>
{
    public async Task<IReadOnlyList<MailTemplateRow>> Handle(ListMailTemplates request, CancellationToken cancellationToken)
    {
        await book.ReadAsync(db, cancellationToken);
        var drafts = await db.Set<TemplateDraft>().Select(d => d.Template).ToListAsync(cancellationToken);
        return [.. MailTemplate.Names.Order(StringComparer.Ordinal).Select(name => new MailTemplateRow(name, book.Find(name).Version, drafts.Contains(name)))];
    }
}
