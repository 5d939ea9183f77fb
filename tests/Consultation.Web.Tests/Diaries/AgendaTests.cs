using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Visits;
using Consultation.Web.Pages.Expert;

namespace Consultation.Web.Tests.Diaries;

/// <summary>Which way a diary says that an expert goes: from home, or straight from the visit before, also over a night.</summary>
public sealed class AgendaTests
{
    private static readonly DateOnly Monday = new(2026, 12, 7);

    private static DateTimeOffset At(int day, int hour, int minute = 0) => new(2026, 12, day, hour, minute, 0, TimeSpan.FromHours(9));

    private static DiaryVisit Visit(string city, DateTimeOffset leave, DateTimeOffset start, DateTimeOffset end, DateTimeOffset back, VisitMode mode = VisitMode.Visit) => new(
        VisitId.New(), CaseId.New(), "R08-000001", "株式会社見本", null, city, null, leave, start, end, back, mode, VisitStage.Assess, 1, VisitState.Confirmed, [], false);

    private static List<string> Ways(params DiaryVisit[] visits)
    {
        var days = Enumerable.Range(0, 7).Select(Monday.AddDays)
            .Select(day => new DiaryDay(day, null, [], [], [.. visits.Where(v => DateOnly.FromDateTime(v.Start.DateTime) == day)], [])).ToList();
        var view = AgendaView.Of("/diary", null, Monday, Monday, new(ExpertId.New(), "専門 一", "東京都", days), [], "/book?");
        return [.. view.Days.SelectMany(day => day.Items).Where(item => item.Kind == "travel").Select(item => $"{item.From}{item.Until} {item.Title}")];
    }

    [Fact]
    public void A_straight_leg_over_a_night_begins_where_the_visit_of_the_day_before_was() => Assert.Equal(
        ["11:30〜15:00 移動 210分　東京都 → 大阪市", "前日 17:30〜9:00 移動 1泊　大阪市 → 福岡市", "10:00〜14:00 移動 240分　福岡市 → 東京都"],
        Ways(Visit("大阪市", At(8, 11, 30), At(8, 15), At(8, 16), At(8, 16, 10)), Visit("福岡市", At(8, 17, 30), At(9, 9), At(9, 10), At(9, 14))));

    [Fact]
    public void A_talk_from_afar_in_between_makes_no_way_home_unless_one_lies_behind_it()
    {
        var (first, last) = (Visit("大阪市", At(8, 6, 30), At(8, 10), At(8, 11), At(8, 11, 10)), Visit("堺市", At(8, 14, 30), At(8, 15), At(8, 16), At(8, 19, 30)));
        Assert.Contains("14:30〜15:00 移動 30分　大阪市 → 堺市", Ways(first, Visit("", At(8, 12), At(8, 12), At(8, 13), At(8, 13), VisitMode.Web), last));
        Assert.Contains("14:30〜15:00 移動 30分　東京都 → 堺市", Ways(first, Visit("", At(8, 12), At(8, 12), At(8, 13), At(8, 14, 20), VisitMode.Web), last));
    }

    [Fact]
    public void A_road_of_more_than_one_night_tells_the_date_and_the_nights() => Assert.Equal(
        ["12月8日(火) 17:30〜9:00 移動 2泊　東京都 → 大阪市", "10:00〜12月12日(土) 7:30 移動 2泊　大阪市 → 東京都"],
        Ways(Visit("大阪市", At(8, 17, 30), At(10, 9), At(10, 10), At(12, 7, 30))));

    [Fact]
    public void A_night_on_the_way_home_says_so() => Assert.Equal(
        ["10:30〜15:00 移動 270分　東京都 → 札幌市", "16:00〜翌日 11:00 移動 1泊　札幌市 → 東京都", "7:30〜10:00 移動 150分　東京都 → 名古屋市", "11:00〜13:30 移動 150分　名古屋市 → 東京都"],
        Ways(Visit("札幌市", At(8, 10, 30), At(8, 15), At(8, 16), At(9, 11)), Visit("名古屋市", At(10, 7, 30), At(10, 10), At(10, 11), At(10, 13, 30))));
}
