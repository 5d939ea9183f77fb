using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Topics;

/// <summary>The 振り分け基準 in use, their versions, and one's own draft with what it changes.</summary>
[Requires(Permission.Administer)]
public sealed record GetRules : IQuery<RulesView>;

/// <param name="Rules">The draft's where there is one, else those in use.</param>
/// <param name="BasedOn">The version the draft was begun from; null without a draft.</param>
public sealed record RulesView(RuleBase InUse, RuleBase Rules, int? BasedOn, DateTimeOffset? ChangedAt, IReadOnlyList<RuleChange> Changes, IReadOnlyList<RuleVersionRow> Versions)
{
    public bool HasDraft => BasedOn is not null;

    /// <summary>Somebody saved a newer version since the draft was begun.</summary>
    public bool IsStale => BasedOn is { } version && version != InUse.Version;
}

public sealed record RuleVersionRow(int Version, DateTimeOffset At, string By, string Note);

internal sealed class GetRulesHandler(ConsultationDb db, RuleDrafts drafts) : IRequestHandler<GetRules, RulesView>
{
    private const int MostVersions = 30;

    public async Task<RulesView> Handle(GetRules request, CancellationToken cancellationToken)
    {
        var inUse = await drafts.NewestAsync(cancellationToken);
        var draft = await drafts.FindAsync(cancellationToken);
        var rules = draft is null ? inUse : RuleBase.Stored(draft.Body);
        var begun = draft is null || draft.BasedOn == inUse.Version ? inUse : await drafts.VersionAsync(draft.BasedOn, cancellationToken);
        var versions = await db.Set<RuleVersion>().AsNoTracking().OrderByDescending(v => v.Version).Take(MostVersions)
            .Select(v => new RuleVersionRow(v.Version, v.CreatedAt, v.CreatedBy, v.Note)).ToListAsync(cancellationToken);
        return new(inUse, rules, draft?.BasedOn, draft?.ChangedAt, RuleChanges.Between(begun, rules), versions);
    }
}
