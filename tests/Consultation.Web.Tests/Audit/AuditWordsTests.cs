using System.Text.RegularExpressions;
using Consultation.Web.Pages.Audit;

namespace Consultation.Web.Tests.Audit;

public sealed partial class AuditWordsTests
{
    [Fact]
    public void Every_act_that_leaves_an_audit_row_has_a_word_for_the_auditor()
    {
        var acts = Directory.EnumerateFiles(Path.Combine(Root(), "src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Act().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)).Distinct().ToList();

        Assert.Contains("case.logged", acts);
        Assert.DoesNotContain(acts, act => AuditWords.OfAction(act) == act);
    }

    private static string Root()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(here!.FullName, "Consultation.sln")))
        {
            here = here.Parent;
        }

        return here.FullName;
    }

    [GeneratedRegex("""\bAudit\([^"\n]{0,40}"([a-z_]+\.[a-z_]+)" """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Act();
}
