using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Consultation.Web.Mailbox;

/// <summary>
/// A mail as a person reads it, taken from its raw bytes: what System.Net.Mail emits (folded headers, encoded words, base64 and
/// quoted-printable, nested parts), no more. What cannot be decoded is shown as it came.
/// </summary>
/// <param name="Calendars">What the recipient's calendar is asked to do; each date once, though it came as a part and as a file.</param>
public sealed partial record ReceivedMail(string From, string To, string Subject, string? MessageId, string Body, IReadOnlyList<string> Attachments, IReadOnlyList<CalendarNote> Calendars)
{
    private const int Depth = 8;

    public static ReceivedMail Parse(ReadOnlySpan<byte> raw)
    {
        var root = Part.Read(Encoding.Latin1.GetString(raw));
        var texts = new List<(string Type, string Text)>();
        var attachments = new List<string>();
        var calendars = new List<string>();
        Walk(root, texts, attachments, calendars, Depth);
        var plain = texts.FirstOrDefault(text => text.Type == "text/plain").Text;
        var body = plain ?? (texts.Count > 0 ? WithoutTags(texts[0].Text) : "");
        return new(
            Words(root.Header("From")), Words(root.Header("To")), Words(root.Header("Subject")), root.Find("Message-ID"), body.Trim(), attachments,
            [.. calendars.Distinct().Select(CalendarNote.Read)]);
    }

    private static void Walk(Part part, List<(string Type, string Text)> texts, List<string> attachments, List<string> calendars, int depth)
    {
        var type = part.Type;
        if (type is "text/calendar" or "application/ics")
        {
            calendars.Add(part.Text());
        }

        if (type.StartsWith("multipart/", StringComparison.Ordinal) && part.Parameter("boundary") is { Length: > 0 } boundary && depth > 0)
        {
            foreach (var child in part.Split(boundary))
            {
                Walk(child, texts, attachments, calendars, depth - 1);
            }
        }
        else if (part.FileName is { } name)
        {
            attachments.Add(Words(name));
        }
        else if (type.StartsWith("text/", StringComparison.Ordinal) && type != "text/calendar")
        {
            texts.Add((type, part.Text()));
        }
        else if (type != "text/calendar")
        {
            attachments.Add(type);
        }
    }

    /// <summary>Encoded words of RFC 2047; white space between two of them belongs to the encoding and is dropped.</summary>
    internal static string Words(string value) =>
        EncodedWord().Replace(BetweenWords().Replace(value, "$1"), word =>
        {
            try
            {
                var text = word.Groups["text"].Value;
                var bytes = word.Groups["way"].Value is "B" or "b" ? Convert.FromBase64String(text) : FromQuoted(text.Replace('_', ' '));
                return Charset(word.Groups["charset"].Value).GetString(bytes);
            }
            catch (FormatException)
            {
                return word.Value;
            }
        });

    private static byte[] FromQuoted(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '=' && i + 2 < text.Length && byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var coded))
            {
                bytes.Add(coded);
                i += 2;
            }
            else
            {
                bytes.Add((byte)text[i]);
            }
        }

        return [.. bytes];
    }

    private static Encoding Charset(string name)
    {
        try
        {
            return Encoding.GetEncoding(name.Length == 0 ? "utf-8" : name);
        }
        catch (ArgumentException)
        {
            return Encoding.UTF8;
        }
    }

    private static string WithoutTags(string html) => System.Net.WebUtility.HtmlDecode(Tag().Replace(html, ""));

    [GeneratedRegex(@"=\?(?<charset>[^?]+)\?(?<way>[BbQq])\?(?<text>[^?]*)\?=")]
    private static partial Regex EncodedWord();

    [GeneratedRegex(@"(\?=)\s+(?==\?)")]
    private static partial Regex BetweenWords();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    /// <summary>One part with its headers; the body is still encoded, one character a byte.</summary>
    private sealed record Part(IReadOnlyList<(string Name, string Value)> Headers, string Body)
    {
        public string Type => (Find("Content-Type") ?? "text/plain").Split(';')[0].Trim().ToLowerInvariant();

        public string? FileName => Parameter("name") ?? ParameterOf(Find("Content-Disposition"), "filename");

        public static Part Read(string text)
        {
            // Not ReplaceLineEndings: it takes the byte 0x85, half of a character here, for the end of a line.
            var lines = text.Replace("\r\n", "\n");
            var end = lines.StartsWith('\n') ? 0 : lines.IndexOf("\n\n", StringComparison.Ordinal);
            var head = end < 0 ? lines : lines[..end];
            var headers = new List<(string, string)>();
            foreach (var line in head.Replace("\n ", " ").Replace("\n\t", " ").Split('\n'))
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                if (colon > 0)
                {
                    headers.Add((line[..colon], Utf8(line[(colon + 1)..].Trim())));
                }
            }

            return new(headers, end < 0 ? "" : lines[end..].TrimStart('\n'));
        }

        public string? Find(string name) =>
            Headers.FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

        public string Header(string name) => Find(name) ?? "";

        public string? Parameter(string name) => ParameterOf(Find("Content-Type"), name);

        public IEnumerable<Part> Split(string boundary)
        {
            var pieces = ("\n" + Body).Split("\n--" + boundary);
            return pieces.Skip(1).TakeWhile(piece => !piece.StartsWith("--", StringComparison.Ordinal)).Select(piece => Read(piece.TrimStart(' ', '\n')));
        }

        public string Text()
        {
            var way = Header("Content-Transfer-Encoding").ToLowerInvariant();
            try
            {
                var bytes = way switch
                {
                    "base64" => Convert.FromBase64String(Body),
                    "quoted-printable" => FromQuoted(Body.Replace("=\n", "")),
                    _ => Encoding.Latin1.GetBytes(Body),
                };
                return Charset(Parameter("charset") ?? "").GetString(bytes).ReplaceLineEndings("\n");
            }
            catch (FormatException)
            {
                return Body;
            }
        }

        // With SMTPUTF8 headers come as bare UTF-8, which arrives here one character a byte.
        private static string Utf8(string value) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(value));

        private static string? ParameterOf(string? header, string name)
        {
            var match = Regex.Match(header ?? "", $@";\s*{name}\*?=(?:""(?<value>[^""]*)""|(?<value>[^;\s]+))", RegexOptions.IgnoreCase);
            return match.Success ? match.Groups["value"].Value : null;
        }
    }
}
