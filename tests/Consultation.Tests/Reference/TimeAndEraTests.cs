using System.Globalization;
using Consultation.Reference;

namespace Consultation.Tests.Reference;

public sealed class TimeAndEraTests
{
    [Theory]
    [InlineData("2019-04-30", "平成31年4月30日")]
    [InlineData("2019-05-01", "令和元年5月1日")]
    [InlineData("2026-11-22", "令和8年11月22日")]
    [InlineData("1989-01-07", "昭和64年1月7日")]
    [InlineData("1989-01-08", "平成元年1月8日")]
    [InlineData("2027-03-31", "令和9年3月31日")]
    public void A_day_is_written_with_its_era(string date, string text) => Assert.Equal(text, Wareki.Format(Date(date)));

    [Fact]
    public void A_year_is_named_after_the_era_in_which_it_ends()
    {
        Assert.Equal("令和元年", Wareki.FormatYear(2019));
        Assert.Equal("平成30年", Wareki.FormatYear(2018));
        Assert.Equal("令和8年", Wareki.FormatYear(2026));
    }

    [Fact]
    public void The_next_era_is_a_row()
    {
        var table = new EraTable([new Era("X", "新元", new DateOnly(2040, 10, 1)), new Era("R", "令和", new DateOnly(2019, 5, 1))]);
        Assert.Equal("令和22年9月30日", table.Format(new DateOnly(2040, 9, 30)));
        Assert.Equal("新元元年10月1日", table.Format(new DateOnly(2040, 10, 1)));
        Assert.Equal("新元2年1月1日", table.Format(new DateOnly(2041, 1, 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => table.At(new DateOnly(2019, 4, 30)));
        Assert.Throws<ArgumentException>(() => new EraTable([]));
    }

    [Theory]
    [InlineData("2027-03-31T14:59:59Z", 2026)]
    [InlineData("2027-03-31T15:00:00Z", 2027)]
    [InlineData("2027-03-31T23:59:00+09:00", 2026)]
    [InlineData("2027-04-01T00:00:00+09:00", 2027)]
    [InlineData("2027-01-01T00:00:00+09:00", 2026)]
    public void The_fiscal_year_turns_at_midnight_in_Japan(string instant, int year) =>
        Assert.Equal(year, FiscalYear.Of(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture)).Year);

    [Theory]
    [InlineData(2018, "H30", "平成30年度")]
    [InlineData(2019, "R01", "令和元年度")]
    [InlineData(2026, "R08", "令和8年度")]
    [InlineData(2036, "R18", "令和18年度")]
    public void A_fiscal_year_has_a_code_and_a_label(int year, string code, string label)
    {
        Assert.Equal(code, new FiscalYear(year).EraCode);
        Assert.Equal(label, new FiscalYear(year).Label);
    }

    [Fact]
    public void The_last_day_has_three_different_years()
    {
        var day = new DateOnly(2027, 3, 31);
        Assert.Equal("令和9年3月31日", Wareki.Format(day));
        Assert.Equal("令和8年度", FiscalYear.Of(day).Label);
        Assert.Equal(day, new FiscalYear(2026).Last);
        Assert.Equal(new DateOnly(2026, 4, 1), new FiscalYear(2026).First);
        Assert.True(new FiscalYear(2026).Contains(day));
        Assert.False(new FiscalYear(2026).Next.Contains(day));
        Assert.True(new FiscalYear(2026).Previous.CompareTo(new FiscalYear(2026)) < 0);
    }

    [Fact]
    public void Dates_and_times_are_written_as_people_read_them()
    {
        var instant = DateTimeOffset.Parse("2026-11-24T00:20:59Z", CultureInfo.InvariantCulture);
        Assert.Equal("2026年11月24日(火)", JapaneseDate.Long(new DateOnly(2026, 11, 24)));
        Assert.Equal("11月24日(火)", JapaneseDate.Short(new DateOnly(2026, 11, 24)));
        Assert.Equal("2026年11月24日(火) 9:20", JapaneseDate.LongTime(instant));
        Assert.Equal("11月24日(火) 9:20", JapaneseDate.ShortTime(instant));
        Assert.Equal("日月火水木金土", string.Concat(Enumerable.Range(22, 7).Select(day => JapaneseDate.Weekday(new DateOnly(2026, 11, day)))));
    }

    [Fact]
    public void An_instant_has_its_day_and_hour_in_Japan()
    {
        var instant = DateTimeOffset.Parse("2026-11-23T15:30:00Z", CultureInfo.InvariantCulture);
        Assert.Equal(new DateOnly(2026, 11, 24), JapanTime.DateOf(instant));
        Assert.Equal(new TimeOnly(0, 30), JapanTime.TimeOf(instant));
        Assert.Equal(TimeSpan.FromHours(9), JapanTime.ToJapan(instant).Offset);
        Assert.Equal(instant, JapanTime.At(new DateOnly(2026, 11, 24), new TimeOnly(0, 30)));
    }

    [Fact]
    public void The_culture_of_the_thread_changes_nothing()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("ar-SA");
            Assert.Equal("2026年11月24日(火)", JapaneseDate.Long(new DateOnly(2026, 11, 24)));
            Assert.Equal("令和8年11月24日", Wareki.Format(new DateOnly(2026, 11, 24)));
            CultureInfo.CurrentCulture = new CultureInfo("tr-TR");
            Assert.Equal("iı", JapaneseText.Fold("Iı"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static DateOnly Date(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
