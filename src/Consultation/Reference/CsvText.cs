using System.Collections;
using System.Text;

namespace Consultation.Reference;

/// <summary>
/// One record of a CSV text: its fields, the line on which it starts (from 1), and whether its quoting was broken
/// (text after a closing quote, or a quote that never closes). A broken record keeps what could be read.
/// </summary>
public sealed class CsvRow(int line, IReadOnlyList<string> fields, bool isMalformed) : IReadOnlyList<string>
{
    public int Line { get; } = line;

    public bool IsMalformed { get; } = isMalformed;

    public int Count => fields.Count;

    public string this[int index] => fields[index];

    public IEnumerator<string> GetEnumerator() => fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>
/// Reads CSV as RFC 4180 describes it: quoted fields may hold commas, doubled quotes and line breaks. A byte order mark
/// and empty lines are passed over; CRLF, LF and CR end a line. Never throws on bad text, see <see cref="CsvRow.IsMalformed"/>.
/// </summary>
public static class CsvText
{
    /// <summary>The bytes of a file as text: UTF-8, else Shift_JIS (Windows-31J, as spreadsheets save it); null where they are neither.</summary>
    public static string? Decode(byte[] file)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        foreach (var encoding in new[] { new UTF8Encoding(false, true), Encoding.GetEncoding(932, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback) })
        {
            try
            {
                return encoding.GetString(file);
            }
            catch (DecoderFallbackException)
            {
                // Not this encoding; the next one is tried, and none is an error of its own.
                continue;
            }
        }

        return null;
    }

    public static IReadOnlyList<CsvRow> Read(string text)
    {
        var rows = new List<CsvRow>();
        var fields = new List<string>();
        var field = new StringBuilder();
        var line = 1;
        var at = text.StartsWith('\uFEFF') ? 1 : 0;
        while (at < text.Length)
        {
            var firstLine = line;
            var malformed = ReadRecord(text, ref at, ref line, fields, field);
            if (fields is not [""])
            {
                rows.Add(new CsvRow(firstLine, fields.ToArray(), malformed));
            }

            fields.Clear();
        }

        return rows;
    }

    /// <summary>The records below the header of a table built into the assembly.</summary>
    internal static IEnumerable<CsvRow> Embedded(string name)
    {
        using var stream = typeof(CsvText).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The table {name} is not built into the assembly.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return Read(reader.ReadToEnd()).Skip(1);
    }

    private static bool ReadRecord(string text, ref int at, ref int line, List<string> fields, StringBuilder field)
    {
        var quoted = false;
        var closed = false;
        var malformed = false;
        for (; at < text.Length; at++)
        {
            var c = text[at];
            if (quoted)
            {
                if (c == '"' && at + 1 < text.Length && text[at + 1] == '"')
                {
                    field.Append('"');
                    at++;
                }
                else if (c == '"')
                {
                    quoted = false;
                    closed = true;
                }
                else
                {
                    line += EndsLine(text, at) ? 1 : 0;
                    field.Append(c);
                }
            }
            else if (c == '"' && field.Length == 0 && !closed)
            {
                quoted = true;
            }
            else if (c == ',')
            {
                fields.Add(field.ToString());
                field.Clear();
                closed = false;
            }
            else if (c is '\n' or '\r')
            {
                at += c == '\r' && at + 1 < text.Length && text[at + 1] == '\n' ? 2 : 1;
                line++;
                break;
            }
            else
            {
                malformed |= closed;
                field.Append(c);
            }
        }

        fields.Add(field.ToString());
        field.Clear();
        return malformed || quoted;
    }

    private static bool EndsLine(string text, int at) =>
        text[at] == '\n' || (text[at] == '\r' && (at + 1 == text.Length || text[at + 1] != '\n'));
}
