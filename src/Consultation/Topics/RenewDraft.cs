using Consultation.Messaging;
using MediatR;

namespace Consultation.Topics;

/// <summary>
/// Brings one's own draft up to the newest version: its changes are made again on top of what a colleague saved meanwhile. False where
/// nothing was overtaken.
/// </summary>
/// <exception cref="InvalidInput">Together the two cannot work; the draft stays as it was.</exception>
[Requires(Permission.Administer)]
public sealed record RenewDraft : ICommand<bool>;

internal sealed class RenewDraftHandler(RuleDrafts drafts) : IRequestHandler<RenewDraft, bool>
{
    public async Task<bool> Handle(RenewDraft request, CancellationToken cancellationToken)
    {
        var draft = await drafts.FindAsync(cancellationToken) ?? throw new RuleViolation("rules.no_draft");
        var newest = await drafts.NewestAsync(cancellationToken);
        if (draft.BasedOn == newest.Version)
        {
            return false;
        }

        var begun = await drafts.VersionAsync(draft.BasedOn, cancellationToken);
        drafts.Keep(draft, newest.Version, () => RuleChanges.OnTop(begun, RuleBase.Stored(draft.Body), newest), "draft");
        return true;
    }
}
