using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Mail;

/// <summary>One kind of mail: its words in force, its draft, what may be filled in, its versions and what each changed.</summary>
/// <exception cref="NotFound">There is no such kind of mail.</exception>
[Requires(Permission.Administer)]
public sealed record GetMailTemplate(string Template, IReadOnlyDictionary<string, string> Examples) : IQuery<MailTemplateView>;

/// <param name="InForce">What letters are written with now.</param>
/// <param name="Unusable">A newer version that the product of today cannot fill, so that letters have the product's own words; null where all is well.</param>
/// <param name="Versions">Newest first; the last is the product's own, 0.</param>
public sealed record MailTemplateView(string Template, IReadOnlyList<MailGap> Gaps, TemplateText InForce, int? Unusable, TemplateDraftView? Draft, IReadOnlyList<TemplateVersionRow> Versions)
{
    /// <summary>Waits for no quiet hours.</summary>
    public bool AnyHour => MailTemplate.Find(Template).AnyHour;
}

/// <param name="Filled">With the examples.</param>
public sealed record TemplateText(int Version, string Subject, string Body, FilledLetter Filled);

public sealed record FilledLetter(string Subject, string Body);

/// <param name="Changes">Against the version it was begun from.</param>
public sealed record TemplateDraftView(TemplateText Text, int Saved, DateTimeOffset At, string By, IReadOnlyList<LineChange> Changes)
{
    public int BasedOn => Text.Version;
}

/// <param name="At">Null for the product's own.</param>
/// <param name="Changes">Against the version before; empty for the product's own.</param>
public sealed record TemplateVersionRow(int Version, DateTimeOffset? At, string By, string Note, IReadOnlyList<LineChange> Changes);

internal sealed class GetMailTemplateHandler(ConsultationDb db, TemplateBook book, TemplateDrafts drafts) : IRequestHandler<GetMailTemplate, MailTemplateView>
{
    private const int MostVersions = 50;

    public async Task<MailTemplateView> Handle(GetMailTemplate request, CancellationToken cancellationToken)
    {
        var own = TemplateDrafts.Own(request.Template);
        await book.ReadAsync(db, cancellationToken);
        var inForce = book.Find(request.Template);
        var stored = await db.Set<TemplateVersion>().AsNoTracking().Where(v => v.Template == request.Template).OrderByDescending(v => v.Version).Take(MostVersions + 1).ToListAsync(cancellationToken);
        var versions = stored.Take(MostVersions).Select((v, at) => new TemplateVersionRow(
            v.Version, v.CreatedAt, v.CreatedBy, v.Note, LineChanges.Between(at + 1 < stored.Count ? Whole(stored[at + 1].Subject, stored[at + 1].Body) : Whole(own.Written), Whole(v.Subject, v.Body)))).ToList();
        var newest = stored.Count == 0 ? 0 : stored[0].Version;
        TemplateDraftView? draft = null;
        if (await db.Set<TemplateDraft>().AsNoTracking().SingleOrDefaultAsync(d => d.Template == request.Template, cancellationToken) is { } kept)
        {
            var begun = await drafts.WordsAsync(request.Template, kept.BasedOn, cancellationToken);
            draft = new(TextOf(own.Reworded(kept.BasedOn, kept.Subject, kept.Body), request.Examples), kept.Version, kept.ChangedAt, kept.ChangedBy, LineChanges.Between(Whole(begun), Whole(kept.Subject, kept.Body)));
        }

        return new(
            request.Template, own.Allowed, TextOf(inForce, request.Examples), inForce.Version == newest ? null : newest, draft,
            [.. versions, new TemplateVersionRow(0, null, "", "", [])]);
    }

    /// <summary>A gap without an example is named as one.</summary>
    internal static TemplateText TextOf(MailTemplate template, IReadOnlyDictionary<string, string> examples)
    {
        var (subject, body) = template.Written;
        var filled = template.Render(template.Gaps.ToDictionary(gap => gap, gap => examples.GetValueOrDefault(gap, "（見本）")));
        return new(template.Version, subject, body, new(filled.Subject, filled.Body));
    }

    private static string Whole((string Subject, string Body) words) => Whole(words.Subject, words.Body);

    private static string Whole(string subject, string body) => $"件名: {subject}\n\n{body}";
}
