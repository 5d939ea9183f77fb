using Consultation.Messaging;
using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Topics;

/// <summary>The draft of who acts, beside the version it was begun from and the newest one.</summary>
public sealed class RuleDrafts(ConsultationDb db, Execution execution)
{
    internal StaffId Own => execution.Actor.Staff ?? throw new Forbidden();

    /// <summary>Two who save at once get their numbers one after the other.</summary>
    internal Task LockAsync(CancellationToken cancellationToken) => db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(5527155)", cancellationToken);

    /// <summary>The draft for a change: what the same person does in another window waits, so that no edit is lost.</summary>
    internal async Task<RuleDraft?> FindAsync(CancellationToken cancellationToken)
    {
        var own = Own;
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({own.Value.ToString()}, 71))", cancellationToken);
        return await db.Set<RuleDraft>().SingleOrDefaultAsync(d => d.StaffId == own, cancellationToken);
    }

    internal async Task<RuleBase> NewestAsync(CancellationToken cancellationToken) =>
        RuleBase.Stored(await db.Set<RuleVersion>().OrderByDescending(v => v.Version).Select(v => v.Body).FirstAsync(cancellationToken));

    /// <exception cref="NotFound">There is no such version.</exception>
    internal async Task<RuleBase> VersionAsync(int version, CancellationToken cancellationToken) =>
        RuleBase.Stored(await db.Set<RuleVersion>().Where(v => v.Version == version).Select(v => v.Body).SingleOrDefaultAsync(cancellationToken) ?? throw new NotFound());

    /// <summary>Keeps the changed rules as the draft; what cannot work is refused whole.</summary>
    /// <exception cref="InvalidInput">The faults, at the field that made them.</exception>
    internal void Keep(RuleDraft? draft, int basedOn, Func<RuleBase> change, string field)
    {
        try
        {
            var rules = change();
            var faults = RuleBaseCheck.FaultsOf(rules);
            if (faults.Count > 0)
            {
                throw new RuleBaseInvalid(faults);
            }

            if (draft is null)
            {
                db.Add(new RuleDraft(Own, basedOn, rules.ToJson(), execution.Now.ToUniversalTime()));
            }
            else
            {
                draft.Change(basedOn, rules, execution.Now);
            }
        }
        catch (RuleBaseInvalid invalid)
        {
            throw new InvalidInput([.. invalid.Faults.Take(20).Select(f => new InputError(FieldOf(f, field), f.Code, f.Where, f.Detail))]);
        }

        execution.Audit("rules.draft_changed", Own);
    }

    private static string FieldOf(RuleFault fault, string field) => (fault.Code, field) switch
    {
        ("answer.title", "text") => "title",
        _ => field,
    };
}
