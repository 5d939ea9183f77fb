using Consultation.Reference;

namespace Consultation.Tests.Reference;

public sealed class CatalogueTests
{
    [Fact]
    public void The_47_prefectures_lie_in_11_districts()
    {
        Assert.Equal(47, Prefectures.All.Count);
        Assert.Equal(14, Prefectures.All.Count(prefecture => prefecture.IsUrban));
        Assert.Equal(
            ["北海道1", "東北6", "関東8", "信越2", "北陸3", "東海4", "近畿6", "中国5", "四国4", "九州7", "沖縄1"],
            Districts.All.Select(district => $"{district.Name}{Prefectures.All.Count(prefecture => prefecture.District == district)}"));
        Assert.Equal(11, Prefectures.All.Select(prefecture => prefecture.SurveyRegion).Distinct().Count());
    }

    [Theory]
    [InlineData("01", "北海道")]
    [InlineData("1", "北海道")]
    [InlineData("１３", "東京都")]
    [InlineData("東京都", "東京都")]
    [InlineData("東京", "東京都")]
    [InlineData("京都", "京都府")]
    [InlineData(" 神奈川県 ", "神奈川県")]
    [InlineData("広島県", "広島県")]
    [InlineData("廣島縣", "広島県")]
    [InlineData("オキナワケン", "沖縄県")]
    [InlineData("Okinawa", "沖縄県")]
    [InlineData("48", null)]
    [InlineData("江戸", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_prefecture_is_found_by_code_or_name(string? key, string? name) => Assert.Equal(name, Prefectures.Find(key)?.Name);

    [Fact]
    public void District_and_survey_region_are_different_partitions()
    {
        var yamanashi = Prefectures.Find("山梨県")!;
        Assert.Equal("kanto", yamanashi.District.Slug);
        Assert.Equal("甲信越", yamanashi.SurveyRegion);
        Assert.Equal("shinetsu", Prefectures.Find("新潟県")!.District.Slug);
        Assert.True(Prefectures.Find("和歌山県")!.IsUrban);
        Assert.Same(Districts.Find("kanto"), yamanashi.District);
        Assert.Null(Districts.Find("national"));
        Assert.Null(Districts.Find(null));
    }

    [Fact]
    public void The_topics_have_the_leads_of_the_handbook()
    {
        Assert.Equal(23, TopicCatalogue.All.Count);
        Assert.Equal(
            [(TopicLead.Mic, 6), (TopicLead.Mhlw, 10), (TopicLead.Both, 3), (TopicLead.Referral, 3), (TopicLead.Desk, 1)],
            TopicCatalogue.All.GroupBy(topic => topic.Lead).OrderBy(group => group.Key).Select(group => (group.Key, group.Count())));
        Assert.Equal(TopicLead.Both, TopicCatalogue.Find("TASK")!.Lead);
        Assert.Null(TopicCatalogue.Find("task"));
        Assert.Null(TopicCatalogue.Find(null));
    }

    [Theory]
    [InlineData("JINZAI-TW", "2025-03-31", "人材確保等支援助成金（テレワークコース）")]
    [InlineData("IT-DONYU", "2026-01-22", "IT導入補助金")]
    [InlineData("IT-DONYU", "2026-01-23", null)]
    [InlineData("DIGI-AI", "2026-01-22", null)]
    [InlineData("DIGI-AI", "2026-01-23", "デジタル化・AI導入補助金2026")]
    [InlineData("AWARD-MIC", "2023-03-31", "テレワーク先駆者百選")]
    [InlineData("AWARD-MIC", "2023-04-01", "テレワークトップランナー（総務大臣賞）")]
    [InlineData("YOROZU", "1999-01-01", "よろず支援拠点")]
    [InlineData("NOBODY", "2026-11-24", null)]
    public void A_referral_target_is_the_version_of_its_day(string key, string day, string? name) =>
        Assert.Equal(name, ReferralTargets.Find(key, DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture))?.NameJa);

    [Fact]
    public void On_any_day_a_key_has_one_version_at_most()
    {
        Assert.Equal(22, ReferralTargets.All.Count);
        for (var day = new DateOnly(2022, 4, 1); day < new DateOnly(2027, 4, 1); day = day.AddDays(1))
        {
            var keys = ReferralTargets.On(day).Select(target => target.Key).ToList();
            Assert.Equal(keys.Distinct(), keys);
        }
    }

    [Fact]
    public void The_conditions_changed_in_April_2025() =>
        Assert.NotEqual(
            ReferralTargets.Find("JINZAI-TW", new DateOnly(2025, 3, 31))!.Note,
            ReferralTargets.Find("JINZAI-TW", new DateOnly(2025, 4, 1))!.Note);

    [Theory]
    [InlineData(1, "E0001")]
    [InlineData(4, "E0001")]
    [InlineData(5, "E0005")]
    [InlineData(29, "E0010")]
    [InlineData(99, "E0050")]
    [InlineData(100, "E0100")]
    [InlineData(299, "E0100")]
    [InlineData(300, "E0300")]
    [InlineData(1999, "E1000")]
    [InlineData(2000, "E2000")]
    [InlineData(int.MaxValue, "E2000")]
    [InlineData(0, "UNKNOWN")]
    [InlineData(-1, "UNKNOWN")]
    [InlineData(null, "UNKNOWN")]
    public void A_number_of_employees_has_a_class(int? employees, string code) => Assert.Equal(code, SizeClasses.Of(employees).Code);

    [Theory]
    [InlineData(1L, "C0")]
    [InlineData(9_999_999L, "C0")]
    [InlineData(10_000_000L, "C10M")]
    [InlineData(50_000_000L, "C50M")]
    [InlineData(100_000_000L, "C100M")]
    [InlineData(4_999_999_999L, "C1B")]
    [InlineData(5_000_000_000L, "C5B")]
    [InlineData(long.MaxValue, "C5B")]
    [InlineData(0L, "NONE")]
    [InlineData(-1L, "UNKNOWN")]
    [InlineData(null, "UNKNOWN")]
    public void A_capital_has_a_class(long? yen, string code) => Assert.Equal(code, CapitalClasses.Of(yen).Code);

    [Fact]
    public void Classes_follow_each_other_without_gap()
    {
        var sizes = SizeClasses.All.Where(size => size.MinEmployees is not null).ToList();
        Assert.All(sizes.Zip(sizes.Skip(1)), pair => Assert.Equal(pair.First.MaxEmployees + 1, pair.Second.MinEmployees));
        var capitals = CapitalClasses.All.Where(capital => capital.MinYen is not null).ToList();
        Assert.All(capitals.Zip(capitals.Skip(1)), pair => Assert.Equal(pair.First.MaxYenExclusive, pair.Second.MinYen));
        Assert.Equal(["E0100", "E0300", "E0500", "E1000", "E2000"], SizeClasses.All.Where(size => size.IsInSurvey).Select(size => size.Code));
    }
}
