using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Reference;
using Consultation.Topics;

namespace Consultation.Visits;

public readonly record struct VisitId(Guid Value) : IStrongId<VisitId>
{
    public static VisitId New() => new(Guid.CreateVersion7());
    public static VisitId From(Guid value) => new(value);
    public static VisitId Parse(string s, IFormatProvider? provider) => StrongId.Parse<VisitId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out VisitId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}

/// <summary>現状把握, 導入準備, 導入後フォロー: the three free consultations of the one-stop (domain.md §6).</summary>
public enum VisitStage { Assess, Prepare, FollowUp }

/// <summary>仮押さえ → 確定 → 実施 | 中止 | 先方不在.</summary>
public enum VisitState { Held, Confirmed, TookPlace, Cancelled, NoShow }

/// <summary>Who gave the visit up; nobody where a hold ran out.</summary>
public enum CancelledBy { Client, Expert, Desk, Disaster }

public enum VisitOutcome { TookPlace, NoShow }

/// <summary>Who comes for which ministry. One expert of both ministries stands here twice and in the diary once.</summary>
public sealed class VisitExpert(VisitId visitId, Track track, ExpertId expertId)
{
    public VisitId VisitId { get; private set; } = visitId;
    public Track Track { get; private set; } = track;
    public ExpertId ExpertId { get; internal set; } = expertId;

    /// <summary>When the late report was asked for by mail, and when the desk was asked to call (journey J61); null while nothing is late.</summary>
    public DateTimeOffset? ReportRemindedAt { get; private set; }
    public DateTimeOffset? ReportCalledAt { get; private set; }

    internal void ReportReminded(DateTimeOffset now) => ReportRemindedAt = now.ToUniversalTime();

    internal void ReportCalled(DateTimeOffset now) => ReportCalledAt = now.ToUniversalTime();

    /// <summary>A report that was sent back is late anew.</summary>
    internal void ReportOwedAgain() => (ReportRemindedAt, ReportCalledAt) = (null, null);
}

/// <summary>How a visit is counted from its booking on.</summary>
/// <param name="Units">Quota units it takes: 1, 2 where a joint visit counts for each ministry, 0 where it does not count.</param>
/// <param name="Extra">Of these, what a supervisor granted beyond the limit.</param>
/// <param name="Reason">Why it does not count, or why it was granted.</param>
public sealed record VisitCharge(int Units, int Extra = 0, string? Reason = null);

/// <summary>When, how and where: what a reschedule may change.</summary>
public sealed record VisitPlan(DateTimeOffset Start, DateTimeOffset End, VisitMode Mode, string? Place)
{
    /// <summary>The day in Japan; its fiscal year is the one charged (domain.md §6.5).</summary>
    public DateOnly On => JapanTime.DateOf(Start);

    public FiscalYear Year => FiscalYear.Of(On);
}

/// <summary>
/// One bookable consultation (第n回) in any mode with 1..n experts (design §2). It changes only while its case's row is locked, so that case,
/// quota and diary always tell the same.
/// </summary>
public sealed class Visit
{
    private readonly List<VisitExpert> experts = [];

    private Visit()
    {
    }

    /// <param name="holdUntil">Makes it a hold (仮押さえ) that ends there; confirmed at once where null.</param>
    public Visit(CaseId caseId, OrganisationId organisation, int ordinal, VisitPlan plan, VisitStage stage, IReadOnlyDictionary<Track, ExpertId> holders, DateTimeOffset? holdUntil, VisitCharge charge, Occasion occasion)
    {
        Id = VisitId.New();
        CaseId = caseId;
        OrganisationId = organisation;
        Ordinal = ordinal;
        Stage = stage;
        State = holdUntil is null ? VisitState.Confirmed : VisitState.Held;
        HoldExpiresAt = holdUntil?.ToUniversalTime();
        (QuotaUnits, QuotaExtra, QuotaReason) = charge;
        BookedBy = occasion.Actor.Name;
        BookedAt = occasion.Now.ToUniversalTime();
        Take(plan);
        experts.AddRange(holders.OrderBy(h => h.Key).Select(h => new VisitExpert(Id, h.Key, h.Value)));
    }

    public VisitId Id { get; private set; }
    public CaseId CaseId { get; private set; }

    /// <summary>Whose quota it charges; stays when the case is renamed later.</summary>
    public OrganisationId OrganisationId { get; private set; }

    /// <summary>第n回 of its case, counted by date over visits that stand.</summary>
    public int Ordinal { get; private set; }
    public DateTimeOffset StartsAt { get; private set; }
    public DateTimeOffset EndsAt { get; private set; }
    public VisitMode Mode { get; private set; }

    /// <summary>Address, meeting URL or number to dial, as typed.</summary>
    public string? Place { get; private set; }
    public VisitStage Stage { get; private set; }
    public VisitState State { get; private set; }
    public DateTimeOffset? HoldExpiresAt { get; private set; }
    public int FiscalYear { get; private set; }
    public int QuotaUnits { get; private set; }

    /// <summary>Units of these that a supervisor granted beyond the limit; they end with a visit that does not count.</summary>
    public int QuotaExtra { get; private set; }

    /// <summary>True where the visit fell through and counts all the same, by the rule of its programme year.</summary>
    public bool QuotaKept { get; private set; }

    /// <summary>Why it does not count, or why it was granted beyond the limit; as typed.</summary>
    public string? QuotaReason { get; private set; }

    /// <summary>How long it really was.</summary>
    public int? Minutes { get; private set; }

    /// <summary>How it is known that it took place, where the expert did not say so.</summary>
    public string? Source { get; private set; }
    public string? RecordedBy { get; private set; }
    public DateTimeOffset? RecordedAt { get; private set; }
    public CancelledBy? CancelledBy { get; private set; }
    public string? Reason { get; private set; }

    /// <summary>The SEQUENCE of calendar invitations: grows with every change the client must learn of.</summary>
    public int Sequence { get; private set; }
    public string BookedBy { get; private set; } = "";
    public DateTimeOffset BookedAt { get; private set; }
    public DateTimeOffset? RemindedAt { get; private set; }

    /// <summary>When the client said, by the link of a letter, that the date stands.</summary>
    public DateTimeOffset? ClientConfirmedAt { get; private set; }
    public IReadOnlyList<VisitExpert> Experts => experts;

    public bool IsOpen => State is VisitState.Held or VisitState.Confirmed;
    public bool ConsumesQuota => QuotaUnits > 0;

    /// <summary>It was counted: it took place, or fell through late.</summary>
    public bool IsCounted => ConsumesQuota && (State == VisitState.TookPlace || QuotaKept);
    public VisitPlan Plan => new(JapanTime.ToJapan(StartsAt), JapanTime.ToJapan(EndsAt), Mode, Place);
    public IReadOnlyList<Track> Tracks => [.. experts.Select(e => e.Track).Order()];
    public IReadOnlyList<ExpertId> ExpertIds => [.. experts.Select(e => e.ExpertId).Distinct()];

    /// <summary>A hold past its time that the job has not come to yet.</summary>
    public bool HasExpired(DateTimeOffset now) => State == VisitState.Held && HoldExpiresAt <= now;

    /// <exception cref="RuleViolation"><c>visit.hold_expired</c>, <c>visit.not_open</c>.</exception>
    public bool Confirm(DateTimeOffset now)
    {
        if (State == VisitState.Confirmed)
        {
            return false;
        }

        DemandOpen();
        if (HasExpired(now))
        {
            throw new RuleViolation("visit.hold_expired");
        }

        State = VisitState.Confirmed;
        HoldExpiresAt = null;
        return true;
    }

    /// <exception cref="RuleViolation"><c>visit.not_open</c>, <c>visit.hold_expired</c>.</exception>
    public void Move(VisitPlan plan, DateTimeOffset now)
    {
        DemandOpen();
        if (HasExpired(now))
        {
            throw new RuleViolation("visit.hold_expired");
        }

        Take(plan);
        // A hold never lasts beyond the visit itself.
        HoldExpiresAt = HoldExpiresAt > StartsAt ? StartsAt : HoldExpiresAt;
        Sequence++;
        RemindedAt = null;
        ClientConfirmedAt = null;
    }

    /// <exception cref="RuleViolation"><c>visit.not_open</c>: its outcome is already recorded.</exception>
    public bool Cancel(CancelledBy? by, string reason, Occasion occasion)
    {
        if (State == VisitState.Cancelled)
        {
            return false;
        }

        DemandOpen();
        State = VisitState.Cancelled;
        HoldExpiresAt = null;
        CancelledBy = by;
        Reason = reason;
        Sequence++;
        Record(occasion);
        return true;
    }

    /// <summary>Stands again as it stood before a disaster put it off.</summary>
    /// <param name="extra">What is granted beyond the limit again.</param>
    /// <exception cref="RuleViolation"><c>visit.not_open</c>: it was not a disaster that cancelled it.</exception>
    internal void Reopen(int extra)
    {
        if (this is not { State: VisitState.Cancelled, CancelledBy: Visits.CancelledBy.Disaster })
        {
            throw new RuleViolation("visit.not_open", VisitWords.Of(State));
        }

        State = VisitState.Confirmed;
        (CancelledBy, Reason, RecordedBy, RecordedAt) = (null, null, null, null);
        (RemindedAt, ClientConfirmedAt) = (null, null);
        QuotaExtra = extra;
        Sequence++;
    }

    /// <exception cref="RuleViolation">
    /// <c>visit.outcome_recorded</c>: the other outcome stands already; <c>visit.not_open</c>; <c>visit.not_yet</c>: it has not begun.
    /// </exception>
    public bool Complete(VisitOutcome outcome, int? minutes, string? source, Occasion occasion)
    {
        var state = outcome == VisitOutcome.TookPlace ? VisitState.TookPlace : VisitState.NoShow;
        if (State == state)
        {
            return false;
        }

        if (State is VisitState.TookPlace or VisitState.NoShow)
        {
            throw new RuleViolation("visit.outcome_recorded", VisitWords.Of(State));
        }

        DemandOpen();
        if (occasion.Now < StartsAt)
        {
            throw new RuleViolation("visit.not_yet", JapaneseDate.ShortTime(StartsAt));
        }

        State = state;
        HoldExpiresAt = null;
        Minutes = outcome == VisitOutcome.NoShow ? null : minutes ?? (int)(EndsAt - StartsAt).TotalMinutes;
        Source = source;
        Record(occasion);
        return true;
    }

    /// <summary>It fell through and counts all the same.</summary>
    internal void KeepQuota() => QuotaKept = true;

    /// <summary>What was granted beyond the limit is given back.</summary>
    internal void LoseExtra() => QuotaExtra = 0;

    /// <summary>Another expert comes for the ministry; time, place and quota stay.</summary>
    /// <exception cref="RuleViolation"><c>visit.not_open</c></exception>
    internal void PassTo(Track track, ExpertId expert)
    {
        DemandOpen();
        experts.Single(e => e.Track == track).ExpertId = expert;
        Sequence++;
    }

    /// <summary>The client knows the date and comes. Once more is a no-op.</summary>
    /// <exception cref="RuleViolation"><c>visit.not_open</c></exception>
    internal bool ConfirmByClient(DateTimeOffset now)
    {
        DemandOpen();
        if (ClientConfirmedAt is not null)
        {
            return false;
        }

        ClientConfirmedAt = now.ToUniversalTime();
        return true;
    }

    internal void Number(int ordinal) => Ordinal = ordinal;

    public void Reminded(DateTimeOffset now) => RemindedAt = now.ToUniversalTime();

    /// <summary>What is settled at short notice is a visit of this very day that is not over yet.</summary>
    /// <exception cref="RuleViolation"><c>visit.not_open</c>, <c>visit.not_today</c>.</exception>
    internal void DemandToday(DateTimeOffset now)
    {
        DemandOpen();
        if (JapanTime.DateOf(StartsAt) != JapanTime.DateOf(now) || EndsAt <= now)
        {
            throw new RuleViolation("visit.not_today", VisitWords.Period(Plan));
        }
    }

    internal void DemandOpen()
    {
        if (!IsOpen)
        {
            throw new RuleViolation("visit.not_open", VisitWords.Of(State));
        }
    }

    private void Take(VisitPlan plan)
    {
        StartsAt = plan.Start.ToUniversalTime();
        EndsAt = plan.End.ToUniversalTime();
        Mode = plan.Mode;
        Place = string.IsNullOrWhiteSpace(plan.Place) ? null : plan.Place.Trim();
        FiscalYear = plan.Year.Year;
    }

    private void Record(Occasion occasion)
    {
        RecordedBy = occasion.Actor.Name;
        RecordedAt = occasion.Now.ToUniversalTime();
    }
}
