using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Consultation.Reference;

namespace Consultation.Mail;

/// <summary>What a calendar is asked to do with an event: to enter or renew it, to take it out (RFC 5546), or only to show it (a feed).</summary>
public enum CalendarMethod { Request, Cancel, Publish }

/// <summary>Organiser or attendee; the name may be shown to whoever gets the calendar.</summary>
public sealed record CalendarPerson(string Name, string Address);

/// <summary>One entry of a calendar.</summary>
/// <param name="Uid">The same for every word about one thing, whatever becomes of it.</param>
/// <param name="Sequence">Grows with every change; the higher one prevails.</param>
/// <param name="Stamp">When this was written; for a feed, when the thing was last touched.</param>
/// <param name="Status">CONFIRMED, TENTATIVE, CANCELLED; none where only somebody is taken off the list.</param>
public sealed record CalendarEvent(
    string Uid, int Sequence, DateTimeOffset Stamp, DateTimeOffset Start, DateTimeOffset End, string Summary, string? Location, Uri? Link, string? Description, string? Status,
    CalendarPerson? Organizer, IReadOnlyList<CalendarPerson> Attendees);

/// <summary>
/// Writes iCalendar (RFC 5545): CRLF, lines of 75 octets at most that break between characters, times of Asia/Tokyo with their rules beside
/// them, texts escaped, so that no value can forge a line.
/// </summary>
public static partial class CalendarObject
{
    private const string Zone = "Asia/Tokyo";
    private const int LongestLine = 75;

    /// <param name="name">What a subscriber's calendar is called.</param>
    public static string Of(CalendarMethod method, IEnumerable<CalendarEvent> events, string? name = null)
    {
        var text = new StringBuilder(2048);
        Add(text, "BEGIN:VCALENDAR");
        Add(text, "VERSION:2.0");
        Add(text, "PRODID:-//Telework One-Stop Support//Consultation//JA");
        Add(text, "CALSCALE:GREGORIAN");
        Add(text, $"METHOD:{Word(method)}");
        if (name is not null)
        {
            Add(text, $"X-WR-CALNAME:{Escaped(name)}");
            Add(text, "REFRESH-INTERVAL;VALUE=DURATION:PT1H");
            Add(text, "X-PUBLISHED-TTL:PT1H");
        }

        foreach (var line in (string[])["BEGIN:VTIMEZONE", $"TZID:{Zone}", "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0900", "TZOFFSETTO:+0900", "TZNAME:JST", "END:STANDARD", "END:VTIMEZONE"])
        {
            Add(text, line);
        }

        foreach (var happening in events)
        {
            Add(text, happening);
        }

        Add(text, "END:VCALENDAR");
        return text.ToString();
    }

    /// <summary>What a mail carries: one object, or several one after the other where it tells of several things.</summary>
    public static IReadOnlyList<string> Split(string? calendars) =>
        string.IsNullOrEmpty(calendars) ? [] : [.. NextObject().Split(calendars)];

    /// <summary>The word a mail's Content-Type repeats (RFC 6047).</summary>
    public static string MethodOf(string calendar) => calendar.Contains("\r\nMETHOD:CANCEL\r\n", StringComparison.Ordinal) ? Word(CalendarMethod.Cancel) : Word(CalendarMethod.Request);

    // At the beginning of a line only: an event's text may hold the same words.
    [GeneratedRegex(@"(?<=\r\n)(?=BEGIN:VCALENDAR\r\n)")]
    private static partial Regex NextObject();

    private static string Word(CalendarMethod method) => method switch
    {
        CalendarMethod.Request => "REQUEST",
        CalendarMethod.Cancel => "CANCEL",
        CalendarMethod.Publish => "PUBLISH",
        _ => throw new ArgumentOutOfRangeException(nameof(method)),
    };

    private static void Add(StringBuilder text, CalendarEvent happening)
    {
        Add(text, "BEGIN:VEVENT");
        Add(text, $"UID:{Escaped(happening.Uid)}");
        Add(text, string.Create(CultureInfo.InvariantCulture, $"SEQUENCE:{happening.Sequence}"));
        Add(text, $"DTSTAMP:{happening.Stamp.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}");
        Add(text, $"DTSTART;TZID={Zone}:{Local(happening.Start)}");
        Add(text, $"DTEND;TZID={Zone}:{Local(happening.End)}");
        Add(text, $"SUMMARY:{Escaped(happening.Summary)}");
        if (happening.Location is { } location)
        {
            Add(text, $"LOCATION:{Escaped(location)}");
        }

        if (happening.Link is { } link)
        {
            Add(text, $"URL:{link.AbsoluteUri}");
        }

        if (happening.Description is { } description)
        {
            Add(text, $"DESCRIPTION:{Escaped(description)}");
        }

        if (happening.Status is { } status)
        {
            Add(text, $"STATUS:{status}");
        }

        Add(text, "TRANSP:OPAQUE");
        if (happening.Organizer is { } organizer)
        {
            Add(text, $"ORGANIZER;CN=\"{Quoted(organizer.Name)}\":mailto:{organizer.Address}");
        }

        foreach (var person in happening.Attendees)
        {
            // Nobody reads replies yet, so none is asked for.
            Add(text, $"ATTENDEE;CN=\"{Quoted(person.Name)}\";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE:mailto:{person.Address}");
        }

        Add(text, "END:VEVENT");
    }

    private static string Local(DateTimeOffset instant) => JapanTime.ToJapan(instant).ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture);

    private static string Escaped(string value) => Plain(value.ReplaceLineEndings("\n"))
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace(";", "\\;", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    /// <summary>A parameter knows no escape that every calendar reads; what would end it becomes a sign that looks like it.</summary>
    private static string Quoted(string value) => Plain(value.ReplaceLineEndings(" ").Replace('\n', ' ')).Replace('"', '”');

    private static string Plain(string value) => value.Any(c => char.IsControl(c) && c != '\n') ? string.Concat(value.Where(c => !char.IsControl(c) || c == '\n')) : value;

    private static void Add(StringBuilder text, string line)
    {
        var octets = 0;
        foreach (var sign in line.EnumerateRunes())
        {
            if (octets + sign.Utf8SequenceLength > LongestLine)
            {
                text.Append("\r\n ");
                octets = 1;
            }

            text.Append(sign.ToString());
            octets += sign.Utf8SequenceLength;
        }

        text.Append("\r\n");
    }
}
