using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Persistence;
using Consultation.Reference;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>Whose account of which fiscal year (that of the visit's own date).</summary>
internal sealed record QuotaKey(OrganisationId Organisation, int FiscalYear)
{
    public static QuotaKey Of(Visit visit) => new(visit.OrganisationId, visit.FiscalYear);
}

/// <summary>A day on the quota's ledger: a consultation that was used or is booked.</summary>
public sealed record LedgerDay(DateOnly? On, QuotaMove Kind);

/// <summary>
/// What visits do to the free consultations (domain.md §6): held at booking, consumed when it took place, released when it falls through.
/// Accounts are locked after the experts and before the cases, in one order for everybody.
/// </summary>
public sealed class VisitQuota(ConsultationDb db, ProgrammeBook programmes)
{
    private readonly Dictionary<QuotaKey, IReadOnlyList<QuotaAccount>> locked = [];

    // A retry clears the change tracker and gives up the locks with the transaction: what is not tracked any more is not locked either.
    private QuotaAccount? Locked(QuotaKey key) =>
        locked.GetValueOrDefault(key)?.SingleOrDefault() is { } account && db.Entry(account).State != EntityState.Detached ? account : null;

    /// <exception cref="RuleViolation"><c>programme.no_year</c>: the programme does not exist in that fiscal year.</exception>
    internal async Task LockAsync(IEnumerable<QuotaKey> keys, CancellationToken cancellationToken)
    {
        var trip = new RoundTrip(db);
        await LockAsync(trip, keys, cancellationToken);
        await trip.GoAsync(cancellationToken);
    }

    /// <summary>The same with what else is asked for in one trip.</summary>
    internal async Task LockAsync(RoundTrip trip, IEnumerable<QuotaKey> keys, CancellationToken cancellationToken)
    {
        foreach (var key in keys.Distinct().OrderBy(k => k.Organisation.Value).ThenBy(k => k.FiscalYear))
        {
            var year = await programmes.GetAsync(new FiscalYear(key.FiscalYear), cancellationToken);
            locked[key] = QuotaAccount.Lock(trip, key.Organisation, year);
        }
    }

    /// <summary>Another booking moved the visit to another year between our look and our lock: begin again.</summary>
    /// <exception cref="Conflict"><c>busy</c></exception>
    internal void DemandLocked(Visit visit)
    {
        if (visit is { IsOpen: true, ConsumesQuota: true } && Locked(QuotaKey.Of(visit)) is null)
        {
            throw new Conflict("busy");
        }
    }

    internal int? LeftFor(Visit visit) => Locked(QuotaKey.Of(visit))?.Left;

    /// <exception cref="RuleViolation"><c>quota.exhausted</c> with the days of the ledger (journey J20).</exception>
    internal async Task DemandLeftAsync(QuotaKey key, int units, CancellationToken cancellationToken)
    {
        var account = Locked(key) ?? throw new InvalidOperationException("The quota account was not locked.");
        if (account.Left < units)
        {
            throw await ExhaustedAsync(account, cancellationToken);
        }
    }

    /// <summary>How many of these units the account lacks.</summary>
    internal int Lacking(QuotaKey key, int units) =>
        Math.Max(0, units - Math.Max(0, (Locked(key) ?? throw new InvalidOperationException("The quota account was not locked.")).Left));

    private async Task<RuleViolation> ExhaustedAsync(QuotaAccount account, CancellationToken cancellationToken)
    {
        var lines = await db.Set<QuotaLedgerEntry>().AsNoTracking().Where(e => e.AccountId == account.Id && e.VisitId != null && e.Kind != QuotaMove.Adjust).OrderBy(e => e.At).ThenBy(e => e.Id).ToListAsync(cancellationToken);
        var days = lines.GroupBy(e => e.VisitId).Select(g => g.Last()).Where(e => e.Kind != QuotaMove.Release)
            .OrderBy(e => e.VisitOn).Select(e => new LedgerDay(e.VisitOn, e.Kind == QuotaMove.Move ? QuotaMove.Hold : e.Kind)).ToList();
        return new("quota.exhausted") { Extra = { ["ledger"] = days } };
    }

    internal void Hold(Visit visit, Occasion occasion)
    {
        if (visit.QuotaExtra > 0)
        {
            db.Add(AccountOf(visit).Grant(visit.QuotaExtra, Ref.To(visit.CaseId), Ref.To(visit.Id), visit.Plan.On, visit.QuotaReason!, occasion.Actor, occasion.Now.ToUniversalTime()));
        }

        Charge(visit, a => a.Hold(Ref.To(visit.CaseId), Ref.To(visit.Id), visit.Plan.On, occasion.Actor, occasion.Now.ToUniversalTime()));
    }

    /// <param name="why">実施, or the rule by which a visit that fell through counts.</param>
    internal void Consume(Visit visit, string why, Occasion occasion) =>
        Charge(visit, a => a.Consume(Ref.To(visit.CaseId), Ref.To(visit.Id), visit.Plan.On, why, occasion.Actor, occasion.Now.ToUniversalTime()));

    internal void Release(Visit visit, string reason, Occasion occasion)
    {
        Charge(visit, a => a.Release(Ref.To(visit.CaseId), Ref.To(visit.Id), visit.Plan.On, reason, occasion.Actor, occasion.Now.ToUniversalTime()));
        if (visit.QuotaExtra > 0)
        {
            db.Add(AccountOf(visit).Withdraw(visit.QuotaExtra, Ref.To(visit.CaseId), Ref.To(visit.Id), visit.Plan.On, occasion.Actor, occasion.Now.ToUniversalTime()));
            visit.LoseExtra();
        }
    }

    /// <summary>A visit fell through: it counts or gives back what it held, as the rule says.</summary>
    /// <returns>A word for the story where it counts.</returns>
    internal string FallThrough(Visit visit, QuotaRule rule, Occasion occasion)
    {
        if (!visit.ConsumesQuota || !rule.Counts)
        {
            Release(visit, rule.Words, occasion);
            return "";
        }

        Consume(visit, rule.Words, occasion);
        visit.KeepQuota();
        return "（1回と数える取扱い）";
    }

    /// <summary>The programme whose rules hold for the visit: that of its own date.</summary>
    internal ValueTask<ProgrammeYear> ProgrammeOf(Visit visit, CancellationToken cancellationToken) => programmes.GetAsync(new FiscalYear(visit.FiscalYear), cancellationToken);

    /// <summary>Another day of the same fiscal year: one row, however many units are held.</summary>
    internal void Move(Visit visit, DateOnly before, Occasion occasion)
    {
        if (visit.QuotaUnits > 0 && visit.Plan.On != before)
        {
            db.Add(AccountOf(visit).Move(
                Ref.To(visit.CaseId), Ref.To(visit.Id), visit.Plan.On, $"日程変更（{JapaneseDate.Short(before)} → {JapaneseDate.Short(visit.Plan.On)}）", occasion.Actor, occasion.Now.ToUniversalTime()));
        }
    }

    private QuotaAccount AccountOf(Visit visit) => Locked(QuotaKey.Of(visit)) ?? throw new InvalidOperationException("The quota account was not locked.");

    private void Charge(Visit visit, Func<QuotaAccount, QuotaLedgerEntry> move)
    {
        for (var unit = 0; unit < visit.QuotaUnits; unit++)
        {
            db.Add(move(AccountOf(visit)));
        }
    }
}
