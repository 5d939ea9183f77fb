using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;
using Consultation.Messaging;

namespace Consultation.Mail;

/// <summary>A template file is not there, or has no subject line.</summary>
public sealed class MailTemplateInvalid(string template, string reason) : Exception($"The mail template '{template}' {reason}.");

/// <param name="Needed">A version without it is refused: the letter would not say what it is for.</param>
/// <param name="MayBeEmpty">Not every letter of this kind has something to say there.</param>
/// <param name="InSubject">Secrets of links do not stand in subjects.</param>
public sealed record MailGap(string Name, string Word, bool Needed, bool MayBeEmpty, bool InSubject);

/// <summary>
/// The text of a kind of mail: an embedded file <c>NAME.mail.txt</c> of any room, first line <c>Subject: …</c>, then what an edited version
/// keeps to (<c>Keep: …</c> the gaps it must have, <c>Also: …</c> those the room fills beside the ones of the text), <c>Hours: any</c> where it waits for no hour, <c>Digest: yes</c> where a day is not too late, a blank line, the body;
/// <c>{{gap}}</c> stands for a value, <c>{{gap?}}</c> for one that may be empty. That is version 0; the later ones are rows (<see cref="TemplateBook"/>).
/// </summary>
public sealed partial class MailTemplate
{
    private const string SubjectMark = "Subject: ";
    private const string KeepMark = "Keep: ";
    private const string AlsoMark = "Also: ";
    private const string HoursMark = "Hours: any";
    private const string DigestMark = "Digest: yes";
    private const string Suffix = ".mail.txt";
    private static readonly FrozenDictionary<string, MailTemplate> ByName = Load();

    private readonly string name;
    private readonly string subject;
    private readonly string body;

    private readonly string[] required;
    private readonly (string Text, string? Gap)[] subjectPieces;
    private readonly (string Text, string? Gap)[] bodyPieces;

    private MailTemplate(string name, int version, string subject, string body, IReadOnlyList<MailGap>? allowed, bool anyHour, bool gathers, string keep = "", string also = "")
    {
        (AnyHour, Gathers) = (anyHour, gathers);
        (this.name, Version, this.subject, this.body) = (name, version, subject, body);
        (subjectPieces, bodyPieces) = ([.. Cut(subject)], [.. Cut(body)]);
        Allowed = allowed ?? [.. AllowedBy(subject + body, Listed(keep), Listed(also))];
        // What may be empty is said by the product; a version that leaves the mark out makes no letter fail.
        var open = Allowed.Where(g => g.MayBeEmpty).Select(g => g.Name).ToHashSet();
        required = [.. GapsOf(subject + body).Where(gap => !open.Contains(gap))];
    }

    /// <summary>0 is the product's own text.</summary>
    public int Version { get; }

    /// <summary>Goes out also in a desk's quiet hours: somebody waits for it, or it is about this very day.</summary>
    public bool AnyHour { get; }

    /// <summary>Not urgent: whoever chose a digest gets it there.</summary>
    public bool Gathers { get; }

    /// <summary>What the house can fill in letters of this kind, in the order of the product's text.</summary>
    public IReadOnlyList<MailGap> Allowed { get; }

    public static IEnumerable<string> Names => ByName.Keys;

    /// <summary>The text as it stands in the file, gaps and all.</summary>
    public (string Subject, string Body) Written => (subject, body);

    /// <summary>The gaps of subject and body, each once.</summary>
    public IReadOnlyList<string> Gaps => GapsOf(subject + body);

    /// <summary>The product's own text of a kind of mail.</summary>
    /// <exception cref="MailTemplateInvalid">There is no such file.</exception>
    public static MailTemplate Find(string name) => ByName.GetValueOrDefault(name) ?? throw new MailTemplateInvalid(name, "does not exist");

    /// <exception cref="MailTemplateInvalid">The subject line or the blank line is missing.</exception>
    public static MailTemplate Parse(string name, string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var head = lines.TakeWhile(line => line.Length > 0).ToList();
        return lines.Length > head.Count + 1 && head is [var first, ..] && first.StartsWith(SubjectMark, StringComparison.Ordinal)
                && head.Skip(1).All(line => line.StartsWith(KeepMark, StringComparison.Ordinal) || line.StartsWith(AlsoMark, StringComparison.Ordinal) || line is HoursMark or DigestMark)
            ? new(name, 0, first[SubjectMark.Length..].Trim(), string.Join('\n', lines[(head.Count + 1)..]).TrimEnd() + "\n", null, head.Contains(HoursMark), head.Contains(DigestMark), Told(KeepMark), Told(AlsoMark))
            : throw new MailTemplateInvalid(name, "must begin with a subject line and a blank line");

        string Told(string mark) => head.FirstOrDefault(line => line.StartsWith(mark, StringComparison.Ordinal))?[mark.Length..] ?? "";
    }

    /// <summary>The same kind of mail in other words.</summary>
    public MailTemplate Reworded(int version, string otherSubject, string otherBody) => new(name, version, otherSubject, otherBody, Allowed, AnyHour, Gathers);

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

    /// <summary>Why these words cannot be letters of this kind; empty where they can.</summary>
    public IReadOnlyList<InputError> FaultsOf(string otherSubject, string otherBody)
    {
        var faults = new List<InputError>();
        Judge("subject", otherSubject, Allowed.Where(g => g.InSubject));
        Judge("body", otherBody, Allowed);
        if (otherSubject.Any(char.IsControl))
        {
            faults.Add(new("subject", "mail_template.line_break"));
        }

        var used = GapsOf(otherSubject + otherBody);
        var missing = Allowed.Where(g => g.Needed && !used.Contains(g.Name)).ToList();
        if (missing.Count > 0)
        {
            faults.Add(new("body", "mail_template.gap_needed", string.Join("、", missing.Select(g => $"{{{{{g.Name}}}}}（{g.Word}）"))));
        }

        return faults;

        void Judge(string field, string text, IEnumerable<MailGap> allowed)
        {
            var unknown = GapsOf(text).Except(allowed.Select(g => g.Name)).ToList();
            if (unknown.Count > 0)
            {
                faults.Add(new(field, field == "subject" ? "mail_template.not_in_subject" : "mail_template.unknown_gap", string.Join("、", unknown.Select(g => $"{{{{{g}}}}}"))));
            }

            var rest = Gap().Replace(text, "");
            if (rest.Contains("{{", StringComparison.Ordinal) || rest.Contains("}}", StringComparison.Ordinal))
            {
                faults.Add(new(field, "mail_template.broken_gap"));
            }
        }
    }

    private static IEnumerable<MailGap> AllowedBy(string text, IReadOnlyList<string> keep, IReadOnlyList<string> also)
    {
        var open = Gap().Matches(text).Where(m => m.Groups[2].Success).Select(m => m.Groups[1].Value).Concat(also.Where(a => a.EndsWith('?')).Select(a => a[..^1])).ToHashSet();
        return GapsOf(text).Concat(also.Select(a => a.TrimEnd('?'))).Distinct()
            .Select(gap => new MailGap(gap, WordFor(gap), keep.Contains(gap), open.Contains(gap), gap is not ("link" or "surveyLink")));
    }

    private static IReadOnlyList<string> GapsOf(string text) => [.. Gap().Matches(text).Select(m => m.Groups[1].Value).Distinct()];

    private static string[] Listed(string names) => names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

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
