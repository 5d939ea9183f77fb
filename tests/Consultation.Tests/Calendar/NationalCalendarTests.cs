using System.Globalization;
using Consultation.Calendar;
using Consultation.Tests.Reference;

namespace Consultation.Tests.Calendar;

public sealed class NationalCalendarTests
{
    public static TheoryData<string, string> Published()
    {
        var data = new TheoryData<string, string>();
        foreach (var row in Vectors.Rows("holidays-vectors.csv"))
        {
            data.Add(row[0], row[1]);
        }

        return data;
    }

    [Fact]
    public void The_vector_file_is_read_whole() => Assert.Equal(77, Published().Count);

    [Theory]
    [MemberData(nameof(Published))]
    public void Published_vectors_hold(string date, string expected) =>
        Assert.Equal(Enum.Parse<DayKind>(expected.Replace("_", "", StringComparison.Ordinal), ignoreCase: true), NationalCalendar.Shipped.KindOf(Date(date)));

    [Theory]
    [InlineData("2026-11-24", false)]
    [InlineData("2027-02-28", false)]
    [InlineData("2027-03-01", true)]
    public void From_the_march_after_the_gazette_the_table_is_due(string today, bool due) => Assert.Equal(due, NationalCalendar.Shipped.IsTableDue(Date(today)));

    [Fact]
    public void The_table_has_the_gazetted_number_of_days_in_each_year()
    {
        int[] expected = [22, 18, 17, 16, 17, 21, 19, 18, 17, 16, 19, 19, 19, 17, 17, 17, 19];
        Assert.Equal(expected, Enumerable.Range(2019, 17).Select(year => NationalCalendar.ByTable(year)!.Count));
        Assert.Null(NationalCalendar.ByTable(2036));
    }

    [Theory]
    [MemberData(nameof(YearsOfTheLawInForce))]
    public void The_rules_reproduce_the_table(int year)
    {
        var table = NationalCalendar.ByTable(year)!.OrderBy(day => day.Key);
        var rules = NationalCalendar.ByRule(year).OrderBy(day => day.Key);
        Assert.Equal(table, rules);
    }

    public static TheoryData<int> YearsOfTheLawInForce() => [.. Enumerable.Range(2022, 14)];

    [Theory]
    [InlineData(2019)]
    [InlineData(2020)]
    [InlineData(2021)]
    public void Years_of_special_laws_need_the_table(int year) =>
        Assert.NotEqual(
            NationalCalendar.ByTable(year)!.Keys.Order(),
            NationalCalendar.ByRule(year).Keys.Order());

    [Theory]
    [InlineData("2036-03-20", "春分の日")]
    [InlineData("2037-09-22", "国民の休日")]
    [InlineData("2043-09-22", "国民の休日")]
    [InlineData("2049-09-21", "国民の休日")]
    [InlineData("2037-05-06", "振替休日")]
    public void The_calculator_goes_on_beyond_the_table(string date, string name) =>
        Assert.Equal(name, NationalCalendar.Shipped.NameOf(Date(date)));

    [Theory]
    [InlineData("2026-05-06", "振替休日")]
    [InlineData("2026-09-22", "国民の休日")]
    [InlineData("2019-05-01", "天皇の即位の日")]
    [InlineData("2019-10-22", "即位礼正殿の儀の行われる日")]
    [InlineData("2019-10-14", "体育の日")]
    [InlineData("2026-11-23", "勤労感謝の日")]
    [InlineData("2026-12-29", "年末年始")]
    [InlineData("2027-01-01", "元日")]
    [InlineData("2026-11-22", null)]
    [InlineData("2026-11-24", null)]
    public void Closed_days_are_named_as_people_call_them(string date, string? name) =>
        Assert.Equal(name, NationalCalendar.Shipped.NameOf(Date(date)));

    [Theory]
    [InlineData("2025-12-26", "2026-01-05")]
    [InlineData("2026-05-01", "2026-05-07")]
    [InlineData("2026-09-18", "2026-09-24")]
    [InlineData("2026-12-28", "2027-01-04")]
    public void Long_closures_are_whole(string lastOpen, string nextOpen)
    {
        Assert.Equal(DayKind.Business, NationalCalendar.Shipped.KindOf(Date(lastOpen)));
        Assert.Equal(DayKind.Business, NationalCalendar.Shipped.KindOf(Date(nextOpen)));
        for (var day = Date(lastOpen).AddDays(1); day < Date(nextOpen); day = day.AddDays(1))
        {
            Assert.NotEqual(DayKind.Business, NationalCalendar.Shipped.KindOf(day));
        }
    }

    private static DateOnly Date(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
