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
