using Consultation.Messaging;
using FluentValidation;
using MediatR;

namespace Consultation.Topics;

/// <summary>
/// Makes one change in one's own draft of the 振り分け基準, which is begun from the newest version where there is none. Nothing in use
/// changes until the draft is saved as a version.
/// </summary>
[Requires(Permission.Administer)]
public sealed record EditRules(RuleEdit Edit) : ICommand<bool>;

internal sealed class EditRulesValidator : AbstractValidator<EditRules>
{
    private const int PhraseLength = 200;
    private const int WholeLength = 1_000_000;

    public EditRulesValidator()
    {
        RuleFor(r => ((AddPhrase)r.Edit).Phrase).RequiredText(PhraseLength).When(r => r.Edit is AddPhrase).OverridePropertyName("Phrase");
        RuleFor(r => Chosen(r.Edit)).Must(p => p is not { Count: 0 }).WithErrorCode("rule.none_chosen").OverridePropertyName("Phrases");
        RuleFor(r => ((WeighRule)r.Edit).Weight).NotNull().WithErrorCode("rule.weight_unreadable").When(r => r.Edit is WeighRule).OverridePropertyName("Weight");
        RuleFor(r => ((RewordAnswer)r.Edit).Title).RequiredText(InputRules.FieldLength).When(r => r.Edit is RewordAnswer).OverridePropertyName("Title");
        RuleFor(r => ((RewordAnswer)r.Edit).Text).RequiredText().When(r => r.Edit is RewordAnswer).OverridePropertyName("Text");
        RuleFor(r => ((ReplaceRules)r.Edit).Json).RequiredText(WholeLength).When(r => r.Edit is ReplaceRules).OverridePropertyName("Json");
    }

    private static IReadOnlyList<PhraseIn>? Chosen(RuleEdit edit) => edit switch
    {
        RemovePhrases remove => remove.Phrases,
        MovePhrases move => move.Phrases,
        _ => null,
    };
}

internal sealed class EditRulesHandler(RuleDrafts drafts) : IRequestHandler<EditRules, bool>
{
    public async Task<bool> Handle(EditRules request, CancellationToken cancellationToken)
    {
        var draft = await drafts.FindAsync(cancellationToken);
        var rules = draft is null ? await drafts.NewestAsync(cancellationToken) : RuleBase.Stored(draft.Body);
        drafts.Keep(draft, draft?.BasedOn ?? rules.Version, () => request.Edit.Apply(rules), FieldOf(request.Edit));
        return true;
    }

    private static string FieldOf(RuleEdit edit) => edit switch
    {
        AddPhrase => "phrase",
        WeighRule => "weight",
        RewordAnswer => "text",
        ReplaceRules => "json",
        _ => "phrases",
    };
}
