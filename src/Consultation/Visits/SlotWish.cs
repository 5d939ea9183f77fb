using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Reference;

namespace Consultation.Visits;

public readonly record struct SlotWishId(Guid Value) : IStrongId<SlotWishId>
{
    public static SlotWishId New() => new(Guid.CreateVersion7());
    public static SlotWishId From(Guid value) => new(value);
    public static SlotWishId Parse(string s, IFormatProvider? provider) => StrongId.Parse<SlotWishId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out SlotWishId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}

/// <summary>空き待ち → 打診中 (a time is held for it) → 決定 | 終了.</summary>
public enum WishState { Waiting, Offered, Met, Ended }

/// <summary>Which times a client would take.</summary>
/// <param name="Minutes">How long.</param>
/// <param name="DayFrom">The visit lies between these times of the day; any time where null.</param>
public sealed record WantedTime(VisitMode Mode, int Minutes, DateOnly From, DateOnly To, TimeOnly? DayFrom, TimeOnly? DayTo);

/// <summary>
/// A client who waits for a time that somebody else gives up (journey J21). A freed time is held for one wish at a time, the oldest it fits; whoever
/// does not take it in time goes on waiting for others, but is not asked for the same beginning again. It changes only while its case's row is locked.
/// </summary>
public sealed class SlotWish
{
    private SlotWish()
    {
    }

    internal SlotWish(CaseId caseId, WantedTime wanted, VisitId? replaces, Occasion occasion)
    {
        Id = SlotWishId.New();
        CaseId = caseId;
        (Mode, Minutes, FromOn, ToOn, DayFrom, DayTo) = wanted;
        Replaces = replaces;
        MadeBy = occasion.Actor.Name;
        MadeAt = occasion.Now.ToUniversalTime();
    }

    public SlotWishId Id { get; private set; }
    public CaseId CaseId { get; private set; }
    public VisitMode Mode { get; private set; }
    public int Minutes { get; private set; }
    public DateOnly FromOn { get; private set; }
    public DateOnly ToOn { get; private set; }
    public TimeOnly? DayFrom { get; private set; }
    public TimeOnly? DayTo { get; private set; }

    /// <summary>The booked visit that is to be earlier; another one is wanted where null.</summary>
    public VisitId? Replaces { get; private set; }
    public WishState State { get; private set; } = WishState.Waiting;

    /// <summary>The hold that was made for it, while its client is asked.</summary>
    public VisitId? OfferedVisit { get; private set; }

    /// <summary>Beginnings that were offered and not taken.</summary>
    public DateTimeOffset[] Passed { get; private set; } = [];
    public string MadeBy { get; private set; } = "";
    public DateTimeOffset MadeAt { get; private set; }
    public string? EndedBy { get; private set; }
    public DateTimeOffset? EndedAt { get; private set; }
    public string? EndedWhy { get; private set; }

    public bool IsOpen => State is WishState.Waiting or WishState.Offered;

    public WantedTime Wanted => new(Mode, Minutes, FromOn, ToOn, DayFrom, DayTo);

    internal bool Fits(FreeSlot slot) =>
        (DayFrom is not { } from || JapanTime.TimeOf(slot.Start) >= from) && (DayTo is not { } to || JapanTime.TimeOf(slot.End) <= to) && !Passed.Contains(slot.Start.ToUniversalTime());

    internal void Offer(VisitId held)
    {
        OfferedVisit = held;
        State = WishState.Offered;
    }

    /// <summary>The client did not take it, or not in time.</summary>
    internal void Pass(DateTimeOffset start)
    {
        Passed = [.. Passed, start.ToUniversalTime()];
        OfferedVisit = null;
        State = WishState.Waiting;
    }

    /// <summary>The booked visit fell through by no fault of the client: now any time in the window will do.</summary>
    internal void WantAny() => Replaces = null;

    internal void Meet(Occasion occasion) => End(WishState.Met, "予約が決まったため", occasion);

    /// <exception cref="RuleViolation"><c>slot_wish.not_open</c></exception>
    internal void End(string why, Occasion occasion)
    {
        if (!IsOpen)
        {
            throw new RuleViolation("slot_wish.not_open");
        }

        End(WishState.Ended, why, occasion);
    }

    private void End(WishState state, string why, Occasion occasion)
    {
        State = state;
        OfferedVisit = null;
        EndedBy = occasion.Actor.Name;
        EndedAt = occasion.Now.ToUniversalTime();
        EndedWhy = why;
    }
}
