using Consultation.Calendar;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Reference;

namespace Consultation.Staff;

public enum DeskKind { Regional, National }

/// <summary>
/// A first-contact desk (一次相談窓口): one for each of the 11 総合通信局 districts and the national one. A row with dates and never a
/// constant, because the network changes (domain.md §0, §1). Hours are Japan time, half-open.
/// </summary>
public sealed class Desk
{
    private Desk()
    {
    }

    public Desk(string slug, string name, DeskKind kind, OpeningHours hours, DateOnly effectiveFrom)
    {
        Id = DeskId.New();
        Slug = slug;
        District = slug;
        Name = name;
        Kind = kind;
        Opens = hours.Opens;
        Closes = hours.Closes;
        LunchFrom = hours.LunchFrom;
        LunchTo = hours.LunchTo;
        EffectiveFrom = effectiveFrom;
    }

    public DeskId Id { get; private set; }
    public string Slug { get; private set; } = "";
    public string Name { get; private set; } = "";
    public DeskKind Kind { get; private set; }

    /// <summary>The slug of the bureau district the desk answers for; <c>national</c> for the national desk.</summary>
    public string District { get; private set; } = "";
    public TimeOnly Opens { get; private set; }
    public TimeOnly Closes { get; private set; }
    public TimeOnly? LunchFrom { get; private set; }
    public TimeOnly? LunchTo { get; private set; }

    /// <summary>The number that letters name; null where none is published.</summary>
    public string? Phone { get; private set; }
    public DateOnly EffectiveFrom { get; private set; }
    public DateOnly? EffectiveTo { get; private set; }

    /// <summary>From when to when letters to clients may leave; null at any time of day.</summary>
    public TimeOnly? MailFrom { get; private set; }
    public TimeOnly? MailUntil { get; private set; }

    /// <summary>Nor on closing days.</summary>
    public bool MailOpenDaysOnly { get; private set; }

    public int Version { get; private set; } = 1;

    /// <summary>Whether the desk takes new inquiries on a day; both ends count. Outside its dates it only finishes what it has.</summary>
    public bool IsInForceOn(DateOnly day) => EffectiveFrom <= day && !(EffectiveTo < day);

    public OpeningHours Hours => new(Opens, Closes, LunchFrom, LunchTo);

    /// <summary>How the desk signs a letter: its name, when and at which number it is reached.</summary>
    public string Signature
    {
        get
        {
            var lunch = LunchFrom is { } from && LunchTo is { } to ? $"{JapaneseDate.Time(from)}〜{JapaneseDate.Time(to)}と" : "";
            return $"テレワーク・ワンストップ・サポート　{Name}\n受付時間　{JapaneseDate.Time(Opens)}〜{JapaneseDate.Time(Closes)}（{lunch}土日・祝日・年末年始を除く）"
                + (Phone is null ? "" : $"\n電話　　　{Phone}");
        }
    }

    /// <summary>Until when a letter to a client waits that is written now, and why; null where it may leave at once.</summary>
    /// <param name="calendar">The desk's own.</param>
    public NotBefore? MailWait(BusinessCalendar calendar, DateTimeOffset now)
    {
        var (today, time, from) = (JapanTime.DateOf(now), JapanTime.TimeOf(now), MailFrom ?? TimeOnly.MinValue);
        var takesToday = Takes(today);
        if (takesToday && time >= from && !(time >= MailUntil))
        {
            return null;
        }

        var day = takesToday && time < from ? today : today.AddDays(1);
        while (!Takes(day))
        {
            day = day.AddDays(1);
        }

        return new(JapanTime.At(day, from), takesToday
            ? $"メールを送る時間（{JapaneseDate.Time(from)}〜{JapaneseDate.Time(MailUntil!.Value)}）の外"
            : $"休業日（{calendar.ClosedReason(today)}）");

        bool Takes(DateOnly date) => !MailOpenDaysOnly || calendar.IsOpen(date);
    }

    internal void SendMail(TimeOnly? from, TimeOnly? until, bool openDaysOnly)
    {
        (MailFrom, MailUntil, MailOpenDaysOnly) = (from, until, openDaysOnly);
        Version++;
    }

    internal void Change(string name, OpeningHours hours, string? phone, DateOnly effectiveFrom, DateOnly? effectiveTo)
    {
        Name = name;
        Opens = hours.Opens;
        Closes = hours.Closes;
        LunchFrom = hours.LunchFrom;
        LunchTo = hours.LunchTo;
        Phone = phone;
        EffectiveFrom = effectiveFrom;
        EffectiveTo = effectiveTo;
        Version++;
    }
}

/// <summary>An extra closing day (臨時休業) of one desk, or of all where <see cref="DeskId"/> is null.</summary>
public sealed class Closure(ClosureId id, DeskId? deskId, DateOnly closedOn, string reason)
{
    public ClosureId Id { get; private set; } = id;
    public DeskId? DeskId { get; private set; } = deskId;
    public DateOnly ClosedOn { get; private set; } = closedOn;
    public string Reason { get; private set; } = reason;
}

public readonly record struct ClosureId(Guid Value) : IStrongId<ClosureId>
{
    public static ClosureId New() => new(Guid.CreateVersion7());
    public static ClosureId From(Guid value) => new(value);
    public static ClosureId Parse(string s, IFormatProvider? provider) => StrongId.Parse<ClosureId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out ClosureId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}
