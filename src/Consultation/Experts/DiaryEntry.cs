using Consultation.Messaging;
using Consultation.Reference;
using NpgsqlTypes;

namespace Consultation.Experts;

/// <summary>
/// What an entry of the diary says; the first four block the time (design §5). <see cref="Away"/>: the visit fell through when its expert was on the
/// road for it already, and the road stays taken.
/// </summary>
public enum DiaryState { Held, Confirmed, Completed, Away, Cancelled, NoShow }

/// <summary>
/// One expert's side of one visit. <see cref="Busy"/> is the visit with its travel before and after; the constraint
/// <c>expert_diary_no_overlap</c> lets no two blocking entries of one expert overlap, whatever the code believes.
/// </summary>
public sealed class DiaryEntry
{
    private DiaryEntry()
    {
    }

    internal DiaryEntry(ExpertId expert, Ref visit, VisitPeriod period, string? prefecture, DiaryState state, DateTimeOffset? arrivesAt = null)
    {
        Id = DiaryEntryId.New();
        ExpertId = expert;
        Visit = visit;
        Prefecture = prefecture;
        State = state;
        ArrivesAt = arrivesAt?.ToUniversalTime();
        Place(period);
    }

    public DiaryEntryId Id { get; private set; }
    public ExpertId ExpertId { get; private set; }

    /// <summary>The visit; its room stands above.</summary>
    public Ref Visit { get; private set; }

    /// <summary>UTC, half-open, travel included.</summary>
    public NpgsqlRange<DateTime> Busy { get; private set; }
    public DateTimeOffset StartsAt { get; private set; }
    public DateTimeOffset EndsAt { get; private set; }
    public DiaryState State { get; private set; }

    /// <summary>JIS code of where the visit takes place; null for web and phone.</summary>
    public string? Prefecture { get; private set; }

    /// <summary>What it blocked before a disaster made it a web meeting that may become a visit again: nobody who waits is offered that time.</summary>
    public NpgsqlRange<DateTime>? Spared { get; private set; }

    /// <summary>When its expert, who set out for another time of it, gets there; at its beginning where null. A talk held on the road may begin before that.</summary>
    public DateTimeOffset? ArrivesAt { get; private set; }

    internal DateTimeOffset There => ArrivesAt ?? StartsAt;

    public void Confirm() => State = DiaryState.Confirmed;

    public void Complete() => State = DiaryState.Completed;

    /// <summary>Frees the time.</summary>
    public void Cancel() => State = DiaryState.Cancelled;

    /// <summary>The client was not there; the time is over and blocks nothing.</summary>
    public void NoShow() => State = DiaryState.NoShow;

    /// <summary>Its expert has set out and is not back yet.</summary>
    public bool IsOnTheRoad(DateTimeOffset now) => Prefecture is not null && Busy.LowerBound <= now.UtcDateTime && now.UtcDateTime < Busy.UpperBound;

    /// <summary>It is over, or it fell through: its expert, who had set out for it, is on the way home by now.</summary>
    public bool HasTurnedBack(DateTimeOffset now) => EndsAt <= now;

    /// <summary>
    /// When its expert, who has set out, turns back and is home again should the visit fall through now: word may reach nobody on the way, so that the
    /// way leads to its beginning, and from then on home at once.
    /// </summary>
    /// <param name="home">JIS code or name of the prefecture the expert lives in.</param>
    internal (DateTimeOffset Turns, DateTimeOffset Back) TurnsBack(string? home, DateTimeOffset now)
    {
        var turns = (now > StartsAt ? now : StartsAt) + Travel.Slack;
        turns = turns < EndsAt ? turns : EndsAt;
        var back = Travel.BackFrom(turns, Travel.Between(home, Prefecture, JapanTime.DateOf(StartsAt)));
        return (turns, back.UtcDateTime < Busy.UpperBound ? back : new(Busy.UpperBound, TimeSpan.Zero));
    }

    /// <summary>The visit begins later and ends as before; the travel moves with its beginning unless it has begun. Never takes time that was free.</summary>
    public void BeginLater(DateTimeOffset start, DateTimeOffset now)
    {
        var leave = IsOnTheRoad(now) ? Busy.LowerBound : start.UtcDateTime - (StartsAt.UtcDateTime - Busy.LowerBound);
        StartsAt = start.ToUniversalTime();
        Busy = new(leave, true, Busy.UpperBound, false);
    }

    private void Place(VisitPeriod period)
    {
        StartsAt = period.Start.ToUniversalTime();
        EndsAt = period.End.ToUniversalTime();
        Busy = period.Busy();
    }
}

/// <summary>A visit's time; its expert is blocked from <c>Leave</c> to <c>Back</c>.</summary>
public sealed record VisitPeriod(DateTimeOffset Start, DateTimeOffset End, DateTimeOffset Leave, DateTimeOffset Back)
{
    public VisitPeriod(DateTimeOffset start, DateTimeOffset end, TimeSpan travel) : this(start, end, start - travel, end + travel)
    {
    }

    internal NpgsqlRange<DateTime> Busy() => new(Leave.UtcDateTime, lowerBoundIsInclusive: true, Back.UtcDateTime, upperBoundIsInclusive: false);
}

public readonly record struct DiaryEntryId(Guid Value) : IStrongId<DiaryEntryId>
{
    public static DiaryEntryId New() => new(Guid.CreateVersion7());
    public static DiaryEntryId From(Guid value) => new(value);
    public static DiaryEntryId Parse(string s, IFormatProvider? provider) => StrongId.Parse<DiaryEntryId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out DiaryEntryId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}
