using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Topics;

namespace Consultation.Routing;

/// <summary>What one track of a case asks for, at the moment of asking.</summary>
/// <param name="Topics">The case's topics that belong to the track's ministry.</param>
/// <param name="VisitBy">By when a first visit should be agreed; an expert without a free day until then cannot help.</param>
/// <param name="On">A date the client insists on.</param>
public sealed record CaseNeed(
    Track Track, string District, string? Prefecture, VisitMode? Mode, IReadOnlyList<string> Topics, string? Industry, DateOnly Today, DateOnly VisitBy, DateOnly? On);

/// <summary>A stretch of absence by days, both included.</summary>
public sealed record AbsentDays(DateOnly First, DateOnly Last);

/// <summary>What is known of one expert with regard to one need. Everything the judgement reads is here, so that it can be repeated.</summary>
/// <param name="Levels">Level (1–3) of the needed topics the expert has.</param>
/// <param name="TravelMinutes">One way, by the model of <see cref="Travel"/>.</param>
/// <param name="Load">Other cases not closed in which the expert is asked or holds a track; both ministries of one case are one.</param>
/// <param name="HasFreeDay">A working day without absence up to <see cref="CaseNeed.VisitBy"/>, or on the date insisted on.</param>
/// <param name="Absences">Absences of the next four weeks.</param>
/// <param name="EarlierCases">Other cases of the organisation the expert has held.</param>
/// <param name="Unanswered">Offers of this case the expert let expire.</param>
/// <param name="Stopped">Why a supervisor lets nobody ask the expert anew.</param>
/// <param name="HasOtherTrack">Asked for or holding the other ministry's track of this very case.</param>
/// <param name="OwnClient">The client as the expert declared it among the own clients.</param>
/// <param name="OffersRemote">Advises by web or telephone, whatever this need asks for.</param>
/// <param name="Ranked">The place among the applicant's wishes, 1 being the first; null where not named or the programme year asks for none.</param>
public sealed record ExpertFacts(
    ExpertId Expert, string Name, Affiliation Affiliation, bool Active, DateOnly? TermFrom, DateOnly? TermTo, string BasePrefecture, bool Covers, bool OffersMode,
    IReadOnlyDictionary<string, int> Levels, int TravelMinutes, bool KnowsIndustry, int Load, int Capacity, bool HasHours, bool AbsentNow, bool HasFreeDay,
    IReadOnlyList<AbsentDays> Absences, int EarlierCases, string? Declined, int Unanswered, string? Stopped = null, bool HasOtherTrack = false,
    string? OwnClient = null, bool OffersRemote = false, int? Ranked = null);

/// <summary>Points of one criterion with its reason in words.</summary>
public sealed record ScorePart(string Code, int Points, string Text);

/// <summary>What speaks against an expert: a code and a Japanese sentence.</summary>
public sealed record Exclusion(string Code, string Text);

/// <summary>The judgement of one expert: a score with its parts, or what excludes the expert.</summary>
public sealed record Verdict(ExpertId Expert, string Name, int Load, int? Score, IReadOnlyList<ScorePart> Parts, IReadOnlyList<string> Reasons, IReadOnlyList<Exclusion> Excluded)
{
    public bool IsEligible => Excluded.Count == 0;
}

/// <summary>
/// Judges experts for a track of a case: pure, so that the same facts always give the same answer. The weights are our own and are named
/// by <see cref="Version"/>, which every stored decision carries; whoever changes a weight changes the version.
/// </summary>
public static class Matching
{
    public const string Version = "match-4";

    private const int TopicPoints = 40;
    private const int UnknownTopicPoints = 20;
    private const int SamePrefecturePoints = 20;
    private const int SameDistrictPoints = 12;
    private const int FarPoints = 4;
    private const int RemotePoints = 12;
    private const int NearRemotePoints = 2;
    private const int IndustryPoints = 10;
    private const int ContinuityPoints = 15;
    private const int LoadPoints = 15;
    private const int OnePersonPoints = 15;

    // The first wish is worth less than knowing the topic: a wish picks among those who fit.
    private static readonly int[] WishPoints = [30, 20, 10];
    private const int OtherModePoints = -10;
    private const int AbsencePoints = -5;
    private const int UnansweredPoints = -20;
    private const int MostReasons = 3;

    /// <summary>No change of a single fact that can be changed is worth more.</summary>
    internal const int MostGain = TopicPoints;

    /// <summary>All verdicts in their one order: the eligible by score, then lighter load, name and id; after them the excluded by name and id.</summary>
    public static IReadOnlyList<Verdict> Judge(CaseNeed need, IEnumerable<ExpertFacts> experts)
    {
        var verdicts = experts.Select(e => Judge(need, e)).ToList();
        verdicts.Sort(Compare);
        return verdicts;
    }

    /// <summary>The one order: negative where the first stands before the second.</summary>
    public static int Compare(Verdict first, Verdict second) =>
        first.IsEligible != second.IsEligible ? (first.IsEligible ? -1 : 1)
        : second.Score != first.Score ? (second.Score ?? 0).CompareTo(first.Score ?? 0)
        : first.IsEligible && first.Load != second.Load ? first.Load.CompareTo(second.Load)
        : string.CompareOrdinal(first.Name, second.Name) is var name && name != 0 ? name
        : first.Expert.Value.CompareTo(second.Expert.Value);

    public static Verdict Judge(CaseNeed need, ExpertFacts expert)
    {
        // A board judges hundreds of thousands of pairs: what is mostly empty costs nothing.
        var hard = Hard(need, expert).ToList();
        IReadOnlyList<ScorePart> caveats = expert is { Absences.Count: 0, OffersMode: true, Unanswered: 0 } ? [] : [.. Caveats(need, expert)];
        if (hard.Count > 0)
        {
            // Once somebody is out, "why not?" deserves the whole answer, also what alone would only have cost points (J11).
            return new(expert.Expert, expert.Name, expert.Load, null, [], [], caveats.Count == 0 ? hard : [.. hard, .. caveats.Where(c => hard.All(h => h.Code != c.Code)).Select(c => new Exclusion(c.Code, c.Text))]);
        }

        List<ScorePart> parts = [.. Merits(need, expert), .. caveats];
        var good = parts.Where(p => p.Points > 0 && p.Text.Length > 0).OrderByDescending(p => p.Points).Select(p => p.Text);
        var reasons = good.Take(MostReasons - Math.Min(1, caveats.Count)).Concat(caveats.Select(c => c.Text)).Take(MostReasons).ToList();
        return new(expert.Expert, expert.Name, expert.Load, parts.Sum(p => p.Points), parts, reasons, []);
    }

    /// <summary>What excludes an expert; each alone would.</summary>
    internal static IEnumerable<Exclusion> Hard(CaseNeed need, ExpertFacts e)
    {
        if (!e.Active)
        {
            yield return new("inactive", "登録が終了しています");
        }
        else if (e.TermFrom > need.Today)
        {
            yield return new("term", $"委嘱期間は{JapaneseDate.Long(e.TermFrom.Value)}からです");
        }
        else if (e.TermTo < need.Today)
        {
            yield return new("term", $"委嘱期間が{JapaneseDate.Long(e.TermTo.Value)}で終わっています");
        }

        if (e.Stopped is { } stopped)
        {
            yield return new("stopped", $"業務責任者が新しい打診を止めています（{stopped}）");
        }

        if (e.Affiliation != Affiliation.Both && e.Affiliation != (need.Track == Track.Mic ? Affiliation.Mic : Affiliation.Mhlw))
        {
            yield return new("ministry", need.Track == Track.Mic ? "総務省の専門家ではありません" : "厚労省の専門家ではありません");
        }

        if (e.OwnClient is { } client)
        {
            yield return new("own_client", $"本人の顧問先・関係先です（登録: {client}）");
        }

        if (!e.HasHours)
        {
            yield return new("no_hours", "勤務日が登録されていません");
        }
        else if (e.AbsentNow)
        {
            yield return new("absent", e.Absences.Count > 0 ? Words(e.Absences[0]) : "現在不在です");
        }
        else if (!e.HasFreeDay)
        {
            yield return need.On is { } on && e.Absences.FirstOrDefault(a => a.First <= on && on <= a.Last) is { } away ? new("absent", Words(away))
                : need.On is { } day ? new("no_hours", $"{JapaneseDate.Short(day)}は勤務日ではありません")
                : e.Absences.Count > 0 ? new("absent", $"{string.Join("、", e.Absences.Select(Words))}（{JapaneseDate.Short(need.VisitBy)}まで空いている日がありません）")
                : new("no_hours", $"{JapaneseDate.Short(need.VisitBy)}まで勤務日がありません");
        }

        if (!e.Covers && !IsRemote(need, e))
        {
            var place = Prefectures.Find(need.Prefecture)?.Name ?? Districts.Find(need.District)?.Name ?? "相談先";
            yield return new("region", $"{place}は担当地域の外です（拠点: {Prefectures.Find(e.BasePrefecture)?.Name ?? e.BasePrefecture}）");
        }

        if (e.Load >= e.Capacity)
        {
            yield return new("capacity", e.Load == e.Capacity
                ? $"受け持ちが上限に達しています（{e.Load}件）"
                : $"受け持ちが上限を{e.Load - e.Capacity}件超えています（{e.Load}件、上限{e.Capacity}件）");
        }

        if (e.Declined is { } why)
        {
            yield return new("declined", $"この案件を辞退しています（{why}）");
        }
    }

    /// <summary>What costs points without excluding.</summary>
    private static IEnumerable<ScorePart> Caveats(CaseNeed need, ExpertFacts e)
    {
        if (e.Absences.Count > 0)
        {
            yield return new("absent", AbsencePoints, string.Join("、", e.Absences.Select(Words)));
        }

        if (!e.OffersMode)
        {
            yield return new("mode", OtherModePoints, $"希望の方法（{Cases.CaseWords.Of(need.Mode!.Value)}）には対応していません");
        }

        if (e.Unanswered > 0)
        {
            yield return new("unanswered", UnansweredPoints, "この案件の前の打診に、期限までの回答がありませんでした");
        }
    }

    private static IEnumerable<ScorePart> Merits(CaseNeed need, ExpertFacts e)
    {
        IReadOnlyList<string> best = e.Levels.Count == 0 ? []
            : [.. need.Topics.Where(e.Levels.ContainsKey).OrderByDescending(t => e.Levels[t]).Take(2).Select(t => TopicCatalogue.Find(t)?.NameJa ?? t)];
        yield return need.Topics.Count == 0
            ? new("topic", UnknownTopicPoints, "")
            : new("topic", TopicPoints * need.Topics.Sum(t => e.Levels.GetValueOrDefault(t)) / (Expert.HighestLevel * need.Topics.Count),
                best.Count == 0 ? "" : $"{string.Join("・", best)}に対応できます");

        var home = Prefectures.Find(e.BasePrefecture);
        var place = Prefectures.Find(need.Prefecture);
        var (here, near) = (home is not null && home == place, home is not null && home.District.Slug == (place?.District.Slug ?? need.District));
        // A web meeting may be followed by a visit: whoever is near is a little better, and no more.
        yield return IsRemote(need, e) ? new("region", RemotePoints + (here ? NearRemotePoints : near ? NearRemotePoints / 2 : 0), $"{Cases.CaseWords.Of(need.Mode!.Value)}で対応でき、移動がありません")
            : here ? new("region", SamePrefecturePoints, $"同じ{home!.Name}にいます（片道の目安{e.TravelMinutes}分）")
            : near ? new("region", SameDistrictPoints, $"同じ管内の{home!.Name}にいます（片道の目安{e.TravelMinutes}分）")
            : new("region", FarPoints, "");

        if (e.KnowsIndustry)
        {
            yield return new("industry", IndustryPoints, $"{Industries.Find(need.Industry)?.Name ?? "同じ業種"}に詳しい");
        }

        if (e.EarlierCases > 0)
        {
            yield return new("continuity", ContinuityPoints, "この企業を以前にも担当しています");
        }

        if (e.HasOtherTrack)
        {
            yield return new("one_person", OnePersonPoints, "この案件のもう一方の省も担当し、1人で両省に対応できます");
        }

        if (e.Ranked is { } wish)
        {
            yield return new("ranked", WishPoints[wish - 1], $"相談者の第{wish}希望です");
        }

        yield return new("load", e.Capacity == 0 ? 0 : LoadPoints * (e.Capacity - e.Load) / e.Capacity, $"受け持ちに余裕があります（{e.Load}件、上限{e.Capacity}件）");
    }

    private static bool IsRemote(CaseNeed need, ExpertFacts e) => need.Mode is VisitMode.Web or VisitMode.Phone && e.OffersMode;

    private static string Words(AbsentDays a) =>
        a.First == a.Last ? $"{JapaneseDate.Short(a.First)}は休みです" : $"{JapaneseDate.Short(a.First)}から{JapaneseDate.Short(a.Last)}まで不在です";
}
