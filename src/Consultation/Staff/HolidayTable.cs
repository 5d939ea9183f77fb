using Consultation.Calendar;
using Consultation.Messaging;
using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Consultation.Staff;

/// <summary>Where a table of holidays comes from: with the program, or from 内閣府 (syukujitsu.csv).</summary>
public enum HolidaySource { Shipped, CabinetOffice }

/// <summary>
/// One version of the national holidays as published; versions are added, never changed, and the newest is in force. What lies after
/// <see cref="OfficialUntil"/> is not in it: it is forecast by the rules of the law (<see cref="NationalCalendar"/>).
/// </summary>
public sealed class HolidayTable(int version, HolidaySource source, string? fileName, string? fileHash, int officialUntil, IReadOnlyList<Holiday> days, DateTimeOffset importedAt, string importedBy)
{
    public int Version { get; private set; } = version;
    public HolidaySource Source { get; private set; } = source;
    public string? FileName { get; private set; } = fileName;

    /// <summary>SHA-256 of the file as it was sent, so that it can be told from any other.</summary>
    public string? FileHash { get; private set; } = fileHash;

    /// <summary>The last year whose holidays the gazette has fixed.</summary>
    public int OfficialUntil { get; private set; } = officialUntil;

    /// <summary>All holidays from <see cref="NationalCalendar.FirstYear"/> on, in order.</summary>
    public IReadOnlyList<Holiday> Days { get; private set; } = days;
    public DateTimeOffset ImportedAt { get; private set; } = importedAt.ToUniversalTime();
    public string ImportedBy { get; private set; } = importedBy;

    /// <summary>The first version of every installation.</summary>
    public static HolidayTable Shipped(DateTimeOffset now, string by)
    {
        var until = NationalCalendar.Shipped.OfficialUntil.Year;
        return new(
            1, HolidaySource.Shipped, null, null, until,
            [.. Enumerable.Range(NationalCalendar.FirstYear, until - NationalCalendar.FirstYear + 1).SelectMany(NationalCalendar.Shipped.HolidaysOf)], now, by);
    }

    internal NationalCalendar With(IEnumerable<YearEndRule> yearEnds) => new(Days, OfficialUntil, yearEnds.Select(y => y.Days));
}

/// <summary>Which days are 年末年始 from one winter on, for every desk; before the first of them those of the law.</summary>
public sealed class YearEndRule(int firstWinter, int fromDay, int toDay, DateTimeOffset changedAt, string changedBy)
{
    /// <summary>The year in whose December the winter begins.</summary>
    public int FirstWinter { get; private set; } = firstWinter;

    /// <summary>The first closed day of December, and <see cref="ToDay"/> the last one of January.</summary>
    public int FromDay { get; private set; } = fromDay;
    public int ToDay { get; private set; } = toDay;
    public DateTimeOffset ChangedAt { get; private set; } = changedAt.ToUniversalTime();
    public string ChangedBy { get; private set; } = changedBy;

    public YearEndDays Days => new(FirstWinter, FromDay, ToDay);
}

/// <summary>
/// Hours of one day that are not those of the week (臨時開所・時間変更), of one desk or of all where <see cref="DeskId"/> is null: a Saturday on which
/// it opens, a shortened day. Japan time, half-open.
/// </summary>
public sealed class Opening
{
    private Opening()
    {
    }

    public Opening(DeskId? deskId, DateOnly openOn, OpeningHours hours, string reason)
    {
        Id = OpeningId.New();
        DeskId = deskId;
        OpenOn = openOn;
        Opens = hours.Opens;
        Closes = hours.Closes;
        LunchFrom = hours.LunchFrom;
        LunchTo = hours.LunchTo;
        Reason = reason;
    }

    public OpeningId Id { get; private set; }
    public DeskId? DeskId { get; private set; }
    public DateOnly OpenOn { get; private set; }
    public TimeOnly Opens { get; private set; }
    public TimeOnly Closes { get; private set; }
    public TimeOnly? LunchFrom { get; private set; }
    public TimeOnly? LunchTo { get; private set; }
    public string Reason { get; private set; } = "";

    public OpeningHours Hours => new(Opens, Closes, LunchFrom, LunchTo);
}

public readonly record struct OpeningId(Guid Value) : IStrongId<OpeningId>
{
    public static OpeningId New() => new(Guid.CreateVersion7());
    public static OpeningId From(Guid value) => new(value);
    public static OpeningId Parse(string s, IFormatProvider? provider) => StrongId.Parse<OpeningId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out OpeningId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}

internal sealed class CalendarMapping : IEntityTypeConfiguration<HolidayTable>, IEntityTypeConfiguration<YearEndRule>, IEntityTypeConfiguration<Opening>
{
    public void Configure(EntityTypeBuilder<HolidayTable> builder)
    {
        builder.ToTable("holiday_tables").HasKey(t => t.Version);
        builder.Property(t => t.Version).ValueGeneratedNever();
        builder.Property(t => t.Days).HasJson();
    }

    public void Configure(EntityTypeBuilder<YearEndRule> builder)
    {
        builder.ToTable("year_ends").Ignore(y => y.Days).HasKey(y => y.FirstWinter);
        builder.Property(y => y.FirstWinter).ValueGeneratedNever();
    }

    public void Configure(EntityTypeBuilder<Opening> builder) => builder.ToTable("openings").Ignore(o => o.Hours);
}
