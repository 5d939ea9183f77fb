using Consultation.Messaging;
using Consultation.Reference;
using MediatR;

namespace Consultation.Topics;

/// <summary>
/// Measures the 振り分け基準 in use on a labelled file (CSV, UTF-8 or Shift_JIS): columns <c>text</c> and <c>expected_track</c> (<see cref="Way"/>, alternatives
/// separated by |), optionally <c>expected_topics</c> (codes, separated by ;) and <c>organization</c>; others are passed over. Reads nothing stored but the
/// rules, keeps nothing of the file, and shows no text.
/// </summary>
/// <exception cref="InvalidInput"><c>evaluate.encoding</c>, <c>evaluate.header</c>, <c>evaluate.empty</c></exception>
[Requires(Permission.Administer)]
public sealed record EvaluateRules(byte[] File) : IQuery<Evaluation>;

/// <param name="Wrong">Sent another way than any expected one.</param>
/// <param name="Unsure">Answered honestly with "unsure" where something else was expected; not among the wrong ones.</param>
/// <param name="Confusion">How often a way was expected (of alternatives the one that was found, else the first) and which was found.</param>
public sealed record Evaluation(
    int RuleVersion, int Read, int Right, int Wrong, int Unsure, IReadOnlyList<UnreadableLine> Rejected, IReadOnlyList<Measured> Ways, IReadOnlyList<Measured> Tracks,
    IReadOnlyList<Measured> Topics, IReadOnlyList<Confused> Confusion, IReadOnlyList<MissedLine> Missed);

public sealed record UnreadableLine(int Line, string Code, string Message);

/// <summary>How well one way, track or topic is found. Shares are 0 to 1, null where there is nothing to divide by.</summary>
public sealed record Measured(string Code, int Expected, int Found, int Right)
{
    /// <summary>Of what was found, the part that was expected.</summary>
    public double? Precision => Found == 0 ? null : (double)Right / Found;

    /// <summary>Of what was expected, the part that was found.</summary>
    public double? Recall => Expected == 0 ? null : (double)Right / Expected;
}

public sealed record Confused(string Expected, string Found, int Count);

public sealed record MissedLine(int Line, string Expected, string Found, IReadOnlyList<string> ExpectedTopics, IReadOnlyList<string> FoundTopics);

internal sealed class EvaluateRulesHandler(RuleBook rules) : IRequestHandler<EvaluateRules, Evaluation>
{
    public async Task<Evaluation> Handle(EvaluateRules request, CancellationToken cancellationToken)
    {
        var (labelled, rejected) = LabelledFile.Read(request.File);
        var suggester = await rules.SuggesterAsync(cancellationToken);
        var lines = labelled.Select(line => new Answered(line, suggester.Suggest(line.Text, SuggestionContext.Of(line.Organisation)))).ToList();
        var missed = lines.Where(line => line.Expected != line.Found).ToList();
        var unsure = missed.Count(line => line.Found == Way.Unsure);
        return new(
            suggester.Version, labelled.Count + rejected.Count, lines.Count - missed.Count, missed.Count - unsure, unsure, rejected,
            Measure(Way.All, lines, line => [line.Expected], line => [line.Found]),
            Measure(["mic", "mhlw"], lines, line => TracksOf(line.Expected), line => TracksOf(line.Found)),
            Measure(TopicCatalogue.All.Select(topic => topic.Code), lines.Where(line => line.Label.Topics is not null), line => line.Label.Topics!, line => line.Topics),
            [.. lines.GroupBy(line => (line.Expected, line.Found)).Select(group => new Confused(group.Key.Expected, group.Key.Found, group.Count())).OrderBy(pair => Place(pair.Expected)).ThenBy(pair => Place(pair.Found))],
            [.. missed.Select(line => new MissedLine(line.Label.Line, string.Join('|', line.Label.Ways), line.Found, line.Label.Topics ?? [], line.Topics))]);
    }

    private static List<Measured> Measure(IEnumerable<string> codes, IEnumerable<Answered> lines, Func<Answered, IReadOnlyList<string>> expected, Func<Answered, IReadOnlyList<string>> found)
    {
        var pairs = lines.Select(line => (Expected: expected(line), Found: found(line))).ToList();
        return
        [
            .. codes.Select(code => new Measured(
                code, pairs.Count(pair => pair.Expected.Contains(code)), pairs.Count(pair => pair.Found.Contains(code)), pairs.Count(pair => pair.Expected.Contains(code) && pair.Found.Contains(code)))),
        ];
    }

    private static IReadOnlyList<string> TracksOf(string way) => way switch
    {
        "ict" => ["mic"],
        "labor" => ["mhlw"],
        "both" => ["mic", "mhlw"],
        _ => [],
    };

    private static int Place(string way) => Way.All.ToList().IndexOf(way);

    private sealed record Answered(LabelledLine Label, Suggestion Suggestion)
    {
        public string Found { get; } = Way.Of(Suggestion);

        public string Expected => Label.Ways.Contains(Found) ? Found : Label.Ways[0];

        public IReadOnlyList<string> Topics { get; } = [.. Suggestion.Topics.Select(topic => topic.Code)];
    }
}

/// <param name="Ways">What a careful triage accepts, best first.</param>
/// <param name="Topics">Null where the file has no such column.</param>
internal sealed record LabelledLine(int Line, string Text, string? Organisation, IReadOnlyList<string> Ways, IReadOnlyList<string>? Topics);

/// <summary>A labelled file as lines; one that cannot be read is named and the others count.</summary>
internal static class LabelledFile
{
    private const string Text = "text";
    private const string Ways = "expected_track";

    public static (List<LabelledLine> Lines, List<UnreadableLine> Rejected) Read(byte[] file)
    {
        var rows = CsvText.Read(CsvText.Decode(file) ?? throw new InvalidInput("FILE", "evaluate.encoding"));
        var header = rows.Count == 0 ? [] : rows[0].Select(column => column.Trim()).ToList();
        if (!header.Contains(Text) || !header.Contains(Ways) || header.Distinct().Count() != header.Count)
        {
            throw new InvalidInput("FILE", "evaluate.header");
        }

        if (rows.Count == 1)
        {
            throw new InvalidInput("FILE", "evaluate.empty");
        }

        var (lines, rejected) = (new List<LabelledLine>(), new List<UnreadableLine>());
        foreach (var row in rows.Skip(1))
        {
            if (FaultOf(row, header) is { } code)
            {
                rejected.Add(new(row.Line, code, Texts.Of(code, header.Count, row.Count)));
            }
            else
            {
                lines.Add(new(row.Line, Field(row, header, Text) ?? "", Field(row, header, "organization"), Parts(row, header, Ways, '|')!, Parts(row, header, "expected_topics", ';')));
            }
        }

        return (lines, rejected);
    }

    private static string? FaultOf(CsvRow row, List<string> header) =>
        row.IsMalformed ? "evaluate.quote"
        : row.Count != header.Count ? "evaluate.columns"
        : Field(row, header, Text) is { Length: > InputRules.TextLength } ? "evaluate.text_long"
        : Parts(row, header, Ways, '|') is not { Length: > 0 } ways || ways.Except(Way.All).Any() ? "evaluate.unknown_way"
        : Parts(row, header, "expected_topics", ';') is { } topics && topics.Any(topic => TopicCatalogue.Find(topic) is null) ? "evaluate.unknown_topic"
        : null;

    private static string? Field(CsvRow row, List<string> header, string column) => header.IndexOf(column) is >= 0 and var at ? row[at] : null;

    private static string[]? Parts(CsvRow row, List<string> header, string column, char separator) =>
        Field(row, header, column)?.Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
