using Consultation.Experts;
using Consultation.Reference;

namespace Consultation.Demo;

/// <summary>A time at which all who are to come are free.</summary>
internal readonly record struct LoadSlot(int Day, int Minute, int Minutes);

/// <summary>
/// Who is free when, so that no two visits of one expert meet: a morning and an afternoon a day, each with one journey or three talks from
/// afar; a long journey takes the day. Travel of an hour and a half fits between them.
/// </summary>
internal sealed class LoadDiary(LoadDays days)
{
    private const byte Away = 3;
    private const int TalkMinutes = 60;
    private const int VisitMinutes = 90;
    private static readonly int[] VisitStarts = [10 * 60, (14 * 60) + 30];
    private static readonly int[] TalkStarts = [9 * 60, 13 * 60];
    private const int LongVisitStart = 11 * 60;

    /// <summary>The first time from one day to another, which is taken at once; null where there is none.</summary>
    public LoadSlot? Take(IReadOnlyList<LoadExpert> experts, string? prefecture, VisitMode mode, int from, int to)
    {
        var far = mode == VisitMode.Visit && experts.Any(e => Travel.Padding(e.Expert.BasePrefecture, prefecture, mode) > Travel.WithinDistrict);
        for (var day = from; day <= to && day < days.Count; day++)
        {
            if (days[day] > days.ProgrammeOf(days[day]).LastVisitOn)
            {
                continue;
            }

            if (far)
            {
                if (experts.All(e => e.Busy[day, 0] == 0 && e.Busy[day, 1] == 0))
                {
                    Mark(experts, day, 0, Away);
                    Mark(experts, day, 1, Away);
                    return new(day, LongVisitStart, VisitMinutes);
                }

                continue;
            }

            for (var half = 0; half < 2; half++)
            {
                var taken = experts.Max(e => e.Busy[day, half]);
                if (mode == VisitMode.Visit ? taken == 0 : taken < Away)
                {
                    Mark(experts, day, half, mode == VisitMode.Visit ? Away : (byte)(taken + 1));
                    return mode == VisitMode.Visit ? new(day, VisitStarts[half], VisitMinutes) : new(day, TalkStarts[half] + (taken * TalkMinutes), TalkMinutes);
                }
            }
        }

        return null;
    }

    private static void Mark(IReadOnlyList<LoadExpert> experts, int day, int half, byte taken)
    {
        foreach (var expert in experts)
        {
            expert.Busy[day, half] = taken;
        }
    }
}
