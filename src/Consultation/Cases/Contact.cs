using Consultation.Messaging;

namespace Consultation.Cases;

public enum ContactDirection { In, Out }

public enum ContactResult { Answered, NoAnswer, Message }

public readonly record struct ContactId(Guid Value) : IStrongId<ContactId>
{
    public static ContactId New() => new(Guid.CreateVersion7());
    public static ContactId From(Guid value) => new(value);
    public static ContactId Parse(string s, IFormatProvider? provider) => StrongId.Parse<ContactId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out ContactId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}

/// <summary>対応記録: every call, mail, talk and failed attempt (不在), counted apart from cases (延べ and 実).</summary>
public sealed class Contact
{
    private Contact()
    {
    }

    public Contact(CaseId caseId, ContactDirection direction, Channel channel, DateTimeOffset at, int? minutes, string? person, ContactResult result, string? text, Actor actor)
    {
        Id = ContactId.New();
        CaseId = caseId;
        Direction = direction;
        Channel = channel;
        At = at.ToUniversalTime();
        Minutes = minutes;
        Person = person;
        Result = result;
        Text = text;
        StaffId = actor.Staff;
        Actor = actor.Name;
        DeskId = actor.Desk;
    }

    public ContactId Id { get; private set; }
    public CaseId CaseId { get; private set; }
    public ContactDirection Direction { get; private set; }
    public Channel Channel { get; private set; }
    public DateTimeOffset At { get; private set; }
    public int? Minutes { get; private set; }

    /// <summary>With whom, on the client's side.</summary>
    public string? Person { get; private set; }
    public ContactResult Result { get; private set; }
    public string? Text { get; private set; }
    public StaffId? StaffId { get; private set; }
    public string Actor { get; private set; } = "";
    public DeskId? DeskId { get; private set; }
}

public enum CallBackState { Open, Kept, Dropped }

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

    public CallBack(CaseId caseId, DeskId deskId, DateTimeOffset dueAt, string? phone, string reason, string? eventKey = null, string? title = null)
    {
        Id = CallBackId.New();
        CaseId = caseId;
        DeskId = deskId;
        DueAt = dueAt.ToUniversalTime();
        Phone = phone;
        Reason = reason;
        EventKey = eventKey;
        Title = title;
    }

    public CallBackId Id { get; private set; }
    public CaseId CaseId { get; private set; }
    public DeskId DeskId { get; private set; }
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

    public void Attempted(DateTimeOffset at)
    {
        Attempts++;
        LastAttemptAt = at.ToUniversalTime();
    }

    public void End(CallBackState state, DateTimeOffset now)
    {
        State = state;
        EndedAt = now.ToUniversalTime();
    }
}
