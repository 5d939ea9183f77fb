using System.Globalization;
using Consultation.Reference;

namespace Consultation.Experts;

/// <summary>How an expert gets to a visit and home again; from <c>Leave</c> to <c>Back</c> nothing else is possible.</summary>
/// <param name="OneWay">On the way, without waiting and nights.</param>
public sealed record Journey(DateTimeOffset Leave, DateTimeOffset Back, TimeSpan OneWay);

/// <summary>
/// How long an expert is on the way. An estimate and not a fact: no outside service is asked and no timetable is known; it is meant to be wrong
/// on the careful side. What it reckons with stands in <c>travel.csv</c> and may be changed there: the capitals' places, the way within a
/// prefecture, and by how many per cent snow lengthens the way in a month.
/// <list type="bullet">
/// <item>Within a prefecture: the minutes of the table. Place names below the prefecture are not reckoned with.</item>
/// <item>Between prefectures by land: 40 minutes to and from the stations, the first 100 km of the great circle between the capitals at 80 km/h, the rest at 170 km/h.</item>
/// <item>From 300 km on by air where that is quicker, and always to and from Okinawa: 3 hours to, at and from the airports, and 600 km/h.</item>
/// <item>The worse season of both ends counts; the sum is rounded up to ten minutes and holds ten minutes of slack.</item>
/// <item>Who would have to leave before 6:00 or is on the way for more than five hours goes the evening before, to be there by 21:00; who would
/// be home after 22:00 (the last connection) stays the night and leaves at 7:00.</item>
/// </list>
/// An unknown place is taken to be three hours away. Web and phone cost nothing. Source: our own model, issue "Visits" and idea P19.
/// </summary>
public static class Travel
{
    public static readonly TimeSpan Slack = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan Unknown = TimeSpan.FromMinutes(180);
    public static readonly TimeSpan LongestDayTrip = TimeSpan.FromMinutes(300);
    public static readonly TimeOnly FirstConnection = new(6, 0);
    public static readonly TimeOnly LastConnection = new(22, 0);
    public static readonly TimeOnly ThereInTheEvening = new(21, 0);
    public static readonly TimeOnly OffInTheMorning = new(7, 0);

    private const int Places = 48;
    private const int Okinawa = 47;
    private static readonly int[,] Minutes = new int[Places, Places];
    private static readonly int[,] Percent = new int[Places, 13];

    static Travel()
    {
        var rows = CsvText.Embedded("travel.csv").Select(row => (
            At: int.Parse(row[0], CultureInfo.InvariantCulture), Latitude: double.Parse(row[2], CultureInfo.InvariantCulture), Longitude: double.Parse(row[3], CultureInfo.InvariantCulture),
            Within: int.Parse(row[4], CultureInfo.InvariantCulture), Snow: row[5])).ToList();
        foreach (var from in rows)
        {
            for (var month = 1; month <= 12; month++)
            {
                Percent[from.At, month] = 100;
            }

            foreach (var told in from.Snow.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split(':')))
            {
                Percent[from.At, int.Parse(told[0], CultureInfo.InvariantCulture)] = int.Parse(told[1], CultureInfo.InvariantCulture);
            }

            foreach (var to in rows)
            {
                Minutes[from.At, to.At] = from.At == to.At ? from.Within : Estimate(Kilometres(from.Latitude, from.Longitude, to.Latitude, to.Longitude), from.At == Okinawa || to.At == Okinawa);
            }
        }
    }

    /// <summary>One way in a month without snow: what matching reckons with, where no day is known yet.</summary>
    /// <param name="from">JIS code or name of the prefecture the expert starts from.</param>
    /// <param name="to">Where the visit takes place.</param>
    public static TimeSpan Padding(string? from, string? to, VisitMode mode) =>
        mode != VisitMode.Visit ? TimeSpan.Zero : At(from) is var a and > 0 && At(to) is var b and > 0 ? TimeSpan.FromMinutes(Minutes[a, b]) : Unknown;

    /// <summary>From one place to the next on a day, either way.</summary>
    public static TimeSpan Between(string? from, string? to, DateOnly on)
    {
        if (At(from) is var a and > 0 && At(to) is var b and > 0)
        {
            var season = Math.Max(Percent[a, on.Month], Percent[b, on.Month]);
            return TimeSpan.FromMinutes((((Minutes[a, b] * season) + 999) / 1000) * 10);
        }

        return Unknown;
    }

    /// <summary>From home to a visit and back.</summary>
    /// <param name="home">JIS code or name of the prefecture the expert starts from.</param>
    /// <param name="place">Of the visit; not asked for web and phone.</param>
    public static Journey Around(string? home, string? place, DateTimeOffset start, DateTimeOffset end, VisitMode mode)
    {
        if (mode != VisitMode.Visit)
        {
            return new(start, end, TimeSpan.Zero);
        }

        var way = Between(home, place, JapanTime.DateOf(start));
        return new(LeaveFor(start, way), BackFrom(end, way), way);
    }

    /// <summary>When somebody sets out who is on the way for so long and must be there at <paramref name="start"/>; the evening before where it is far or early.</summary>
    public static DateTimeOffset LeaveFor(DateTimeOffset start, TimeSpan way)
    {
        var day = JapanTime.DateOf(start);
        return way > LongestDayTrip || start - way < JapanTime.At(day, FirstConnection) ? JapanTime.At(day.AddDays(-1), ThereInTheEvening) - way : start - way;
    }

    /// <summary>When somebody is back who sets off at <paramref name="end"/>; the next morning where the last connection has gone.</summary>
    public static DateTimeOffset BackFrom(DateTimeOffset end, TimeSpan way)
    {
        var day = JapanTime.DateOf(end);
        return end + way > JapanTime.At(day, LastConnection) ? JapanTime.At(day.AddDays(1), OffInTheMorning) + way : end + way;
    }

    private static int At(string? place) => Prefectures.Find(place) is { Code: var code } ? ((code[0] - '0') * 10) + (code[1] - '0') : 0;

    private static int Estimate(double kilometres, bool overSea)
    {
        var byLand = 40 + (Math.Min(kilometres, 100) * 60 / 80) + (Math.Max(kilometres - 100, 0) * 60 / 170);
        var byAir = 180 + (kilometres * 60 / 600);
        return (int)Math.Ceiling((overSea ? byAir : kilometres >= 300 ? Math.Min(byLand, byAir) : byLand) / 10) * 10;
    }

    private static double Kilometres(double latitude, double longitude, double otherLatitude, double otherLongitude)
    {
        const double Radius = 6371;
        var (a, b) = (double.DegreesToRadians(latitude), double.DegreesToRadians(otherLatitude));
        var (north, east) = ((b - a) / 2, double.DegreesToRadians(otherLongitude - longitude) / 2);
        return 2 * Radius * Math.Asin(Math.Sqrt(Math.Pow(Math.Sin(north), 2) + (Math.Cos(a) * Math.Cos(b) * Math.Pow(Math.Sin(east), 2))));
    }
}
