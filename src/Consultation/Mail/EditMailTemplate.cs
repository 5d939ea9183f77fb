using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Mail;

/// <summary>
/// Keeps new words of a kind of mail as its draft; letters are written with them only once they are published. What cannot be a letter of this
/// kind is refused whole. Answers the number of the draft's save.
/// </summary>
/// <param name="BasedOn">The version whose words were edited.</param>
/// <param name="Seen">The save of the draft that was on the screen; 0 where there was none.</param>
/// <exception cref="InvalidInput">Each fault at its field: <c>mail_template.*</c>.</exception>
/// <exception cref="Conflict"><c>mail_template.draft_changed</c>: a colleague saved the draft meanwhile.</exception>
[Requires(Permission.Administer)]
public sealed record EditMailTemplate(string Template, string? Subject, string? Body, int BasedOn, int Seen) : ICommand<int>;

internal sealed class EditMailTemplateValidator : AbstractValidator<EditMailTemplate>
{
    public EditMailTemplateValidator()
    {
        RuleFor(r => r.Subject).RequiredText(TemplateDrafts.LongestSubject);
        RuleFor(r => r.Body).RequiredText(TemplateDrafts.LongestBody)
            .Must(body => body is null || body.AsSpan().Count('\n') < TemplateDrafts.MostLines).WithErrorCode("mail_template.too_many_lines").WithState(_ => new object?[] { TemplateDrafts.MostLines });
    }
}

internal sealed class EditMailTemplateHandler(ConsultationDb db, Execution execution, TemplateDrafts drafts) : IRequestHandler<EditMailTemplate, int>
{
    public async Task<int> Handle(EditMailTemplate request, CancellationToken cancellationToken)
    {
        var own = TemplateDrafts.Own(request.Template);
        var (subject, body) = (request.Subject!.Trim(), TemplateDrafts.Tidy(request.Body!));
        if (own.FaultsOf(subject, body) is { Count: > 0 } faults)
        {
            throw new InvalidInput(faults);
        }

        var draft = await drafts.SeenAsync(request.Template, request.Seen, cancellationToken);
        _ = await drafts.WordsAsync(request.Template, request.BasedOn, cancellationToken);
        if (draft is null && request.Seen != 0)
        {
            throw new Conflict("mail_template.draft_changed", "ほかの管理者");
        }

        if (draft is null)
        {
            db.Add(draft = new(request.Template));
        }

        var save = await db.Database.SqlQuery<int>($"select nextval('mail_template_saves')::int as \"Value\"").SingleAsync(cancellationToken);
        draft.Change(save, request.BasedOn, subject, body, execution.Now, execution.Actor.Name);
        execution.Audit("mail_template.draft_changed", default(TemplateVersionId), request.Template);
        return draft.Version;
    }
}

/// <summary>The versions and the draft of a kind of mail, for those who change them.</summary>
internal sealed class TemplateDrafts(ConsultationDb db, Execution execution)
{
    /// <summary>Longer subjects are cut by the programs that show them.</summary>
    internal const int LongestSubject = 150;
    internal const int LongestBody = 5_000;
    internal const int MostLines = 200;

    /// <exception cref="NotFound">There is no such kind of mail.</exception>
    internal static MailTemplate Own(string template) => MailTemplate.Names.Contains(template) ? MailTemplate.Find(template) : throw new NotFound();

    /// <summary>A browser sends CRLF; letters are kept with LF and end with one.</summary>
    internal static string Tidy(string body) => body.ReplaceLineEndings("\n").TrimEnd() + "\n";

    /// <summary>Two who save at once do so one after the other.</summary>
    internal Task LockAsync(string template, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({template}, 82))", cancellationToken);

    /// <summary>The draft, for whoever is to change it; null where there is none.</summary>
    /// <param name="seen">The save that was looked at.</param>
    /// <exception cref="Conflict"><c>mail_template.draft_changed</c>: it has been saved since.</exception>
    internal async Task<TemplateDraft?> SeenAsync(string template, int seen, CancellationToken cancellationToken)
    {
        await LockAsync(template, cancellationToken);
        var draft = await db.Set<TemplateDraft>().SingleOrDefaultAsync(d => d.Template == template, cancellationToken);
        return draft is null || draft.Version == seen ? draft : throw new Conflict("mail_template.draft_changed", draft.ChangedBy);
    }

    /// <summary>Makes words the version after the newest.</summary>
    /// <exception cref="InvalidInput">The product of today cannot fill them.</exception>
    /// <exception cref="RuleViolation"><c>mail_template.nothing_changed</c></exception>
    internal async Task<TemplateVersion> PublishAsync(string template, int newest, string subject, string body, string note, CancellationToken cancellationToken)
    {
        if (Own(template).FaultsOf(subject, body) is { Count: > 0 } faults)
        {
            throw new InvalidInput(faults);
        }

        if (await WordsAsync(template, newest, cancellationToken) == (subject, body))
        {
            throw new RuleViolation("mail_template.nothing_changed");
        }

        var next = new TemplateVersion(template, newest + 1, subject, body, note.Trim(), execution.Now, execution.Actor.Name);
        db.Add(next);
        return next;
    }

    internal async Task<int> NewestAsync(string template, CancellationToken cancellationToken) =>
        await db.Set<TemplateVersion>().Where(v => v.Template == template).MaxAsync(v => (int?)v.Version, cancellationToken) ?? 0;

    /// <exception cref="NotFound">There is no such version.</exception>
    internal async Task<(string Subject, string Body)> WordsAsync(string template, int version, CancellationToken cancellationToken)
    {
        if (version == 0)
        {
            return Own(template).Written;
        }

        var found = await db.Set<TemplateVersion>().AsNoTracking().SingleOrDefaultAsync(v => v.Template == template && v.Version == version, cancellationToken) ?? throw new NotFound();
        return (found.Subject, found.Body);
    }
}
