using System.Xml.Linq;

namespace Consultation.Faults;

/// <summary>The verdicts as a result file of the kind that <c>dotnet test</c> writes, so that <c>deploy/test</c> counts them with the tests.</summary>
internal static class ResultFile
{
    private static readonly XNamespace Schema = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    public static void Write(string file, IReadOnlyList<Verdict> verdicts)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var (passed, failed) = (verdicts.Count(v => v.IsGood), verdicts.Count(v => !v.IsGood));
        new XDocument(new XElement(Schema + "TestRun",
            new XElement(Schema + "Results", verdicts.Select(v => new XElement(Schema + "UnitTestResult",
                new XAttribute("testName", $"Consultation.Faults.{v.Scenario.Name}"),
                new XAttribute("outcome", v.IsGood ? "Passed" : "Failed"),
                new XAttribute("duration", v.Took.ToString("c")),
                v.IsGood ? null : new XElement(Schema + "Output", new XElement(Schema + "ErrorInfo", new XElement(Schema + "Message", string.Join('\n', v.Found))))))),
            new XElement(Schema + "ResultSummary",
                new XAttribute("outcome", failed == 0 ? "Completed" : "Failed"),
                new XElement(Schema + "Counters",
                    new XAttribute("total", verdicts.Count), new XAttribute("executed", verdicts.Count), new XAttribute("passed", passed), new XAttribute("failed", failed))))).Save(file);
    }
}
