using Consultation.Reference;

namespace Consultation.Experts;

/// <summary>
/// How long an expert is on the way, one way. A model and not a fact: no outside service is asked and no timetable is known. The figures
/// are our own first guess (half an hour within a prefecture, an hour and a half within a district, three hours beyond) and are meant to
/// be wrong on the careful side.
/// </summary>
public static class Travel
{
    public static readonly TimeSpan WithinPrefecture = TimeSpan.FromMinutes(30);
    public static readonly TimeSpan WithinDistrict = TimeSpan.FromMinutes(90);
    public static readonly TimeSpan Beyond = TimeSpan.FromMinutes(180);

    /// <param name="from">JIS code or name of the prefecture the expert starts from.</param>
    /// <param name="to">Where the visit takes place; an unknown place is taken to be far.</param>
    public static TimeSpan Padding(string? from, string? to, VisitMode mode)
    {
        if (mode != VisitMode.Visit)
        {
            return TimeSpan.Zero;
        }

        var (start, end) = (Prefectures.Find(from), Prefectures.Find(to));
        return start is null || end is null ? Beyond
            : start == end ? WithinPrefecture
            : start.District == end.District ? WithinDistrict
            : Beyond;
    }
}
