using Consultation.Messaging;
using Consultation.Reference;

namespace Consultation.Cases;

public enum CallBackState { Open, Kept, Dropped }

/// <summary>
/// Whom a call is for, and why: promised to the client for a time (折り返し), in place of a letter to the client, or to an expert, a colleague
/// or as a task of the desk. Only the first two are ended by a talk with the client.
/// </summary>
public enum CallBackKind { Promise, Letter, Colleague }

public readonly record struct CallBackId(Guid Value) : IStrongId<CallBackId>
{
    public static CallBackId New() => new(Guid.CreateVersion7());
    public static CallBackId From(Guid value) => new(value);
    public static CallBackId Parse(string s, IFormatProvider? provider) => StrongId.Parse<CallBackId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out CallBackId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}

/// <summary>
/// A call that is owed: promised to a caller (折り返し), or in place of a mail that cannot go anywhere (no address, bounced). It tops the
/// desk's home until it is kept; failed attempts are counted and stay contacts.
/// </summary>
public sealed class CallBack
{
    private CallBack()
    {
    }

    private CallBack(Case found, CallBackKind kind, DateTimeOffset from, DateTimeOffset due, string? phone, string reason)
    {
        Id = CallBackId.New();
        CaseId = found.Id;
        DeskId = found.DeskId;
        Kind = kind;
        CallFrom = from.ToUniversalTime();
        DueAt = due.ToUniversalTime();
        Phone = phone;
        Reason = reason;
    }

    public CallBackId Id { get; private set; }
    public CaseId CaseId { get; private set; }
    public DeskId DeskId { get; private set; }
    public CallBackKind Kind { get; private set; }

    /// <summary>From when on somebody can call: the promised time itself, or the opening after the event.</summary>
    public DateTimeOffset CallFrom { get; private set; }
    public DateTimeOffset DueAt { get; private set; }
    public string? Phone { get; private set; }
    public int Attempts { get; private set; }
    public DateTimeOffset? LastAttemptAt { get; private set; }

    /// <summary>What to tell, in a line; null for a promise.</summary>
    public string? Title { get; private set; }

    /// <summary>What the call is about; carries the whole text of a mail that could not go.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>The event whose mail this call stands for, so that it is owed once; null for a promise.</summary>
    public string? EventKey { get; private set; }
    public CallBackState State { get; private set; } = CallBackState.Open;
    public DateTimeOffset? EndedAt { get; private set; }

    internal static CallBack Promised(Case found, DateTimeOffset at) => new(found, CallBackKind.Promise, at, at, found.Phone, "折り返しの約束");

    internal static CallBack Owed(Case found, CallBackKind kind, string? phone, string reason, string eventKey, string? title, Occasion occasion)
    {
        var (from, due) = occasion.CallTask();
        return new(found, kind, from, due, phone, reason) { EventKey = eventKey, Title = title };
    }

    /// <summary>What a talk with the client at that time settles: what was to be told by then, and what was promised for that day or before.</summary>
    internal bool IsSettledBy(DateTimeOffset talk) => Kind switch
    {
        CallBackKind.Promise => JapanTime.DateOf(DueAt) <= JapanTime.DateOf(talk),
        CallBackKind.Letter => CallFrom <= talk,
        _ => false,
    };

    /// <summary>The derivation of <see cref="DueAt"/>; with the year where it is not this one.</summary>
    internal string WhyOn(DateTimeOffset now) => WhyOf(Kind, CallFrom, DueAt, now);

    internal static string WhyOf(CallBackKind kind, DateTimeOffset from, DateTimeOffset due, DateTimeOffset now)
    {
        if (kind == CallBackKind.Promise)
        {
            return $"{JapaneseDate.NearTime(due, now)} に電話する約束";
        }

        var until = JapanTime.DateOf(from) == JapanTime.DateOf(due) ? "その日の受付終了" : $"その日は残り{Occasion.CallTaskHours}営業時間に満たないため、次の営業日の受付終了";
        return $"{(kind == CallBackKind.Letter ? "メールの代わりに " : "")}{JapaneseDate.NearTime(from, now)} から電話。{until} {JapaneseDate.NearTime(due, now)} まで";
    }

    public void Attempted(DateTimeOffset at)
    {
        Attempts++;
        LastAttemptAt = at.ToUniversalTime();
    }

    /// <summary>Its event may owe a call once more.</summary>
    internal void TakeBack() => EventKey = $"recalled-{Id}/{EventKey}";

    internal void End(CallBackState state, DateTimeOffset now)
    {
        State = state;
        EndedAt = now.ToUniversalTime();
    }
}
