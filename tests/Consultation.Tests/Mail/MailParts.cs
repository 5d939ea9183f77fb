using System.Text;
using System.Text.RegularExpressions;

namespace Consultation.Tests.Mail;

/// <summary>One leaf of a raw mail: its Content-Type as it came, and its bytes.</summary>
public sealed record MailPart(string Type, string? FileName, string Within, string Text)
{
    /// <summary>The leaves of a mail, in order; read by the book (RFC 2045, 2046), not by the product's own reader.</summary>
    public static IReadOnlyList<MailPart> Of(string raw) => [.. Walk(raw, "")];

    private static IEnumerable<MailPart> Walk(string raw, string within)
    {
        var end = raw.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var headers = Regex.Replace(raw[..end], "\r\n[ \t]+", " ");
        var body = raw[(end + 4)..];
        var type = Regex.Match(headers, "^Content-Type: *(.*?)\r?$", RegexOptions.Multiline | RegexOptions.IgnoreCase).Groups[1].Value;
        var boundary = Regex.Match(type, "boundary=\"?([^\";]+)").Groups[1].Value;
        if (boundary.Length > 0)
        {
            var pieces = ("\r\n" + body).Split("\r\n--" + boundary);
            Assert.StartsWith("--", pieces[^1], StringComparison.Ordinal);
            return pieces[1..^1].SelectMany(piece => Walk(piece.TrimStart('\r', '\n'), type.Split(';')[0]));
        }

        Assert.Matches("(?im)^Content-Transfer-Encoding: base64", headers);
        var name = Regex.Match(headers, "name=\"?([^\";\r\n]+)").Groups[1].Value;
        return [new(type, name.Length == 0 ? null : name, within, Encoding.UTF8.GetString(Convert.FromBase64String(body)))];
    }
}
