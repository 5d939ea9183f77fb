using Consultation.Audit;
using Consultation.Cases;
using Consultation.FollowUps;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Routing;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Consultation.Check;

/// <summary>Looks for broken invariants (reliability.md); an empty list is the only pass. Reads one snapshot, so that work going on beside it breaks nothing.</summary>
[Requires(Permission.Operate)]
public sealed record RunCheck : IQuery<CheckResult>;

/// <param name="UnsealedAuditRows">The open tail of the audit chain; it is no fault.</param>
public sealed record CheckResult(IReadOnlyList<BrokenInvariant> Broken, long SealedAuditRows, long UnsealedAuditRows);

/// <param name="Subject">A number or an id, never a name.</param>
public sealed record BrokenInvariant(string Code, string Invariant, string Subject, string Text);

internal sealed class RunCheckHandler(ConsultationDb db) : IRequestHandler<RunCheck, CheckResult>
{
    private const int MostPerInvariant = 20;
    private const int MostDecisions = 200;

    public async Task<CheckResult> Handle(RunCheck request, CancellationToken cancellationToken)
    {
        await using var snapshot = await db.Database.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        var broken = new List<BrokenInvariant>();
        foreach (var invariant in Invariants.All)
        {
            // Materialized: a planner that believed the first findings to be near would look for them row by row, and there are none.
            await using var command = new NpgsqlCommand($"with found as materialized ({invariant.Sql}) select * from found limit {MostPerInvariant}", connection) { CommandTimeout = 600 };
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                broken.Add(new(invariant.Code, invariant.Mark, reader.GetString(0), invariant.Text));
            }
        }

        await DerivationsAsync(broken, cancellationToken);
        await SearchAsync(broken, cancellationToken);
        await DecisionsAsync(broken, cancellationToken);
        var (sealedRows, brokenAt, unsealed) = await AuditChain.VerifyAsync(connection, cancellationToken);
        if (brokenAt is { } row)
        {
            broken.Add(new("audit.chain", "I7", $"audit_entry {row}", "操作記録の連鎖が切れています"));
        }

        return new(broken, sealedRows, unsealed);
    }

    /// <summary>A date whose derivation ends in another day was moved by somebody who did not go through the product.</summary>
    private async Task DerivationsAsync(List<BrokenInvariant> broken, CancellationToken cancellationToken)
    {
        var followUps = db.Set<FollowUp>().AsNoTracking().Where(f => f.State == FollowUpState.Planned || f.State == FollowUpState.Due || f.State == FollowUpState.Suspended)
            .Select(f => new { f.Id, f.DueOn, f.Why });
        await AddAsync(broken, followUps, f => f.Why.Contains(JapaneseDate.Short(f.DueOn), StringComparison.Ordinal) ? null
            : new("follow_up.shifted", "I4", f.Id.ToString(), "フォローアップの日付がその根拠と違います"), cancellationToken);

        var deadlines = db.Set<Deadline>().AsNoTracking().Where(d => d.State == DeadlineState.Open).Select(d => new { d.Id, d.Kind, d.DueAt, d.Why });
        await AddAsync(broken, deadlines, d => d.Why.Contains(
            Deadline.IsByDay(d.Kind) ? JapaneseDate.Short(JapanTime.DateOf(d.DueAt)) : JapaneseDate.ShortTime(d.DueAt), StringComparison.Ordinal) ? null
            : new("deadline.shifted", "I4", d.Id.ToString(), "期限の日時がその根拠と違います"), cancellationToken);
    }

    /// <summary>Whoever is looked up by number, company, person or telephone must be found: the row was rewritten with every edit.</summary>
    private Task SearchAsync(List<BrokenInvariant> broken, CancellationToken cancellationToken)
    {
        var rows = from c in db.Set<Case>().AsNoTracking()
                   join s in db.Set<CaseSearch>() on c.Id equals s.CaseId
                   select new { c.Number, c.OrganisationName, c.ContactName, c.Phone, c.Email, s.Folded };
        return AddAsync(broken, rows, r => new[] { r.Number, r.OrganisationName, r.ContactName, r.Phone, r.Email }
            .All(told => told is null || r.Folded.Contains(CaseSearch.Fold(told), StringComparison.Ordinal)) ? null
            : new("case.search_stale", "I6", r.Number, "検索の行が案件の内容と合いません"), cancellationToken);
    }

    /// <summary>The newest decisions of the rules of today, judged again: the same facts must give the same answer.</summary>
    private Task DecisionsAsync(List<BrokenInvariant> broken, CancellationToken cancellationToken)
    {
        var newest = db.Set<MatchDecision>().AsNoTracking().Where(d => d.RuleVersion == Matching.Version).OrderByDescending(d => d.Id).Take(MostDecisions);
        return AddAsync(broken, newest, d => d.IsRepeatedBy(d.JudgedAgain()) ? null
            : new("decision.replay", "I6", d.OfferId.ToString(), "保存された割当ての判断を同じ材料で判定し直すと、結果が変わります"), cancellationToken);
    }

    private static async Task AddAsync<T>(List<BrokenInvariant> broken, IQueryable<T> rows, Func<T, BrokenInvariant?> judge, CancellationToken cancellationToken)
    {
        var found = 0;
        await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            if (judge(row) is { } fault)
            {
                broken.Add(fault);
                if (++found == MostPerInvariant)
                {
                    break;
                }
            }
        }
    }
}
