using Consultation.Cases;
using Consultation.Experts;
using Consultation.FollowUps;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Routing;
using Consultation.Topics;
using Consultation.Visits;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.CaseFile;

/// <summary>
/// The letters of a kind filled with a real case, by the words in force or by the draft of the next version: for whoever sees the case, since an
/// administrator, who writes the words, sees none. Nothing is sent and no link is issued. Leaves an audit row of the case.
/// </summary>
/// <param name="Examples">For gaps that speak of what has not happened in this case.</param>
/// <param name="Draft">By the draft; by the words in force where there is none.</param>
[Requires(Permission.EditCase)]
public sealed record PreviewLetter(CaseId Case, string? Template, bool Draft, IReadOnlyDictionary<string, string> Examples) : IQuery<LetterPreview>;

/// <param name="Version">The version in force, or the one that the draft was begun from.</param>
/// <param name="FromDraft">False too where a draft was asked for and there is none.</param>
/// <param name="Invented">What had to be filled with an example, as Japanese words.</param>
public sealed record LetterPreview(string Number, int Version, bool FromDraft, string Subject, string Body, IReadOnlyList<string> Invented);

internal sealed class PreviewLetterValidator : AbstractValidator<PreviewLetter>
{
    public PreviewLetterValidator() => RuleFor(r => r.Template).RequiredText(InputRules.FieldLength);
}

internal sealed class PreviewLetterHandler(
    ConsultationDb db, Execution execution, CaseAccess cases, ClientLetter clients, VisitLetters letters, TemplateBook book) : IRequestHandler<PreviewLetter, LetterPreview>
{
    public async Task<LetterPreview> Handle(PreviewLetter request, CancellationToken cancellationToken)
    {
        if (!MailTemplate.Names.Contains(request.Template!))
        {
            throw new InvalidInput("template", "field.unknown_code");
        }

        var found = await db.Set<Case>().AsNoTracking().Include(c => c.Tracks).Where(c => c.Id == request.Case).Where(CaseAccess.Visible(execution.Actor)).FirstOrDefaultAsync(cancellationToken)
            ?? throw new NotFound();
        await book.ReadAsync(db, cancellationToken);
        var template = book.Find(request.Template!);
        var draft = request.Draft ? await db.Set<TemplateDraft>().AsNoTracking().SingleOrDefaultAsync(d => d.Template == request.Template, cancellationToken) : null;
        template = draft is null ? template : template.Reworded(draft.BasedOn, draft.Subject, draft.Body);

        var values = await ValuesAsync(found, template.Gaps.Contains("due"), cancellationToken);
        var invented = template.Gaps.Where(gap => string.IsNullOrWhiteSpace(values.GetValueOrDefault(gap))).ToList();
        foreach (var gap in invented)
        {
            values[gap] = request.Examples.GetValueOrDefault(gap, "（見本）");
        }

        var (subject, body) = template.Render(values);
        execution.Audit("case.letter_previewed", found.Id, $"{request.Template} {(draft is null ? template.Version : "draft")}");
        return new(found.Number, template.Version, draft is not null, subject, body, [.. invented.Select(MailTemplate.WordFor)]);
    }

    /// <summary>What the case knows today: of its newest visit, its newest offer and its next follow-up.</summary>
    /// <param name="ofReport">Whether the date that the letter derives is that of a report and not of the answer to an offer.</param>
    private async Task<Dictionary<string, string>> ValuesAsync(Case found, bool ofReport, CancellationToken cancellationToken)
    {
        var occasion = await cases.OccasionAsync(found.DeskId, cancellationToken);
        var visit = await db.Set<Visit>().AsNoTracking().Include(v => v.Experts).Where(v => v.CaseId == found.Id).OrderByDescending(v => v.StartsAt).FirstOrDefaultAsync(cancellationToken);
        var offer = await db.Set<Offer>().AsNoTracking().Where(o => o.CaseId == found.Id).OrderByDescending(o => o.OfferedAt).FirstOrDefaultAsync(cancellationToken);
        var followUp = await db.Set<FollowUp>().AsNoTracking().Where(f => f.CaseId == found.Id).OrderBy(f => f.DueOn).FirstOrDefaultAsync(cancellationToken);
        ExpertId[] ids = [.. visit?.ExpertIds ?? [], .. offer is null ? Array.Empty<ExpertId>() : [offer.ExpertId]];
        var experts = await db.Set<Expert>().AsNoTracking().Where(e => ids.Contains(e.Id)).OrderBy(e => e.Id).ToListAsync(cancellationToken);

        var values = visit is null
            ? await clients.ValuesAsync(found, occasion, cancellationToken)
            : await letters.ValuesAsync(visit, found, [.. experts.Where(e => visit.ExpertIds.Contains(e.Id))], occasion, cancellationToken);
        values["received"] = Wareki.FormatTime(found.ReceivedAt);
        values["prefecture"] = Prefectures.Find(found.Prefecture)?.Name ?? "（未確認）";
        values["topics"] = found.Topics.Length == 0 ? "（未確認）" : string.Join("、", found.Topics.Select(t => TopicCatalogue.Find(t)?.NameJa ?? t));
        if (visit is null)
        {
            values["mode"] = found.PreferredMode is { } mode ? CaseWords.Of(mode) : "（未確認）";
            values["left"] = await clients.QuotaLeftAsync(found.OrganisationId, FiscalYear.Of(execution.Now), cancellationToken);
        }

        if (offer is not null)
        {
            values["expert"] = experts.First(e => e.Id == offer.ExpertId).Name;
            values["ministry"] = CaseWords.Of(offer.Track);
            values["respondBy"] = Wareki.FormatTime(offer.RespondBy);
        }

        var (kind, track) = ofReport ? (DeadlineKind.Report, null) : (DeadlineKind.Acceptance, offer?.Track);
        if (await db.Set<Deadline>().AsNoTracking().Where(d => d.CaseId == found.Id && d.Kind == kind && (track == null || d.Track == track)).OrderByDescending(d => d.StartedAt)
            .FirstOrDefaultAsync(cancellationToken) is { } deadline)
        {
            values["why"] = deadline.Why;
            values["due"] = Wareki.Format(JapanTime.DateOf(deadline.DueAt));
        }

        if (followUp is not null)
        {
            values["visited"] = Wareki.Format(followUp.BaseOn);
            values["months"] = FollowUpWords.Since(followUp);
        }

        return values;
    }
}
