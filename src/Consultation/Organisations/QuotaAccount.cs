using Consultation.Messaging;
using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Organisations;

public readonly record struct QuotaAccountId(Guid Value) : IStrongId<QuotaAccountId>
{
    public static QuotaAccountId New() => new(Guid.CreateVersion7());
    public static QuotaAccountId From(Guid value) => new(value);
    public static QuotaAccountId Parse(string s, IFormatProvider? provider) => StrongId.Parse<QuotaAccountId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out QuotaAccountId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}

/// <summary>仮押さえ・予約 · 実施 · 取消 · 上限の調整 · 日程変更 within the fiscal year, which changes the day and no number.</summary>
public enum QuotaMove { Hold, Consume, Release, Adjust, Move }

/// <summary>
/// The free consultations of one organisation in one programme and fiscal year – the year of the visit's date in Japan, not of the booking
/// (domain.md §6.5). <c>Held + Used ≤ Limit + Extra</c> is a constraint of the database; every change is a row of the ledger.
/// </summary>
public sealed class QuotaAccount
{
    private QuotaAccount()
    {
    }

    /// <summary>An account that nobody else can know yet; everybody else opens it by <see cref="Lock"/>.</summary>
    internal QuotaAccount(OrganisationId organisation, ProgrammeYear year)
    {
        Id = QuotaAccountId.New();
        OrganisationId = organisation;
        Programme = year.Programme;
        FiscalYear = year.FiscalYear;
        Limit = year.QuotaLimit;
    }

    public QuotaAccountId Id { get; private set; }
    public OrganisationId OrganisationId { get; private set; }
    public string Programme { get; private set; } = "";
    public int FiscalYear { get; private set; }
    public int Limit { get; private set; }
    public int Held { get; private set; }
    public int Used { get; private set; }

    /// <summary>What supervisors granted beyond the limit (domain.md §6.6), for visits that are booked or counted.</summary>
    public int Extra { get; private set; }

    public int Total => Limit + Extra;

    public int Left => Total - Held - Used;

    /// <summary>The account, opened on first use and locked until the transaction ends, so that two bookings of the last unit meet here.</summary>
    /// <returns>The one account, once the trip is over.</returns>
    public static IReadOnlyList<QuotaAccount> Lock(RoundTrip trip, OrganisationId organisation, ProgrammeYear year)
    {
        // The limit is read under a lock of the year, so that whoever changes it meets the new account and not its shadow.
        trip.Do($"""
            insert into quota_accounts (id, organisation_id, programme, fiscal_year, "limit")
            select {Guid.CreateVersion7()}, {organisation.Value}, p.programme, p.fiscal_year, p.quota_limit from programme_years p
            where p.id = {year.Id.Value} and not exists (
              select 1 from quota_accounts a where a.organisation_id = {organisation.Value} and a.programme = {year.Programme} and a.fiscal_year = {year.FiscalYear})
            for share of p
            on conflict (organisation_id, programme, fiscal_year) do nothing
            """);
        return trip.Entities<QuotaAccount>($"where organisation_id = {organisation.Value} and programme = {year.Programme} and fiscal_year = {year.FiscalYear} for update");
    }

    /// <summary>
    /// The account as this change has it; null where nothing was ever held. Where this change has not locked it, it is not tracked either: whoever locks it later in the
    /// same change must get it as it is then.
    /// </summary>
    public static async Task<QuotaAccount?> FindAsync(ConsultationDb db, OrganisationId organisation, ProgrammeYear year, CancellationToken cancellationToken) =>
        db.Set<QuotaAccount>().Local.FirstOrDefault(a => a.OrganisationId == organisation && a.Programme == year.Programme && a.FiscalYear == year.FiscalYear)
        ?? await db.Set<QuotaAccount>().AsNoTracking().FirstOrDefaultAsync(a => a.OrganisationId == organisation && a.Programme == year.Programme && a.FiscalYear == year.FiscalYear, cancellationToken);

    /// <exception cref="RuleViolation"><c>quota.exhausted</c>: nothing is left to hold.</exception>
    public QuotaLedgerEntry Hold(Ref caseId, Ref visitId, DateOnly visitOn, Actor actor, DateTimeOffset now)
    {
        if (Left < 1)
        {
            throw new RuleViolation("quota.exhausted");
        }

        Held++;
        return Entry(QuotaMove.Hold, caseId, visitId, visitOn, "仮押さえ・予約", actor, now);
    }

    /// <summary>A supervisor grants units beyond the limit, for this very visit.</summary>
    public QuotaLedgerEntry Grant(int units, Ref caseId, Ref visitId, DateOnly visitOn, string reason, Actor actor, DateTimeOffset now)
    {
        Extra += units;
        return new(Id, QuotaMove.Adjust, units, caseId, visitId, visitOn, $"業務責任者の承認で上限を超えて予約: {reason}", actor.Name, now);
    }

    /// <summary>What was granted for a visit that does not count ends with it.</summary>
    public QuotaLedgerEntry Withdraw(int units, Ref caseId, Ref visitId, DateOnly visitOn, Actor actor, DateTimeOffset now)
    {
        Extra -= units;
        return new(Id, QuotaMove.Adjust, -units, caseId, visitId, visitOn, "上限を超えた予約の取消し", actor.Name, now);
    }

    /// <param name="reason">Why it counts: 実施, or the programme's rule by which a visit that fell through counts.</param>
    public QuotaLedgerEntry Consume(Ref caseId, Ref visitId, DateOnly visitOn, string reason, Actor actor, DateTimeOffset now)
    {
        Held--;
        Used++;
        return Entry(QuotaMove.Consume, caseId, visitId, visitOn, reason, actor, now);
    }

    public QuotaLedgerEntry Release(Ref caseId, Ref visitId, DateOnly visitOn, string reason, Actor actor, DateTimeOffset now)
    {
        Held--;
        return Entry(QuotaMove.Release, caseId, visitId, visitOn, reason, actor, now);
    }

    /// <summary>The unit stays held, for another day.</summary>
    public QuotaLedgerEntry Move(Ref caseId, Ref visitId, DateOnly visitOn, string reason, Actor actor, DateTimeOffset now) =>
        new(Id, QuotaMove.Move, 0, caseId, visitId, visitOn, reason, actor.Name, now);

    private QuotaLedgerEntry Entry(QuotaMove kind, Ref caseId, Ref visitId, DateOnly visitOn, string reason, Actor actor, DateTimeOffset now) =>
        new(Id, kind, 1, caseId, visitId, visitOn, reason, actor.Name, now);
}

public readonly record struct QuotaLedgerEntryId(Guid Value) : IStrongId<QuotaLedgerEntryId>
{
    public static QuotaLedgerEntryId New() => new(Guid.CreateVersion7());
    public static QuotaLedgerEntryId From(Guid value) => new(value);
    public static QuotaLedgerEntryId Parse(string s, IFormatProvider? provider) => StrongId.Parse<QuotaLedgerEntryId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out QuotaLedgerEntryId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}

/// <summary>One change of an account. Case and visit are opaque here: the rooms that know them stand above.</summary>
public sealed class QuotaLedgerEntry(
    QuotaAccountId accountId, QuotaMove kind, int units, Ref? caseId, Ref? visitId, DateOnly? visitOn, string reason, string actor, DateTimeOffset at)
{
    public QuotaLedgerEntryId Id { get; private set; } = QuotaLedgerEntryId.New();
    public QuotaAccountId AccountId { get; private set; } = accountId;
    public QuotaMove Kind { get; private set; } = kind;
    public int Units { get; private set; } = units;
    
    /// <summary>Null where the programme's limit changed and no case did.</summary>
    public Ref? CaseId { get; private set; } = caseId;
    public Ref? VisitId { get; private set; } = visitId;
    public DateOnly? VisitOn { get; private set; } = visitOn;
    public string Reason { get; private set; } = reason;
    public string Actor { get; private set; } = actor;
    public DateTimeOffset At { get; private set; } = at;
}
