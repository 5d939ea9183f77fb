namespace Consultation.Topics;

/// <summary>
/// Where a text names an organisation: a firm called 株式会社…クラウド does not thereby ask about the cloud. Found by the legal
/// form, before or behind the name; nothing of the name is kept.
/// </summary>
internal sealed class OrganisationNames(WordFinder finder)
{
    private const int LongestName = 20;
    private const string Particles = "のでとはがをにも";

    private static readonly string[] LegalForms =
    [
        .. new[]
        {
            "株式会社", "有限会社", "合同会社", "合資会社", "合名会社", "社団法人", "財団法人", "社会福祉法人", "医療法人", "学校法人",
            "宗教法人", "NPO法人", "非営利活動法人", "協同組合", "(株)", "(有)",
        }.Select(Phrase.Fold),
    ];

    private readonly int[] words = [.. LegalForms.Select(finder.Add)];

    public List<Span> SpansIn(FoldedText text, WordFinds found)
    {
        var spans = new List<Span>();
        foreach (var word in words)
        {
            foreach (var start in found.StartsOf(word))
            {
                spans.Add(new(NameStart(text, start), NameEnd(text, start + found.LengthOf(word))));
            }
        }

        return spans;
    }

    private static int NameEnd(FoldedText text, int from)
    {
        var at = from;
        while (at < text.Length && at - from < LongestName && !Ends(text, at) && !text.IsSpaced(at))
        {
            at++;
        }

        return at;
    }

    private static int NameStart(FoldedText text, int from)
    {
        var at = from;
        while (at > 0 && from - at < LongestName && !text.IsSpaced(at) && !Ends(text, at - 1))
        {
            at--;
        }

        return at;
    }

    private static bool Ends(FoldedText text, int at) =>
        text[at] is '、' or '。' or '!' or '?' or '「' or '」' or '(' or ')' or ':' || Particles.Contains(text.OriginalAt(at));
}
