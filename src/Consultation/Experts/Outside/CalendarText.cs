using System.Text;
using Consultation.Messaging;

namespace Consultation.Experts.Outside;

/// <summary>One content line of an iCalendar text (RFC 5545 §3.1), unfolded.</summary>
/// <param name="At">The line of the file on which it begins, from 1.</param>
internal sealed record CalendarLine(int At, string Name, IReadOnlyDictionary<string, string> Parameters, string Value);

/// <summary>A component: VCALENDAR, VEVENT, VFREEBUSY, VTIMEZONE and what else stands between BEGIN and END.</summary>
internal sealed record CalendarPart(string Name, int At)
{
    public List<CalendarLine> Lines { get; } = [];
    public List<CalendarPart> Parts { get; } = [];

    public CalendarLine? Find(string name) => Lines.Find(l => l.Name == name);

    public IEnumerable<CalendarLine> All(string name) => Lines.Where(l => l.Name == name);
}

/// <summary>Reads the outer shape of a calendar file. Whatever is not as the RFC has it refuses the whole file with its line, so that nobody relies on half a calendar.</summary>
internal static class CalendarText
{
    private const int DeepestNesting = 8;

    /// <returns>The calendars of the file; usually one.</returns>
    /// <exception cref="InvalidInput"><c>calendar.not_ics</c>, <c>calendar.line_unreadable</c>, <c>calendar.unbalanced</c></exception>
    public static IReadOnlyList<CalendarPart> Read(string text)
    {
        var roots = new List<CalendarPart>();
        var open = new Stack<CalendarPart>();
        foreach (var (at, unfolded) in Unfold(text))
        {
            var line = LineOf(at, unfolded);
            if (line.Name == "BEGIN")
            {
                var part = new CalendarPart(line.Value.Trim().ToUpperInvariant(), at);
                if (open.Count == 0 && part.Name != "VCALENDAR")
                {
                    throw NotCalendar();
                }

                (open.Count == 0 ? roots : open.Peek().Parts).Add(part);
                open.Push(part);
                if (open.Count > DeepestNesting)
                {
                    throw Refused("calendar.unbalanced", at);
                }
            }
            else if (open.Count == 0)
            {
                throw roots.Count == 0 ? NotCalendar() : Refused("calendar.unbalanced", at);
            }
            else if (line.Name == "END")
            {
                if (open.Pop().Name != line.Value.Trim().ToUpperInvariant())
                {
                    throw Refused("calendar.unbalanced", at);
                }
            }
            else
            {
                open.Peek().Lines.Add(line);
            }
        }

        return roots.Count == 0 ? throw NotCalendar() : open.Count > 0 ? throw Refused("calendar.unbalanced", open.Peek().At) : roots;
    }

    public static InvalidInput Refused(string code, int line) => new("file", code, line);

    public static InvalidInput NotCalendar() => new("file", "calendar.not_ics");

    /// <summary>A line that begins with a space or a tab continues the one before.</summary>
    private static IEnumerable<(int At, string Line)> Unfold(string text)
    {
        var (at, begun, held) = (0, 0, new StringBuilder());
        foreach (var raw in text.TrimStart('\uFEFF').Split('\n'))
        {
            at++;
            var line = raw.EndsWith('\r') ? raw[..^1] : raw;
            if (line.Length > 0 && line[0] is ' ' or '\t' && begun > 0)
            {
                held.Append(line, 1, line.Length - 1);
                continue;
            }

            if (held.ToString() is var whole && !string.IsNullOrWhiteSpace(whole))
            {
                yield return (begun, whole);
            }

            held.Clear().Append(line);
            begun = at;
        }

        if (held.ToString() is var last && !string.IsNullOrWhiteSpace(last))
        {
            yield return (begun, last);
        }
    }

    private static CalendarLine LineOf(int at, string text)
    {
        var end = text.AsSpan().IndexOfAny(';', ':');
        if (end <= 0 || !IsName(text.AsSpan(0, end)))
        {
            throw at == 1 ? NotCalendar() : Refused("calendar.line_unreadable", at);
        }

        var name = text[..end].ToUpperInvariant();
        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var next = end;
        while (next < text.Length && text[next] == ';')
        {
            var equals = text.IndexOf('=', next);
            var stop = equals < 0 ? -1 : ValueEnd(text, equals + 1);
            if (stop < 0 || !IsName(text.AsSpan(next + 1, equals - next - 1)))
            {
                throw Refused("calendar.line_unreadable", at);
            }

            parameters[text[(next + 1)..equals]] = text[(equals + 1)..stop].Trim('"');
            next = stop;
        }

        return next < text.Length ? new(at, name, parameters, text[(next + 1)..]) : throw Refused("calendar.line_unreadable", at);
    }

    /// <summary>Where a parameter's value ends; quoted it may hold colons and semicolons. -1 where it never does.</summary>
    private static int ValueEnd(string text, int from)
    {
        var quoted = false;
        for (var i = from; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && text[i] is ';' or ':')
            {
                return i;
            }
        }

        return -1;
    }

    private static bool IsName(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.'))
            {
                return false;
            }
        }

        return text.Length > 0;
    }
}
