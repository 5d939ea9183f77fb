using Consultation.Messaging;

namespace Consultation.Experts.Outside;

public readonly record struct ExpertCalendarId(Guid Value) : IStrongId<ExpertCalendarId>
{
    public static ExpertCalendarId New() => new(Guid.CreateVersion7());
    public static ExpertCalendarId From(Guid value) => new(value);
    public static ExpertCalendarId Parse(string s, IFormatProvider? provider) => StrongId.Parse<ExpertCalendarId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out ExpertCalendarId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}

public readonly record struct ExpertElsewhereId(Guid Value) : IStrongId<ExpertElsewhereId>
{
    public static ExpertElsewhereId New() => new(Guid.CreateVersion7());
    public static ExpertElsewhereId From(Guid value) => new(value);
    public static ExpertElsewhereId Parse(string s, IFormatProvider? provider) => StrongId.Parse<ExpertElsewhereId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out ExpertElsewhereId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}

/// <summary>Where a calendar comes from: a file somebody handed in once, or an address that is asked again and again.</summary>
public enum CalendarSource { File, Feed }

/// <summary>
/// A calendar that an expert keeps elsewhere; each expert has one file and one feed at most. Of its contents only the busy times are kept
/// (<see cref="ExpertElsewhere"/>). Source: issue "Visits", journey J25.
/// </summary>
public sealed class ExpertCalendar
{
    /// <summary>How far ahead it is read; nothing is booked more than a year ahead.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromDays(400);

    private ExpertCalendar()
    {
    }

    public ExpertCalendar(ExpertId expert, CalendarSource source, DateTimeOffset now)
    {
        Id = ExpertCalendarId.New();
        ExpertId = expert;
        Source = source;
        NextFetchAt = source == CalendarSource.Feed ? now.ToUniversalTime() : null;
    }

    public ExpertCalendarId Id { get; private set; }
    public ExpertId ExpertId { get; private set; }
    public CalendarSource Source { get; private set; }

    /// <summary>Of a feed. It may carry a secret of its own and is shown to nobody.</summary>
    public string? Address { get; private set; }

    /// <summary>When the times were last read; null until then.</summary>
    public DateTimeOffset? TakenAt { get; private set; }
    public DateTimeOffset? NextFetchAt { get; private set; }

    /// <summary>Code of why the last reading failed; then the times of the reading before still hold.</summary>
    public string? Fault { get; private set; }

    public void Subscribe(string address, DateTimeOffset now)
    {
        Address = address;
        NextFetchAt = now.ToUniversalTime();
        Fault = null;
    }

    public void Taken(DateTimeOffset now, TimeSpan? again)
    {
        TakenAt = now.ToUniversalTime();
        NextFetchAt = again is { } later ? TakenAt + later : null;
        Fault = null;
    }

    public void Failed(string code, DateTimeOffset now, TimeSpan again)
    {
        Fault = code;
        NextFetchAt = now.ToUniversalTime() + again;
    }
}

/// <summary>A stretch in which an expert is busy elsewhere; half-open. No visit is offered or booked into it; one that stands there stays and is flagged.</summary>
public sealed class ExpertElsewhere(ExpertId expertId, ExpertCalendarId calendarId, DateTimeOffset startsAt, DateTimeOffset endsAt)
{
    public ExpertElsewhereId Id { get; private set; } = ExpertElsewhereId.New();
    public ExpertId ExpertId { get; private set; } = expertId;
    public ExpertCalendarId CalendarId { get; private set; } = calendarId;
    public DateTimeOffset StartsAt { get; private set; } = startsAt.ToUniversalTime();
    public DateTimeOffset EndsAt { get; private set; } = endsAt.ToUniversalTime();
}
