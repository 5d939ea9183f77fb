using System.Globalization;
using Consultation.Experts.Outside;
using Consultation.Messaging;

namespace Consultation.Tests.Experts.Outside;

/// <summary>What a calendar file says about when somebody is busy (journey J25); times in and out are Japan time.</summary>
public sealed class CalendarFileTests
{
    private static readonly DateTimeOffset From = Japan("2026-11-24T00:00");
    private static readonly DateTimeOffset To = Japan("2027-12-31T00:00");

    [Theory]
    [InlineData("a zone by name", "DTSTART;TZID=Asia/Tokyo:20261201T100000|DTEND;TZID=Asia/Tokyo:20261201T113000", "12-01 10:00〜12-01 11:30")]
    [InlineData("a zone by Windows' name", "DTSTART;TZID=Tokyo Standard Time:20261201T100000|DTEND;TZID=Tokyo Standard Time:20261201T113000", "12-01 10:00〜12-01 11:30")]
    [InlineData("UTC", "DTSTART:20261201T010000Z|DTEND:20261201T023000Z", "12-01 10:00〜12-01 11:30")]
    [InlineData("no zone", "DTSTART:20261201T100000|DTEND:20261201T113000", "12-01 10:00〜12-01 11:30")]
    [InlineData("another zone, summer time over", "DTSTART;TZID=Europe/Berlin:20261201T100000|DTEND;TZID=Europe/Berlin:20261201T110000", "12-01 18:00〜12-01 19:00")]
    [InlineData("a whole day", "DTSTART;VALUE=DATE:20261201", "12-01 00:00〜12-02 00:00")]
    [InlineData("three whole days", "DTSTART;VALUE=DATE:20261201|DTEND;VALUE=DATE:20261204", "12-01 00:00〜12-04 00:00")]
    [InlineData("a duration", "DTSTART:20261201T100000|DURATION:PT1H15M", "12-01 10:00〜12-01 11:15")]
    [InlineData("across midnight and the year", "DTSTART:20261231T220000|DTEND:20270101T030000", "12-31 22:00〜01-01 03:00")]
    [InlineData("free all the same", "DTSTART:20261201T100000|DTEND:20261201T110000|TRANSP:TRANSPARENT", "")]
    [InlineData("called off", "DTSTART:20261201T100000|DTEND:20261201T110000|STATUS:CANCELLED", "")]
    [InlineData("no length", "DTSTART:20261201T100000", "")]
    [InlineData("long past", "DTSTART:20200101T100000|DTEND:20200101T110000", "")]
    [InlineData("a folded line", "DTSTART;TZID=Asia/\r\n Tokyo:20261201T100\r\n\t000|DTEND;TZID=Asia/Tokyo:20261201T110000", "12-01 10:00〜12-01 11:00")]
    [InlineData("a title with a colon and a quoted one", "SUMMARY;X-A=\"b:c;d\":会議: 予算; 来年|DTSTART:20261201T100000|DTEND:20261201T110000", "12-01 10:00〜12-01 11:00")]
    [InlineData("daily, three times", "DTSTART:20261201T100000|DTEND:20261201T110000|RRULE:FREQ=DAILY;COUNT=3", "12-01 10:00〜12-01 11:00,12-02 10:00〜12-02 11:00,12-03 10:00〜12-03 11:00")]
    [InlineData("every other day until a day", "DTSTART:20261201T100000|DTEND:20261201T110000|RRULE:FREQ=DAILY;INTERVAL=2;UNTIL=20261205", "12-01 10:00〜12-01 11:00,12-03 10:00〜12-03 11:00,12-05 10:00〜12-05 11:00")]
    [InlineData("until an instant in UTC", "DTSTART;TZID=Asia/Tokyo:20261201T100000|DTEND;TZID=Asia/Tokyo:20261201T110000|RRULE:FREQ=DAILY;UNTIL=20261202T010000Z", "12-01 10:00〜12-01 11:00,12-02 10:00〜12-02 11:00")]
    [InlineData("weekly on two days without one of them", "DTSTART:20261201T100000|DTEND:20261201T110000|RRULE:FREQ=WEEKLY;BYDAY=TU,TH;COUNT=4|EXDATE:20261203T100000", "12-01 10:00〜12-01 11:00,12-08 10:00〜12-08 11:00,12-10 10:00〜12-10 11:00")]
    [InlineData("every second week from Sunday on", "DTSTART:20261206T100000|DTEND:20261206T110000|RRULE:FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,MO;COUNT=4", "12-06 10:00〜12-06 11:00,12-07 10:00〜12-07 11:00,12-20 10:00〜12-20 11:00,12-21 10:00〜12-21 11:00")]
    [InlineData("the second Tuesday of the month", "DTSTART:20261208T100000|DTEND:20261208T110000|RRULE:FREQ=MONTHLY;BYDAY=2TU;COUNT=3", "12-08 10:00〜12-08 11:00,01-12 10:00〜01-12 11:00,02-09 10:00〜02-09 11:00")]
    [InlineData("the last working day of the month", "DTSTART:20261231T100000|DTEND:20261231T110000|RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2", "12-31 10:00〜12-31 11:00,01-29 10:00〜01-29 11:00")]
    [InlineData("the 31st where there is one", "DTSTART:20261231T100000|DTEND:20261231T110000|RRULE:FREQ=MONTHLY;COUNT=3", "12-31 10:00〜12-31 11:00,01-31 10:00〜01-31 11:00,03-31 10:00〜03-31 11:00")]
    [InlineData("begun years ago and going on", "DTSTART:20200106T090000|DTEND:20200106T093000|RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20261208", "11-30 09:00〜11-30 09:30,12-07 09:00〜12-07 09:30")]
    [InlineData("yearly", "DTSTART;VALUE=DATE:20001201|RRULE:FREQ=YEARLY", "12-01 00:00〜12-02 00:00,12-01 00:00〜12-02 00:00")]
    public void An_event_blocks_exactly_its_time(string what, string lines, string expected) => Assert.Equal((what, expected), (what, Busy(Event(lines))));

    [Fact]
    public void One_repetition_that_was_moved_leaves_its_place_free()
    {
        var series = Event("UID:a|DTSTART;TZID=Asia/Tokyo:20261201T100000|DTEND;TZID=Asia/Tokyo:20261201T110000|RRULE:FREQ=DAILY;COUNT=3");
        var moved = Event("UID:a|RECURRENCE-ID:20261202T010000Z|DTSTART;TZID=Asia/Tokyo:20261202T150000|DTEND;TZID=Asia/Tokyo:20261202T160000");
        var dropped = Event("UID:a|RECURRENCE-ID;TZID=Asia/Tokyo:20261203T100000|DTSTART;TZID=Asia/Tokyo:20261203T100000|DTEND;TZID=Asia/Tokyo:20261203T110000|STATUS:CANCELLED");
        Assert.Equal("12-01 10:00〜12-01 11:00,12-02 15:00〜12-02 16:00", Busy(series + moved + dropped));
    }

    [Fact]
    public void Free_busy_lists_and_zones_the_file_describes_are_read_and_stretches_that_touch_are_one()
    {
        Assert.Equal("12-01 10:00〜12-01 12:30,12-02 09:00〜12-02 10:00", Busy(
            "BEGIN:VFREEBUSY\r\nFREEBUSY;FBTYPE=BUSY:20261201T010000Z/20261201T020000Z,20261201T020000Z/PT1H30M\r\nFREEBUSY:20261202T000000Z/PT1H\r\nFREEBUSY;FBTYPE=FREE:20261203T000000Z/PT1H\r\nEND:VFREEBUSY\r\n"));
        const string Zone = "BEGIN:VTIMEZONE\r\nTZID:われわれの時刻\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nTZOFFSETFROM:+0900\r\nTZOFFSETTO:+0900\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";
        Assert.Equal("12-01 10:00〜12-01 11:00", Busy(Zone + Event("DTSTART;TZID=われわれの時刻:20261201T100000|DTEND;TZID=われわれの時刻:20261201T110000")));
    }

    [Theory]
    [InlineData("", "calendar.not_ics")]
    [InlineData("<html>sign in</html>", "calendar.not_ics")]
    [InlineData("BEGIN:VCARD\r\nEND:VCARD", "calendar.not_ics")]
    [InlineData("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20261201T100000\r\n", "calendar.unbalanced 2")]
    [InlineData("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n", "calendar.unbalanced 3")]
    [InlineData("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\nDTSTART:20261201T100000", "calendar.unbalanced 3")]
    [InlineData("BEGIN:VCALENDAR\r\nこわれた行\r\nEND:VCALENDAR\r\n", "calendar.line_unreadable 2")]
    [InlineData("BEGIN:VCALENDAR\r\nX;A=\"b:c\r\nEND:VCALENDAR\r\n", "calendar.line_unreadable 2")]
    [InlineData("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nEND:VEVENT\r\nEND:VCALENDAR", "calendar.no_start 2")]
    [InlineData("E|DTSTART:20261301T100000", "calendar.time_unreadable 3")]
    [InlineData("E|DTSTART:99991231T100000|DTEND:99991231T110000", "calendar.time_unreadable 3")]
    [InlineData("E|DTSTART;TZID=Moon/Base:20261201T100000", "calendar.zone_unknown 3")]
    [InlineData("E|DTSTART:20261201T100000|DTEND:20261201T090000", "calendar.reversed 4")]
    [InlineData("E|DTSTART:20261201T100000|DURATION:P", "calendar.time_unreadable 4")]
    [InlineData("E|DTSTART:20261201T100000|DURATION:P99999W99999W", "calendar.time_unreadable 4")]
    [InlineData("E|DTSTART;TZID=:20261201T100000", "calendar.zone_unknown 3")]
    [InlineData("E|DTSTART:20261201T100000|RRULE:FREQ=SECONDLY", "calendar.rule_not_read 4")]
    [InlineData("E|DTSTART:20261201T100000|RRULE:FREQ=DAILY;BYHOUR=9,10", "calendar.rule_not_read 4")]
    [InlineData("E|DTSTART:20261201T100000|RRULE:COUNT=3", "calendar.rule_not_read 4")]
    [InlineData("E|DTSTART:20261201T100000|RRULE:FREQ=DAILY;INTERVAL=0", "calendar.rule_not_read 4")]
    [InlineData("E|DTSTART:20261201T100000|RRULE:FREQ=WEEKLY;BYDAY=XX", "calendar.rule_not_read 4")]
    public void A_broken_file_is_refused_with_the_line_at_fault(string text, string expected)
    {
        var file = text.StartsWith("E|", StringComparison.Ordinal) ? $"BEGIN:VCALENDAR\r\n{Event(text[2..])}END:VCALENDAR\r\n" : text;
        var error = Assert.Single(Assert.Throws<InvalidInput>(() => CalendarIntake.Read(System.Text.Encoding.UTF8.GetBytes(file), From)).Errors);
        Assert.Equal(expected, string.Join(' ', error.Args.Select(a => $"{a}").Prepend(error.Code)));
        Assert.NotEqual(error.Code, error.Text);
    }

    [Fact]
    public void A_file_that_asks_for_too_much_is_refused_before_it_costs_anything()
    {
        string Code(string text) => Assert.Throws<InvalidInput>(() => CalendarIntake.Read(System.Text.Encoding.UTF8.GetBytes(text), From)).Errors[0].Code;
        Assert.Equal("calendar.too_large", Code(new string('あ', 400_000)));
        Assert.Equal("calendar.not_ics", Code("BEGIN:VCALENDAR\0"));
        var endless = string.Concat(Enumerable.Range(0, 2_000).Select(i => Event($"UID:{i}|DTSTART:19000101T{i % 24:00}0000|DURATION:PT5M|RRULE:FREQ=DAILY;COUNT=1000000")));
        Assert.Equal("calendar.too_many", Code($"BEGIN:VCALENDAR\r\n{endless}END:VCALENDAR\r\n"));
        var many = string.Concat(Enumerable.Range(0, 6_000).Select(i => Event($"DTSTART:{new DateTime(2026, 12, 1).AddHours(i):yyyyMMdd'T'HHmmss}|DURATION:PT5M")));
        Assert.Equal("calendar.too_many", Code($"BEGIN:VCALENDAR\r\n{many}END:VCALENDAR\r\n"));
    }

    [Fact]
    public void A_file_made_to_break_the_reader_is_refused_like_any_other()
    {
        string Code(string parts) => Assert.Throws<InvalidInput>(() => Busy(parts)).Errors[0].Code;
        string Lasting(string part, int times) => Event($"DTSTART:20261201T100000|DURATION:P{string.Concat(Enumerable.Repeat(part, times))}");
        Assert.Equal("calendar.time_unreadable", Code(Lasting("999999W", 400)));
        Assert.Equal("calendar.time_unreadable", Code(Event($"DTSTART:20261201T100000|DURATION:PT{string.Concat(Enumerable.Repeat("999999H", 400))}")));
        Assert.Equal("calendar.zone_unknown", Code(
            "BEGIN:VTIMEZONE\r\nTZID:遠方\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nTZOFFSETTO:+1430\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n" + Event("DTSTART;TZID=遠方:20261201T100000")));
        Assert.Equal("calendar.rule_not_read", Code(Event($"DTSTART:20261201T100000|RRULE:FREQ=MONTHLY;BYMONTHDAY={string.Join(',', Enumerable.Repeat("1", 1_000))}")));
        // A month that is named twice is one month.
        Assert.Equal("12-01 10:00〜12-01 11:00,12-01 10:00〜12-01 11:00", Busy(Event("DTSTART:20251201T100000|DURATION:PT1H|RRULE:FREQ=YEARLY;BYMONTH=12,12;COUNT=3")));
    }

    internal static string Event(string lines) => $"BEGIN:VEVENT\r\n{lines.Replace("|", "\r\n", StringComparison.Ordinal)}\r\nEND:VEVENT\r\n";

    private static string Busy(string parts) => string.Join(',', BusyPeriods.Read($"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{parts}END:VCALENDAR\r\n", From, To).Select(p => $"{Words(p.From)}〜{Words(p.To)}"));

    private static string Words(DateTimeOffset instant) => instant.ToOffset(TimeSpan.FromHours(9)).ToString("MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static DateTimeOffset Japan(string text) => DateTimeOffset.Parse($"{text}+09:00", CultureInfo.InvariantCulture);
}
