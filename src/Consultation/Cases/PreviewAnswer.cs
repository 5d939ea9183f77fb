using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>Shows a standard answer as <see cref="SendAnswer"/> would send it: to whom, with which words and which official documents.</summary>
[Requires(Permission.EditCase)]
public sealed record PreviewAnswer(CaseId Case, string? Answer, string? Words = null) : IQuery<PreviewedAnswer>;

internal sealed class PreviewAnswerValidator : AbstractValidator<PreviewAnswer>
{
    public PreviewAnswerValidator()
    {
        RuleFor(r => r.Answer).RequiredText(InputRules.FieldLength);
        RuleFor(r => r.Words).Storable(InputRules.TextLength);
    }
}

internal sealed class PreviewAnswerHandler(ConsultationDb db, Execution execution, AnswerLetter letter, TemplateBook templates) : IRequestHandler<PreviewAnswer, PreviewedAnswer>
{
    public async Task<PreviewedAnswer> Handle(PreviewAnswer request, CancellationToken cancellationToken)
    {
        var found = await db.Set<Case>().AsNoTracking().Where(c => c.Id == request.Case).Where(CaseAccess.Visible(execution.Actor)).FirstOrDefaultAsync(cancellationToken)
            ?? throw new NotFound();
        var (answer, enclosures, gaps) = await letter.WriteAsync(found, request.Answer!, request.Words, cancellationToken);
        await templates.ReadAsync(db, cancellationToken);
        var (subject, body) = templates.Find(AnswerLetter.Template).Render(gaps);
        execution.Audit("answer.previewed", found.Id, answer.Code);
        return new(answer.Code, answer.Title, found.CanBeMailed ? found.Email : null, found.Phone, subject, body, enclosures.Count, AnswerLetter.GapsIn(request.Words));
    }
}

/// <param name="Email">Null where no mail can go: then the text becomes a call task with <paramref name="Phone"/>.</param>
/// <param name="Enclosures">How many official documents are named.</param>
/// <param name="Gaps">What stands in the added words as a gap that nobody fills; with one the answer is not sent.</param>
public sealed record PreviewedAnswer(string Answer, string Title, string? Email, string? Phone, string Subject, string Body, int Enclosures, IReadOnlyList<string> Gaps);
