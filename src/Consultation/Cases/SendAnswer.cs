using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;

namespace Consultation.Cases;

/// <summary>
/// Sends the client a standard answer with the official documents that belong to it: by mail, which is an answer and meets the first response,
/// or, where no mail can go, as a call task with the same text, which meets it when the client is reached. A case that ends with it is closed
/// as <see cref="CaseOutcome.Answered"/> by its own act.
/// </summary>
/// <param name="Answer">The code of an answer of the rules in force.</param>
/// <param name="Words">What the clerk adds before the answer.</param>
[Requires(Permission.EditCase)]
public sealed record SendAnswer(CaseId Case, string? Answer, string? Words = null) : ICommand<SentAnswer>;

internal sealed class SendAnswerValidator : AbstractValidator<SendAnswer>
{
    public SendAnswerValidator()
    {
        RuleFor(r => r.Answer).RequiredText(InputRules.FieldLength);
        RuleFor(r => r.Words).Storable(InputRules.TextLength);
        RuleFor(r => r.Words).Must(w => AnswerLetter.GapsIn(w).Count == 0).WithErrorCode("answer.gap").WithState(r => new object?[] { string.Join("、", AnswerLetter.GapsIn(r.Words)) });
    }
}

internal sealed class SendAnswerHandler(ConsultationDb db, Execution execution, CaseAccess access, AnswerLetter answers, ClientLetter letter) : IRequestHandler<SendAnswer, SentAnswer>
{
    public async Task<SentAnswer> Handle(SendAnswer request, CancellationToken cancellationToken)
    {
        var found = await access.ForChangeAsync(request.Case, cancellationToken);
        var occasion = await access.OccasionAsync(found.DeskId, cancellationToken);
        var (answer, _, gaps) = await answers.WriteAsync(found, request.Answer!, request.Words, cancellationToken);
        var mailed = found.CanBeMailed;
        var said = new Contact(found.Id, ContactDirection.Out, Channel.Email, execution.Now, null, found.ContactName, ContactResult.Message, $"標準の回答「{answer.Title}」を送信", execution.Actor);
        await letter.SendAsync(found, AnswerLetter.Template, $"{AnswerLetter.Template}/{said.Id}", gaps, occasion, cancellationToken);
        found.AnswerSent(answer.Title, mailed, occasion);
        if (mailed)
        {
            db.Add(said);
            await CaseSearch.AppendAsync(db, found.Id, said.Text, cancellationToken);
        }

        execution.Audit("answer.sent", found.Id, answer.Code);
        return new(found.Id, found.Number, found.Status, found.Version, mailed);
    }
}

/// <param name="Mailed">False where a call task carries the text.</param>
public sealed record SentAnswer(CaseId Case, string Number, CaseStatus Status, int Version, bool Mailed);
