using Consultation.Calendar;
using Consultation.Reference;

namespace Consultation.FollowUps;

/// <summary>
/// Keeps a desk's days bearable: a date whose day is full moves to the nearest business day with room, five at most in either direction,
/// later before earlier; the reason stands in the derivation (design §2). Where all are full the date stays.
/// </summary>
internal static class Spread
{
    public const int Days = 5;

    /// <param name="earliest">Not before this day; <paramref name="latest"/> likewise.</param>
    /// <param name="taken">How many follow-ups of the desk are due on a day already.</param>
    public static DueDate Within(BusinessCalendar calendar, DueDate due, DateOnly earliest, DateOnly latest, int limit, Func<DateOnly, int> taken)
    {
        if (taken(due.Due) < limit)
        {
            return due;
        }

        for (var distance = 1; distance <= Days; distance++)
        {
            foreach (var days in new[] { distance, -distance })
            {
                var other = calendar.AddBusinessDays(due.Due, days).Due;
                if (other >= earliest && other <= latest && taken(other) < limit)
                {
                    return new(other, $"{due.Why} → {JapaneseDate.Short(due.Due)}は窓口の1日の上限（{limit}件）のため {JapaneseDate.Short(other)} に調整");
                }
            }
        }

        return due;
    }
}
