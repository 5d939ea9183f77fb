using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;

namespace Consultation.Cases;

/// <summary>Writes an internal note (内部メモ); it never leaves the house.</summary>
[Requires(Permission.ViewCases)]
public sealed record AddNote(CaseId Case, string? Text) : ICommand<ChangedCase>;

internal sealed class AddNoteValidator : AbstractValidator<AddNote>
{
    public AddNoteValidator() => RuleFor(r => r.Text).RequiredText();
}

internal sealed class AddNoteHandler(ConsultationDb db, Execution execution, CaseAccess access) : IRequestHandler<AddNote, ChangedCase>
{
    public async Task<ChangedCase> Handle(AddNote request, CancellationToken cancellationToken)
    {
        var found = await access.ForChangeAsync(request.Case, cancellationToken);
        found.Demand(CaseAction.AddNote);
        db.Add(new CaseNote(found.Id, execution.Now, execution.Actor.Staff, execution.Actor.Name, request.Text!.Trim()));
        execution.Audit("note.added", found.Id);
        return ChangedCase.Of(found);
    }
}
