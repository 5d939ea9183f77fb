using Consultation.Experts;
using Consultation.Reference;
using Consultation.Topics;

namespace Consultation.Routing;

/// <summary>
/// What would have to be different for an expert to be eligible, or to come first: the same facts judged again with one of them changed,
/// so that it never promises what the rules would not keep. Pure like <see cref="Matching"/>.
/// </summary>
public static class WhatWouldChange
{
    private const int MostWays = 3;

    /// <param name="first">The verdict that comes first now; null where nobody is eligible.</param>
    /// <param name="withPoints">Whether the distance is told in points too.</param>
    /// <returns>Japanese sentences; none for the first.</returns>
    public static IReadOnlyList<string> Of(CaseNeed need, ExpertFacts expert, Verdict verdict, Verdict? first, bool withPoints) =>
        !verdict.IsEligible ? ToBeEligible(need, expert)
        : first is null || first.Expert == verdict.Expert ? []
        : ToBeFirst(need, expert, verdict, first, withPoints);

    private static List<string> ToBeEligible(CaseNeed need, ExpertFacts expert)
    {
        var hard = Matching.Hard(need, expert).Select(x => x.Code).ToList();
        return [.. hard.Select(code => Condition(code, need, expert) + (hard.Count == 1 ? "、打診できます" : "、この理由はなくなります"))];
    }

    private static string Condition(string code, CaseNeed need, ExpertFacts e) => code switch
    {
        "inactive" => "登録が再開されれば",
        "term" when e.TermFrom > need.Today => $"{JapaneseDate.Short(e.TermFrom.Value)}になれば",
        "term" => "委嘱期間が延びれば",
        "stopped" => "業務責任者が打診の停止を解けば",
        "ministry" => $"{Cases.CaseWords.Of(need.Track == Track.Mic ? Track.Mhlw : Track.Mic)}の相談であれば",
        "own_client" => "本人の顧問先・関係先の登録から外れれば",
        "no_hours" when !e.HasHours => "勤務日が登録されれば",
        "no_hours" => need.On is null ? $"{JapaneseDate.Short(need.VisitBy)}までに勤務日が加われば" : "訪問を勤務日に変えれば",
        "absent" when need.On is not null => $"{JapaneseDate.Short(Back(need, e))}以降の訪問に変えれば",
        "absent" => $"{JapaneseDate.Short(Back(need, e))}以降になれば",
        "region" when e.OffersRemote => "Webか電話での相談に変えれば",
        "region" => $"{Prefectures.Find(need.Prefecture)?.Name ?? Districts.Find(need.District)?.Name ?? "相談先"}が担当地域に加われば",
        "capacity" when e.Capacity == 0 => "受け持ちの上限が1件以上になれば",
        "capacity" => $"受け持ちが{e.Load - e.Capacity + 1}件減れば",
        "declined" => "本人が引き受けることにし、業務責任者が理由を付ければ",
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "Every exclusion has its way out."),
    };

    /// <summary>The day after the absence that stands in the way; of several that follow one another, after the last.</summary>
    private static DateOnly Back(CaseNeed need, ExpertFacts e)
    {
        var day = need.On ?? need.Today;
        while (e.Absences.FirstOrDefault(a => a.First <= day && day <= a.Last) is { } away)
        {
            day = away.Last.AddDays(1);
        }

        return day == (need.On ?? need.Today) && e.Absences.Count > 0 ? e.Absences[^1].Last.AddDays(1) : day;
    }

    private static List<string> ToBeFirst(CaseNeed need, ExpertFacts expert, Verdict verdict, Verdict first, bool withPoints)
    {
        var sentences = (first.Score - verdict.Score > Matching.MostGain ? [] : Ways(need, expert)).GroupBy(way => way.Code)
            .Select(ways => ways.FirstOrDefault(way => Matching.Compare(Matching.Judge(need, way.Changed), first) < 0).Condition).OfType<string>()
            .Take(MostWays).Select(condition => $"{condition}、1番目になります").ToList();
        if (sentences.Count == 0)
        {
            sentences.Add(expert.TravelMinutes > 0 && expert.BasePrefecture != need.Prefecture ? "より近い専門家が受けられないときの候補です" : "1つの点が変わるだけでは、1番目になりません");
        }

        if (withPoints)
        {
            sentences.Add(first.Score > verdict.Score ? $"あと{first.Score - verdict.Score}点で1位に並びます" : "点は1位と同じです（受け持ちの少ない順、氏名順）");
        }

        return sentences;
    }

    /// <summary>Changes of one fact each; of those with the same code the least comes first.</summary>
    private static IEnumerable<(string Code, string Condition, ExpertFacts Changed)> Ways(CaseNeed need, ExpertFacts e)
    {
        for (var fewer = 1; fewer <= e.Load; fewer++)
        {
            yield return ("load", $"受け持ちが{fewer}件減れば", e with { Load = e.Load - fewer });
        }

        if (e.Absences.Count > 0)
        {
            yield return ("absent", "休みがなくなれば", e with { Absences = [] });
        }

        if (!e.OffersMode)
        {
            yield return ("mode", $"{Cases.CaseWords.Of(need.Mode!.Value)}での相談にも応じれば", e with { OffersMode = true });
        }

        foreach (var topic in need.Topics.Where(t => e.Levels.GetValueOrDefault(t) < Expert.HighestLevel))
        {
            yield return (topic, $"{TopicCatalogue.Find(topic)?.NameJa ?? topic}が得意分野に登録されれば", e with { Levels = new Dictionary<string, int>(e.Levels) { [topic] = Expert.HighestLevel } });
        }

        if (!e.KnowsIndustry && Industries.Find(need.Industry) is { } industry)
        {
            yield return ("industry", $"{industry.Name}が詳しい業種に登録されれば", e with { KnowsIndustry = true });
        }
    }
}
