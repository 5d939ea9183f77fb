using Consultation.Experts;
using Consultation.Reference;

namespace Consultation.Demo;

/// <summary>A time at which all who are to come are free.</summary>
/// <param name="Marks">What it takes of which half days.</param>
internal readonly record struct LoadSlot(int Day, int Minute, int Minutes, (int Day, int Half, byte Taken)[] Marks);

/// <summary>
/// Who is free when, so that no two visits of one expert meet: a morning and an afternoon a day, each with one journey or three talks from
/// afar; a long journey takes the day, and one with a night before it the day before too. Travel of an hour and a half fits between them.
/// </summary>
internal sealed class LoadDiary(LoadDays days)
{
    private const byte Away = 3;
    private const int TalkMinutes = 60;
    private const int VisitMinutes = 90;
    private static readonly int[] VisitStarts = [10 * 60, (14 * 60) + 30];
    private static readonly int[] TalkStarts = [9 * 60, 13 * 60];
    private const int LongVisitStart = 11 * 60;
    private static readonly TimeSpan Near = TimeSpan.FromMinutes(90);

    /// <summary>True where <see cref="Take"/> would find a time.</summary>
    public bool HasRoom(IReadOnlyList<LoadExpert> experts, string? prefecture, VisitMode mode, int from, int to) => Find(experts, prefecture, mode, from, to) is not null;

    /// <summary>The first time from one day to another, which is taken at once; null where there is none.</summary>
    public LoadSlot? Take(IReadOnlyList<LoadExpert> experts, string? prefecture, VisitMode mode, int from, int to)
    {
        if (Find(experts, prefecture, mode, from, to) is not { } slot)
        {
            return null;
        }

        foreach (var expert in experts)
        {
            foreach (var (day, half, taken) in slot.Marks)
            {
                expert.Busy[day, half] = taken;
            }
        }

        return slot;
    }

    private LoadSlot? Find(IReadOnlyList<LoadExpert> experts, string? prefecture, VisitMode mode, int from, int to)
    {
        for (var day = from; day <= to && day < days.Count; day++)
        {
            if (days[day] > days.ProgrammeOf(days[day]).LastVisitOn)
            {
                continue;
            }

            // By the day, because snow makes a near place a far one.
            var way = mode == VisitMode.Visit ? experts.Max(e => Travel.Between(e.Expert.BasePrefecture, prefecture, days[day])) : TimeSpan.Zero;
            if (way > Near)
            {
                var first = way > Travel.LongestDayTrip ? day - 1 : day;
                if (first >= 0 && experts.All(e => Enumerable.Range(first, day - first + 1).All(d => e.Busy[d, 0] == 0 && e.Busy[d, 1] == 0)))
                {
                    return new(day, LongVisitStart, VisitMinutes, [.. Enumerable.Range(first, day - first + 1).SelectMany(d => new[] { (d, 0, Away), (d, 1, Away) })]);
                }

                continue;
            }

            for (var half = 0; half < 2; half++)
            {
                var taken = experts.Max(e => e.Busy[day, half]);
                if (mode == VisitMode.Visit ? taken == 0 : taken < Away)
                {
                    return mode == VisitMode.Visit
                        ? new(day, VisitStarts[half], VisitMinutes, [(day, half, Away)])
                        : new(day, TalkStarts[half] + (taken * TalkMinutes), TalkMinutes, [(day, half, (byte)(taken + 1))]);
                }
            }
        }

        return null;
    }
}
