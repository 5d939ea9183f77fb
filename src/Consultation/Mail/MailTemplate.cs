using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;
using Consultation.Messaging;

namespace Consultation.Mail;

/// <summary>A template file is not there, or has no subject line.</summary>
public sealed class MailTemplateInvalid(string template, string reason) : Exception($"The mail template '{template}' {reason}.");

/// <summary>
/// The text of a kind of mail: an embedded file <c>NAME.mail.txt</c> of any room, first line <c>Subject: …</c>, a blank line, the body;
/// <c>{{gap}}</c> stands for a value, <c>{{gap?}}</c> for one that may be empty.
/// </summary>
public sealed partial class MailTemplate
{
    private const string SubjectMark = "Subject: ";
    private const string Suffix = ".mail.txt";
    private static readonly FrozenDictionary<string, MailTemplate> ByName = Load();

    private readonly string name;
    private readonly string subject;
    private readonly string body;

    private readonly string[] required;
    private readonly (string Text, string? Gap)[] subjectPieces;
    private readonly (string Text, string? Gap)[] bodyPieces;

    private MailTemplate(string name, string subject, string body)
    {
        (this.name, this.subject, this.body) = (name, subject, body);
        (subjectPieces, bodyPieces) = ([.. Cut(subject)], [.. Cut(body)]);
        required = Gap().Matches(subject + body).Where(m => !m.Groups[2].Success).Select(m => m.Groups[1].Value).Distinct().ToArray();
    }

    public static IEnumerable<string> Names => ByName.Keys;

    /// <summary>The text as it stands in the file, gaps and all.</summary>
    public (string Subject, string Body) Written => (subject, body);

    /// <summary>The gaps of subject and body, each once.</summary>
    public IReadOnlyList<string> Gaps => Gap().Matches(subject + body).Select(m => m.Groups[1].Value).Distinct().ToList();

    /// <exception cref="MailTemplateInvalid">There is no such file.</exception>
    public static MailTemplate Find(string name) => ByName.GetValueOrDefault(name) ?? throw new MailTemplateInvalid(name, "does not exist");

    /// <exception cref="MailTemplateInvalid">The subject line or the blank line is missing.</exception>
    public static MailTemplate Parse(string name, string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        return lines.Length > 2 && lines[0].StartsWith(SubjectMark, StringComparison.Ordinal) && lines[1].Length == 0
            ? new(name, lines[0][SubjectMark.Length..].Trim(), string.Join('\n', lines[2..]).TrimEnd() + "\n")
            : throw new MailTemplateInvalid(name, "must begin with a subject line and a blank line");
    }

    /// <summary>The Japanese word for a gap (<c>mail.gap.…</c> of the texts).</summary>
    public static string WordFor(string gap) => Texts.Of($"mail.gap.{gap}");

    /// <summary>The gaps for which there is nothing to say, as Japanese words; a letter with one is not sent.</summary>
    public IReadOnlyList<string> Missing(IReadOnlyDictionary<string, string> values) =>
        required.Where(gap => !values.TryGetValue(gap, out var value) || string.IsNullOrWhiteSpace(value)).Select(WordFor).ToList();

    /// <summary>Subject and body with every gap filled. A line break in a value of the subject becomes a space.</summary>
    /// <exception cref="RuleViolation">
    /// <c>mail.gap_missing</c> with every gap that has no value: the letter would go out with a hole, so it is not written, and with it the
    /// business act is not done (journey J39).
    /// </exception>
    public (string Subject, string Body) Render(IReadOnlyDictionary<string, string> values)
    {
        if (Missing(values) is { Count: > 0 } missing)
        {
            throw new RuleViolation("mail.gap_missing", string.Join("、", missing)) { Extra = { ["template"] = name, ["missing"] = missing } };
        }

        return (Fill(subjectPieces, values).ReplaceLineEndings(" "), Fill(bodyPieces, values));
    }

    /// <summary>Each text with the gap behind it; none behind the last.</summary>
    private static IEnumerable<(string Text, string? Gap)> Cut(string text)
    {
        var from = 0;
        foreach (Match gap in Gap().Matches(text))
        {
            yield return (text[from..gap.Index], gap.Groups[1].Value);
            from = gap.Index + gap.Length;
        }

        yield return (text[from..], null);
    }

    // The template is cut before anything is filled in: what a client typed is never read as a gap, nor does it look like one.
    private static string Fill((string Text, string? Gap)[] pieces, IReadOnlyDictionary<string, string> values)
    {
        var filled = new StringBuilder(1024);
        foreach (var (text, gap) in pieces)
        {
            filled.Append(text);
            if (gap is not null)
            {
                filled.Append(values.GetValueOrDefault(gap, "").Replace("{{", "｛｛", StringComparison.Ordinal).Replace("}}", "｝｝", StringComparison.Ordinal));
            }
        }

        return filled.ToString();
    }

    private static FrozenDictionary<string, MailTemplate> Load()
    {
        var assembly = typeof(MailTemplate).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith("mail/", StringComparison.Ordinal))
            .Select(n =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(n)!);
                return Parse(n["mail/".Length..^Suffix.Length], reader.ReadToEnd());
            })
            .ToFrozenDictionary(t => t.name);
    }

    [GeneratedRegex(@"\{\{\s*([^{}?]+?)(\?)?\s*\}\}")]
    private static partial Regex Gap();
}
