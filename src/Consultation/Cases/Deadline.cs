using Consultation.Calendar;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Reference;
using Consultation.Topics;

namespace Consultation.Cases;

public enum DeadlineKind { FirstResponse, CallBack, Assignment, Acceptance, FirstVisit, Report }

public enum DeadlineState { Open, Paused, Met, Cancelled }

/// <summary>Who has been told that a deadline passed, one after the other (督促の段階): whoever is to act, the desk, the supervisors.</summary>
public enum EscalationStep { Holder, Desk, Supervisor }

public readonly record struct DeadlineId(Guid Value) : IStrongId<DeadlineId>
{
    public static DeadlineId New() => new(Guid.CreateVersion7());
    public static DeadlineId From(Guid value) => new(value);
    public static DeadlineId Parse(string s, IFormatProvider? provider) => StrongId.Parse<DeadlineId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out DeadlineId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}

/// <summary>A time limit with its derivation in words. All deadlines of a case live here, so that a hold pauses every one of them.</summary>
public sealed class Deadline
{
    private Deadline()
    {
    }

    internal Deadline(CaseId caseId, DeadlineKind kind, Track? track, Ref? subject, DateTimeOffset startedAt, DueInstant due)
    {
        Id = DeadlineId.New();
        CaseId = caseId;
        Kind = kind;
        Track = track;
        Subject = subject;
        StartedAt = startedAt.ToUniversalTime();
        Move(due);
    }

    public DeadlineId Id { get; private set; }
    public CaseId CaseId { get; private set; }
    public DeadlineKind Kind { get; private set; }
    public Track? Track { get; private set; }

    /// <summary>The visit of a report, the call-back of a promise; opaque here.</summary>
    public Ref? Subject { get; private set; }
    public DateTimeOffset StartedAt { get; private set; }
    public DateTimeOffset DueAt { get; private set; }

    /// <summary>The derivation, shown wherever the date is shown.</summary>
    public string Why { get; private set; } = "";

    /// <summary>What is counted, so that a changed calendar can count again; null for a time that was promised.</summary>
    public Counting? Counting { get; private set; }
    public DeadlineState State { get; private set; } = DeadlineState.Open;
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Business time left when the clock was paused, for kinds that count hours.</summary>
    public TimeSpan? PausedLeft { get; private set; }

    /// <summary>What is left while the clock stands still; null while it runs.</summary>
    public string? LeftWords => State != DeadlineState.Paused ? null
        : PausedLeft is { } left ? (left > TimeSpan.Zero ? $"残り{Words(left)}" : "期限を過ぎています")
        : PausedDays is { } days ? (days == Overdue ? "期限を過ぎています" : days == 0 ? "残りはその日のうち" : $"残り{days}営業日") : null;

    private const int Overdue = -1;

    /// <summary>Business days left when the clock was paused, for kinds that count days; -1 where it had run out already.</summary>
    public int? PausedDays { get; private set; }

    /// <summary>The last rung of the ladder that was climbed, and when; null while nobody has been told.</summary>
    public EscalationStep? Escalated { get; private set; }
    public DateTimeOffset? EscalatedAt { get; private set; }

    /// <summary>When the next rung is due; null behind the last, and for kinds that have a ladder of their own.</summary>
    public DateTimeOffset? EscalateAt { get; private set; }

    /// <summary>Business time that was left to the next rung when the clock was paused.</summary>
    public TimeSpan? EscalateLeft { get; private set; }

    /// <summary>A late report has a ladder of its own (<c>ChaseReports</c>), and an offer ends with its clock.</summary>
    public static bool Climbs(DeadlineKind kind) => kind is not (DeadlineKind.Report or DeadlineKind.Acceptance);

    /// <summary>Shown by day except the first response and the call-back (design §2).</summary>
    public static bool IsByDay(DeadlineKind kind) => kind is not (DeadlineKind.FirstResponse or DeadlineKind.CallBack);

    public bool IsRunning => State is DeadlineState.Open or DeadlineState.Paused;

    internal void End(DeadlineState state, DateTimeOffset now)
    {
        State = state;
        EndedAt = now.ToUniversalTime();
    }

    internal void Pause(Occasion occasion)
    {
        // A call is owed at the time that was said, whatever the case waits for.
        if (State != DeadlineState.Open || Kind == DeadlineKind.CallBack)
        {
            return;
        }

        State = DeadlineState.Paused;
        EscalateLeft = DueAt <= occasion.Now && EscalateAt is { } next ? (next > occasion.Now ? occasion.Calendar.WorkBetween(occasion.Now, next) : TimeSpan.Zero) : null;
        if (IsByDay(Kind))
        {
            PausedDays = DueAt <= occasion.Now ? Overdue : occasion.BusinessDaysUntil(DueAt);
        }
        else
        {
            PausedLeft = occasion.Calendar.WorkBetween(occasion.Now, DueAt);
        }
    }

    /// <summary>The time that was left runs on from now; what was overdue stays as overdue as it was.</summary>
    internal void Resume(Occasion occasion)
    {
        if (State != DeadlineState.Paused)
        {
            return;
        }

        State = DeadlineState.Open;
        if (PausedLeft is { } left && left > TimeSpan.Zero)
        {
            var due = new Counting(occasion.Now, Work: left).Due(occasion.Calendar);
            Move(due with { Why = $"保留前の残り {Words(left)} を再開から数えます。{due.Why}" });
        }
        else if (PausedDays is >= 0 and { } days)
        {
            // Due on the very day of the pause: due on the day of resumption, or the next open one once that has closed.
            var due = days == 0 && occasion.ByDays(0) is { } today && today.Due > occasion.Now ? today : occasion.ByDays(Math.Max(days, 1));
            Move(due with { Why = $"保留前の残り {days}営業日を再開から数えます。{due.Why}" });
        }

        if (EscalateLeft is { } rest)
        {
            EscalateAt = occasion.Calendar.AddHours(occasion.Now, rest).Due.ToUniversalTime();
        }

        PausedLeft = null;
        PausedDays = null;
        EscalateLeft = null;
    }

    /// <summary>One rung further; the next has its time from when this one was climbed, so that each has a chance to act.</summary>
    internal void Climb(EscalationStep step, DateTimeOffset now, DateTimeOffset? next)
    {
        Escalated = step;
        EscalatedAt = now.ToUniversalTime();
        EscalateAt = next?.ToUniversalTime();
    }

    /// <summary>
    /// Where the deadline moves when its desk's calendar changes; null where it stays: paused, promised, run out already, or not touched by
    /// the change. Counts what it counted before, whatever the programme's settings are by now.
    /// </summary>
    internal DueInstant? By(BusinessCalendar before, BusinessCalendar after, DateTimeOffset now)
    {
        if (State != DeadlineState.Open || DueAt <= now || Counting is null)
        {
            return null;
        }

        var (was, moved) = (Counting.Due(before), Counting.Due(after));
        if (was.Due == moved.Due)
        {
            return null;
        }

        var said = Why.EndsWith(was.Why, StringComparison.Ordinal) ? Why[..^was.Why.Length] : "";
        return moved with { Why = said + moved.Why };
    }

    /// <summary>When it was due, by the calendar of today where that day is still to come.</summary>
    internal DueInstant AsBefore(Occasion occasion) =>
        Counting is { } counted && DueAt > occasion.Now && counted.Due(occasion.Calendar) is var again && again.Due != DueAt ? again : new(DueAt, Why, Counting);

    internal void Move(DueInstant due)
    {
        DueAt = due.Due.ToUniversalTime();
        Why = due.Why;
        Counting = due.Counting;
        EscalateAt = Climbs(Kind) ? DueAt : null;
        (Escalated, EscalatedAt) = (null, null);
    }

    private static string Words(TimeSpan left) => Said(TimeSpan.FromMinutes(Math.Ceiling(left.TotalMinutes)));

    private static string Said(TimeSpan left) => left.Minutes == 0 ? $"{(int)left.TotalHours}時間" : $"{(int)left.TotalHours}時間{left.Minutes}分";
}

/// <summary>Who acts, when, by which calendar and which programme settings: all that a change of a case needs beside its own state.</summary>
public sealed record Occasion(Actor Actor, DateTimeOffset Now, BusinessCalendar Calendar, ProgrammeYear Programme)
{
    public DateOnly Today => JapanTime.DateOf(Now);

    /// <summary>Business hours from receipt (4 by default).</summary>
    public DueInstant FirstResponse(DateTimeOffset from) => new Counting(from, Work: TimeSpan.FromHours(Programme.FirstResponseHours)).Due(Calendar);

    public DueInstant Assignment() => ByDays(Programme.AssignmentDays);

    public DueInstant Acceptance() => ByDays(Programme.AcceptanceDays);

    public DueInstant FirstVisit() => ByDays(Programme.FirstVisitDays);

    /// <summary>The closing of the 7th calendar day after the visit, rolled forward to an open day.</summary>
    public DueInstant Report(DateTimeOffset visitEnd) => new Counting(visitEnd, CalendarDays: Programme.ReportDays).Due(Calendar);

    /// <summary>When the desk is told, and after it the supervisors, of a deadline that nobody has met since the rung before.</summary>
    internal DateTimeOffset EscalationToDesk() => Calendar.AddHours(Now, TimeSpan.FromHours(Programme.EscalateDeskHours)).Due;

    internal DateTimeOffset EscalationToSupervisor() => Calendar.AddHours(Now, TimeSpan.FromHours(Programme.EscalateSupervisorHours)).Due;

    internal const int CallTaskHours = 2;

    /// <summary>
    /// When a call that nobody promised is to be made: from now or the next opening on, until closing where at least two business hours are
    /// left, else until the closing of the next open day.
    /// </summary>
    internal (DateTimeOffset From, DateTimeOffset Due) CallTask()
    {
        var from = Calendar.NextOpen(Now);
        var day = JapanTime.DateOf(from);
        var closing = Calendar.ClosingOf(day);
        return (from, Calendar.WorkBetween(from, closing) >= TimeSpan.FromHours(CallTaskHours) ? closing : Calendar.ClosingOf(Calendar.AddBusinessDays(day, 1).Due));
    }

    /// <summary>The closing of the n-th business day after today.</summary>
    internal DueInstant ByDays(int days) => new Counting(Now, BusinessDays: days).Due(Calendar);

    internal int BusinessDaysUntil(DateTimeOffset due)
    {
        var last = JapanTime.DateOf(due);
        var days = 0;
        for (var day = Today.AddDays(1); day <= last; day = day.AddDays(1))
        {
            days += Calendar.IsOpen(day) ? 1 : 0;
        }

        return days;
    }
}
