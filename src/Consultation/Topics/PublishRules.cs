using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;

namespace Consultation.Topics;

/// <summary>
/// Saves one's own draft as the next version of the 振り分け基準. Suggestions made from now on use it, in every process within five seconds;
/// earlier suggestions keep the version they name. Answers the version's number.
/// </summary>
/// <exception cref="Conflict"><c>rules.overtaken</c>: somebody saved a version since the draft was begun; the draft stays.</exception>
/// <exception cref="RuleViolation"><c>rules.no_draft</c>, <c>rules.nothing_changed</c></exception>
[Requires(Permission.Administer)]
public sealed record PublishRules(string? Note) : ICommand<int>;

internal sealed class PublishRulesValidator : AbstractValidator<PublishRules>
{
    public PublishRulesValidator() => RuleFor(r => r.Note).RequiredText(InputRules.FieldLength);
}

internal sealed class PublishRulesHandler(ConsultationDb db, Execution execution, RuleDrafts drafts, RuleBook book) : IRequestHandler<PublishRules, int>
{
    public async Task<int> Handle(PublishRules request, CancellationToken cancellationToken)
    {
        await drafts.LockAsync(cancellationToken);
        var draft = await drafts.FindAsync(cancellationToken) ?? throw new RuleViolation("rules.no_draft");
        var newest = await drafts.NewestAsync(cancellationToken);
        if (draft.BasedOn != newest.Version)
        {
            throw new Conflict("rules.overtaken", newest.Version);
        }

        var rules = RuleBase.Stored(draft.Body);
        var changes = RuleChanges.Between(newest, rules);
        if (changes.Count == 0)
        {
            throw new RuleViolation("rules.nothing_changed");
        }

        var next = rules with { Version = newest.Version + 1 };
        db.Add(new RuleVersion(next.Version, next.ToJson(), execution.Now.ToUniversalTime(), execution.Actor.Name, request.Note!.Trim()));
        db.Remove(draft);
        execution.Audit("rules.published", drafts.Own, $"{newest.Version} → {next.Version}: {string.Join("; ", changes.Take(50).Select(c => $"{c.Where} {c.Words}".Trim()))}{(changes.Count > 50 ? $" +{changes.Count - 50}" : "")}");
        execution.AfterCommit(book.Drop);
        return next.Version;
    }
}
