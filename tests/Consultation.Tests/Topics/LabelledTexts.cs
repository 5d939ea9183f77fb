using Consultation.Reference;
using Consultation.Topics;

namespace Consultation.Tests.Topics;

/// <summary>A text with what a careful triage accepts; alternatives of the route are separated by |.</summary>
public sealed record LabelledText(string Id, string Text, IReadOnlyList<string> Routes, IReadOnlyList<string> Topics, bool PrivatePerson);

/// <summary>The labelled inquiries and how a suggestion is measured against them.</summary>
public static class LabelledTexts
{
    public static IReadOnlyList<LabelledText> Samples { get; } = Read("Vectors/inquiries.csv");

    public static IReadOnlyList<LabelledText> HeldOut { get; } = Read("Topics/held-out.csv");

    /// <summary>Written by somebody who never saw the rules, whose misses were mended after a first run. See tests/README.md.</summary>
    public static IReadOnlyList<LabelledText> Blind { get; } = Read("Topics/blind.csv");

    /// <summary>Written by somebody who never saw the rules, nothing was tuned on it: what other people's texts may expect. See tests/README.md.</summary>
    public static IReadOnlyList<LabelledText> Forecast { get; } = Read("Topics/forecast.csv");

    /// <summary>Written by other people who never saw the rules; what was wrong in it has been mended. See tests/README.md.</summary>
    public static IReadOnlyList<LabelledText> Corpora { get; } = Read("Topics/corpora.csv");

    /// <summary>The twelfth part of the same corpora that nobody who changes the rules has read: only its score is known. See tests/README.md.</summary>
    public static IReadOnlyList<LabelledText> Unread { get; } = Read("Topics/unread.csv");

    private static List<LabelledText> Read(string name)
    {
        var rows = CsvText.Read(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, name)));
        var columns = rows[0].Select((column, index) => (column, index)).ToDictionary(pair => pair.column, pair => pair.index);
        return [.. rows.Skip(1).Select(row => new LabelledText(
            columns.ContainsKey("id") ? Field(row, "id") : $"line {row.Line}",
            string.Concat(Enumerable.Repeat(Field(row, "text"), columns.ContainsKey("repeat") ? int.Parse(Field(row, "repeat")) : 1)),
            Field(row, "expected_track").Split('|'),
            Field(row, "expected_topics").Split(';', StringSplitOptions.RemoveEmptyEntries),
            columns.ContainsKey("organization") && Field(row, "organization") == "(個人)"))];

        string Field(CsvRow row, string column) => row[columns[column]];
    }
}
