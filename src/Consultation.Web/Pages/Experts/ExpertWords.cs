using Consultation.Experts;
using Consultation.Reference;
using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Experts;

/// <summary>What stands on an expert's card, in words.</summary>
public static class ExpertWords
{
    public static readonly IReadOnlyList<Choice> Affiliations = [new(nameof(Affiliation.Mic), "総務省"), new(nameof(Affiliation.Mhlw), "厚労省"), new(nameof(Affiliation.Both), "両省")];

    public static Lead LeadOf(Affiliation affiliation) => affiliation switch { Affiliation.Mic => Lead.Mic, Affiliation.Mhlw => Lead.Mhlw, _ => Lead.Both };

    public static string Cover(ExpertView expert) => expert.Nationwide ? "全国"
        : string.Join("、", expert.Districts.Select(slug => Districts.Find(slug)?.Name ?? slug).Concat(expert.Prefectures)) is { Length: > 0 } places ? places : "なし";

    public static string OwnClients(ExpertView expert) =>
        expert.OwnClients.Count == 0 ? "―" : string.Join("、", expert.OwnClients.Select(client => CorporateNumber.ValidOf(client) is { } number ? $"法人番号 {CorporateNumber.Display(number)}" : client));

    public static string Term(ExpertView expert) => (expert.TermFrom, expert.TermTo) switch
    {
        (null, null) => "定めなし",
        ({ } from, null) => $"{JapaneseDate.Long(from)}から",
        (null, { } to) => $"{JapaneseDate.Long(to)}まで",
        ({ } from, { } to) => $"{JapaneseDate.Long(from)}〜{JapaneseDate.Long(to)}",
    };

    public static string Level(int level) => level switch { 1 => "対応できる", 2 => "経験あり", _ => "得意" };
}
