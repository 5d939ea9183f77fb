using System.Globalization;
using System.Text.RegularExpressions;
using Consultation.Reference;

namespace Consultation.Web.Mailbox;

/// <summary>The calendar part of a mail as a person reads it: what a calendar would do with it, and with which date.</summary>
public sealed partial record CalendarNote(
    string Act, string Summary, string Period, string? Location, string? Link, string Organizer, IReadOnlyList<string> Attendees, string Uid, string Sequence)
{
    public static CalendarNote Read(string calendar)
    {
        var lines = Fold().Replace(calendar.ReplaceLineEndings("\n"), "").Split('\n');
        var happening = lines.SkipWhile(line => line != "BEGIN:VEVENT").ToList();
        var act = Value(lines, "METHOD") switch
        {
            "CANCEL" => "カレンダーから予定を消します",
            "REQUEST" when Value(happening, "SEQUENCE") is "0" or null => "カレンダーに予定を入れます",
            "REQUEST" => "カレンダーの予定を変えます",
            _ => "カレンダーの予定",
        };
        var (start, end) = (Moment(Value(happening, "DTSTART")), Moment(Value(happening, "DTEND")));
        return new(
            act, Value(happening, "SUMMARY") ?? "", start is null ? "" : $"{JapaneseDate.LongTime(start.Value)}〜{(end is null ? "" : JapaneseDate.Time(JapanTime.TimeOf(end.Value)))}",
            Value(happening, "LOCATION"), Value(happening, "URL"), Person(Line(happening, "ORGANIZER") ?? ""), [.. happening.Where(line => line.StartsWith("ATTENDEE", StringComparison.Ordinal)).Select(Person)],
            Value(happening, "UID") ?? "", Value(happening, "SEQUENCE") ?? "");
    }

    private static string? Line(IEnumerable<string> lines, string name) =>
        lines.FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.Ordinal) || line.StartsWith(name + ";", StringComparison.Ordinal));

    private static string? Value(IEnumerable<string> lines, string name) => Line(lines, name) is { } line ? Escaped().Replace(AfterParameters(line), Unescaped) : null;

    private static string AfterParameters(string line)
    {
        var quoted = false;
        for (var at = 0; at < line.Length; at++)
        {
            quoted ^= line[at] == '"';
            if (line[at] == ':' && !quoted)
            {
                return line[(at + 1)..];
            }
        }

        return "";
    }

    private static string Person(string line) =>
        $"{Name().Match(line).Groups[1].Value} <{AfterParameters(line).Replace("mailto:", "", StringComparison.OrdinalIgnoreCase)}>";

    private static DateTimeOffset? Moment(string? value) =>
        DateTime.TryParseExact(value, "yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            ? JapanTime.At(DateOnly.FromDateTime(local), TimeOnly.FromDateTime(local)) : null;

    private static string Unescaped(Match escape) => escape.Value is "\\n" or "\\N" ? "\n" : escape.Value[1..];

    [GeneratedRegex("\n[ \t]")]
    private static partial Regex Fold();

    [GeneratedRegex(@"\\[\\;,nN]")]
    private static partial Regex Escaped();

    [GeneratedRegex("CN=\"([^\"]*)\"")]
    private static partial Regex Name();
}
