using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;

namespace Consultation.Topics;

/// <summary>Gives one's own draft up. False where there is none.</summary>
[Requires(Permission.Administer)]
public sealed record DiscardRules : ICommand<bool>;

internal sealed class DiscardRulesHandler(ConsultationDb db, Execution execution, RuleDrafts drafts) : IRequestHandler<DiscardRules, bool>
{
    public async Task<bool> Handle(DiscardRules request, CancellationToken cancellationToken)
    {
        if (await drafts.FindAsync(cancellationToken) is not { } draft)
        {
            return false;
        }

        db.Remove(draft);
        execution.Audit("rules.draft_discarded", drafts.Own, $"based on {draft.BasedOn}");
        return true;
    }
}
