using Consultation.Messaging;
using FluentValidation;
using MediatR;

namespace Consultation.Topics;

/// <summary>What a text would lead to by the rules in use and by one's own draft. The text is kept nowhere.</summary>
[Requires(Permission.Administer)]
public sealed record TryRules(string? Text) : IQuery<TriedRules>;

/// <param name="Draft">Null where there is no draft.</param>
public sealed record TriedRules(Suggestion InUse, Suggestion? Draft);

internal sealed class TryRulesValidator : AbstractValidator<TryRules>
{
    public TryRulesValidator() => RuleFor(r => r.Text).RequiredText();
}

internal sealed class TryRulesHandler(RuleDrafts drafts) : IRequestHandler<TryRules, TriedRules>
{
    public async Task<TriedRules> Handle(TryRules request, CancellationToken cancellationToken)
    {
        var inUse = new Suggester(await drafts.NewestAsync(cancellationToken)).Suggest(request.Text!);
        var draft = await drafts.FindAsync(cancellationToken);
        return new(inUse, draft is null ? null : new Suggester(RuleBase.Stored(draft.Body)).Suggest(request.Text!));
    }
}
