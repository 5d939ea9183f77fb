using Consultation.Calendar;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Reference;

namespace Consultation.FollowUps;

public readonly record struct FollowUpId(Guid Value) : IStrongId<FollowUpId>
{
    public static FollowUpId New() => new(Guid.CreateVersion7());
    public static FollowUpId From(Guid value) => new(value);
    public static FollowUpId Parse(string s, IFormatProvider? provider) => StrongId.Parse<FollowUpId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out FollowUpId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}

/// <summary>
/// One, three, six and (optional) twelve months after the last visit that took place (design §2); a programme year may have steps of its own in whole
/// months, and a day of the next fiscal year on which everybody is asked once more.
/// </summary>
public enum FollowUpKind
{
    M1 = 1, M2, M3, M4, M5, M6, M7, M8, M9, M10, M11, M12, M13, M14, M15, M16, M17, M18, M19, M20, M21, M22, M23, M24,

    /// <summary>翌年度アンケート: on a fixed day, not counted in months.</summary>
    NextYear = 100,
}

/// <summary>予定 · 中断（another visit is wanted or booked） · 期日到来 · 済 · 取消 · 引継ぎ（beyond the programme's dates).</summary>
public enum FollowUpState { Planned, Suspended, Due, Done, Cancelled, HandOver }

/// <summary>What the client told: 進んだ, 変わらない, また相談したい, 連絡がつかない.</summary>
public enum FollowUpResult { Improved, Unchanged, NeedsAdvice, NoAnswer }

/// <summary>
/// One date of a case's follow-up plan. It changes only while its case's row is locked. At most one of each kind per case stands
/// (constraint <c>follow_ups_one_per_kind</c>).
/// </summary>
public sealed class FollowUp
{
    private FollowUp()
    {
    }

    internal FollowUp(CaseId caseId, FollowUpKind kind, DeskId desk, DateOnly baseOn, DueDate due, DateOnly lastOn, bool suspended, DateOnly today)
    {
        Id = FollowUpId.New();
        CaseId = caseId;
        Kind = kind;
        DeskId = desk;
        Plan(baseOn, due, lastOn, suspended, today);
    }

    public FollowUpId Id { get; private set; }
    public CaseId CaseId { get; private set; }
    public FollowUpKind Kind { get; private set; }

    /// <summary>The visit's day from which the months are counted.</summary>
    public DateOnly BaseOn { get; private set; }
    public DateOnly DueOn { get; private set; }

    /// <summary>契約終了日 of the programme year; nothing is promised or mailed beyond it (journey J62).</summary>
    public DateOnly LastOn { get; private set; }

    /// <summary>The derivation of the date, shown beside it.</summary>
    public string Why { get; private set; } = "";
    public FollowUpState State { get; private set; }
    public DeskId DeskId { get; private set; }

    /// <summary>The case's expert, where the desk passed it on; the desk's own task where null.</summary>
    public ExpertId? ExpertId { get; private set; }
    public FollowUpResult? Result { get; private set; }
    public TeleworkStatus? TeleworkStatus { get; private set; }
    public DateTimeOffset? EndedAt { get; private set; }
    public string? EndedBy { get; private set; }

    /// <summary>Cancelled because its case was closed; comes back when the case does.</summary>
    public bool EndedWithCase { get; private set; }

    /// <summary>How often the client was asked for this very day; nought until it has come.</summary>
    public int Asked { get; private set; }

    /// <summary>When the client is asked again or, after the last approach, the desk is to call; null where nothing more happens by itself.</summary>
    public DateOnly? NextAskOn { get; private set; }
    public int Version { get; private set; }

    /// <summary>Somebody has still to act on it.</summary>
    public bool IsOpen => State is FollowUpState.Planned or FollowUpState.Suspended or FollowUpState.Due or FollowUpState.HandOver;

    internal void Plan(DateOnly baseOn, DueDate due, DateOnly lastOn, bool suspended, DateOnly today)
    {
        BaseOn = baseOn;
        // Whoever was asked for this very day already is not asked from the beginning.
        Asked = DueOn == due.Due ? Asked : 0;
        NextAskOn = null;
        DueOn = due.Due;
        Why = due.Why;
        LastOn = lastOn;
        EndedAt = null;
        EndedBy = null;
        EndedWithCase = false;
        State = DueOn > LastOn || today > LastOn ? FollowUpState.HandOver : suspended ? FollowUpState.Suspended : FollowUpState.Planned;
        Version++;
    }

    /// <summary>While another visit is wanted or booked nobody asks how it went; afterwards the plan goes on.</summary>
    internal void Suspend(bool suspended, DateOnly today)
    {
        var state = (State, suspended) switch
        {
            (FollowUpState.Planned or FollowUpState.Due, true) => FollowUpState.Suspended,
            (FollowUpState.Suspended, false) => today > LastOn ? FollowUpState.HandOver : FollowUpState.Planned,
            _ => State,
        };
        if (state != State)
        {
            State = state;
            NextAskOn = null;
            Version++;
        }
    }

    /// <summary>Due, or for the hand-over list where its day was missed until after 契約終了日.</summary>
    /// <param name="nextAskOn">When it is asked again where nobody answers.</param>
    internal void Raise(DateOnly today, DateOnly nextAskOn)
    {
        State = today > LastOn ? FollowUpState.HandOver : FollowUpState.Due;
        if (State == FollowUpState.Due)
        {
            // One that was suspended after its day had come was asked then.
            Asked = Math.Max(Asked, 1);
            NextAskOn = nextAskOn;
        }

        Version++;
    }

    /// <summary>The client is asked once more; once the contract has ended nobody is, and it goes to the hand-over list.</summary>
    /// <param name="approaches">How often the programme year asks.</param>
    internal NextApproach AskAgain(DateOnly today, int approaches, DateOnly nextAskOn)
    {
        var next = today > LastOn ? NextApproach.HandOver : Asked < approaches ? NextApproach.Letter : NextApproach.Call;
        if (next == NextApproach.HandOver)
        {
            State = FollowUpState.HandOver;
        }

        Asked += next == NextApproach.Letter ? 1 : 0;
        NextAskOn = next == NextApproach.Letter ? nextAskOn : null;
        Version++;
        return next;
    }

    /// <summary>The client has spoken: nobody asks again by itself, and the desk records what was said.</summary>
    /// <returns>False where nobody would have asked again.</returns>
    internal bool StopAsking()
    {
        if (State != FollowUpState.Due || NextAskOn is null)
        {
            return false;
        }

        NextAskOn = null;
        Version++;
        return true;
    }

    /// <summary>The last letter never left the house, or the call in its place was not made: the client was asked once less.</summary>
    internal void TakeBackAsking()
    {
        Asked--;
        Version++;
    }

    internal void PassTo(DeskId desk)
    {
        DeskId = desk;
        Version++;
    }

    /// <summary>To an expert of the case, or back to the desk where null.</summary>
    /// <exception cref="RuleViolation"><c>follow_up.not_open</c></exception>
    internal void PassTo(ExpertId? expert)
    {
        DemandOpen();
        ExpertId = expert;
        Version++;
    }

    /// <returns>False where the same answer stands already.</returns>
    /// <exception cref="RuleViolation"><c>follow_up.not_open</c></exception>
    internal bool Complete(FollowUpResult result, TeleworkStatus? status, Occasion occasion)
    {
        if (State == FollowUpState.Done && Result == result && TeleworkStatus == status)
        {
            return false;
        }

        DemandOpen();
        Result = result;
        TeleworkStatus = status;
        End(FollowUpState.Done, occasion);
        return true;
    }

    /// <exception cref="RuleViolation"><c>follow_up.not_open</c>; <c>follow_up.outside_programme</c>: later than 契約終了日.</exception>
    internal void Postpone(DateOnly due, string reason, string? derivation = null)
    {
        DemandOpen();
        if (due > LastOn)
        {
            throw new RuleViolation("follow_up.outside_programme", JapaneseDate.Long(LastOn));
        }

        Why = $"{JapaneseDate.Long(DueOn)} から {JapaneseDate.Long(due)} へ延期: {reason}{(derivation is null ? "" : $"（{derivation}）")}";
        DueOn = due;
        NotAskedYet();
        State = State == FollowUpState.Suspended ? FollowUpState.Suspended : FollowUpState.Planned;
        Version++;
    }

    /// <summary>
    /// Where the follow-up moves when its desk opens or closes on some days; null where it stays. One that was put off or spread keeps its own
    /// reason, and the roll is added to it. What stands on the hand-over list moves only where it comes back from there.
    /// </summary>
    internal DueDate? By(BusinessCalendar before, BusinessCalendar after, IReadOnlyList<DateOnly> days) => State switch
    {
        FollowUpState.Planned or FollowUpState.Suspended => MovedBy(before, after, days),
        FollowUpState.HandOver => MovedBy(before, after, days) is { } back && back.Due <= LastOn ? back : null,
        _ => null,
    };

    private DueDate? MovedBy(BusinessCalendar before, BusinessCalendar after, IReadOnlyList<DateOnly> days)
    {
        // A fixed day is not derived from the visit; it only rolls.
        var months = Kind == FollowUpKind.NextYear ? 0 : (int)Kind;
        var (was, derived) = (before.AddMonthsThenRoll(BaseOn, months, "実施"), after.AddMonthsThenRoll(BaseOn, months, "実施"));
        if (months > 0 && was.Due == DueOn && was.Why == Why)
        {
            return derived.Due == DueOn ? null : derived;
        }

        if (!after.IsOpen(DueOn) && before.IsOpen(DueOn))
        {
            var rolled = after.Roll(DueOn);
            return rolled with { Why = $"{Why}。{rolled.Why}" };
        }

        foreach (var day in days.Where(d => !before.IsOpen(d) && after.IsOpen(d) && before.Roll(d).Due == DueOn))
        {
            var added = $"。{before.Roll(day).Why}";
            if (Why.EndsWith(added, StringComparison.Ordinal))
            {
                return new(day, Why[..^added.Length]);
            }
        }

        return null;
    }

    /// <returns>True where it comes back from the hand-over list.</returns>
    internal bool Move(DueDate due)
    {
        var returns = State == FollowUpState.HandOver && due.Due <= LastOn;
        DueOn = due.Due;
        Why = due.Why;
        NotAskedYet();
        State = DueOn > LastOn ? FollowUpState.HandOver : returns ? FollowUpState.Planned : State;
        Version++;
        return returns;
    }

    internal void Cancel(bool withCase, Occasion occasion)
    {
        EndedWithCase = withCase;
        End(FollowUpState.Cancelled, occasion);
    }

    private void NotAskedYet() => (Asked, NextAskOn) = (0, null);

    private void DemandOpen()
    {
        if (!IsOpen)
        {
            throw new RuleViolation("follow_up.not_open", FollowUpWords.Of(State));
        }
    }

    private void End(FollowUpState state, Occasion occasion)
    {
        State = state;
        NextAskOn = null;
        EndedAt = occasion.Now.ToUniversalTime();
        EndedBy = occasion.Actor.Name;
        Version++;
    }
}

/// <summary>What comes next where a follow-up was not answered: another letter, a call by the desk, or the hand-over list.</summary>
internal enum NextApproach { Letter, Call, HandOver }

/// <summary>The Japanese words for what a follow-up knows.</summary>
public static class FollowUpWords
{
    public static string Of(FollowUpKind kind) => kind == FollowUpKind.NextYear ? "翌年度アンケート" : $"{(int)kind}か月後フォロー";

    /// <summary>1か月, 翌年度: how a line of dates names it.</summary>
    public static string ShortOf(FollowUpKind kind) => kind == FollowUpKind.NextYear ? "翌年度" : $"{(int)kind}か月";

    /// <summary>How often the client has been asked and what comes next; null while nobody has been.</summary>
    public static string? Approaches(FollowUpState state, int asked, DateOnly? nextAskOn, DateOnly today) => state != FollowUpState.Due || asked == 0 ? null
        : $"{asked}回おたずね済み。" + nextAskOn switch
        {
            { } next when next >= today => $"返事がなければ次は{JapaneseDate.Short(next)}",
            // Its day has passed because a call about it is still to be made, or the case waits for the client.
            not null => "前のおたずねの電話が済むまで、次のおたずねはありません",
            null => "くり返しのおたずねは終わりました。結果を記録してください",
        };

    /// <summary>How many months lie between the visit and the day of asking, for the letter.</summary>
    public static string Since(FollowUp followUp) =>
        $"{(followUp.Kind == FollowUpKind.NextYear ? ((followUp.DueOn.Year - followUp.BaseOn.Year) * 12) + followUp.DueOn.Month - followUp.BaseOn.Month - (followUp.DueOn.Day < followUp.BaseOn.Day ? 1 : 0) : (int)followUp.Kind)}か月";

    public static string Of(FollowUpState state) => state switch
    {
        FollowUpState.Planned => "予定",
        FollowUpState.Suspended => "中断（次の相談あり）",
        FollowUpState.Due => "期日到来",
        FollowUpState.Done => "済",
        FollowUpState.Cancelled => "取消",
        FollowUpState.HandOver => "引継ぎ",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static string Of(FollowUpResult result) => result switch
    {
        FollowUpResult.Improved => "進んだ",
        FollowUpResult.Unchanged => "変わらない",
        FollowUpResult.NeedsAdvice => "また相談したい",
        FollowUpResult.NoAnswer => "連絡がつかない",
        _ => throw new ArgumentOutOfRangeException(nameof(result)),
    };
}
