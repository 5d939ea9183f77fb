using Consultation.Experts;
using Consultation.Reference;

namespace Consultation.Demo;

/// <summary>A time at which all who are to come are free.</summary>
/// <param name="Marks">What it takes of the half days.</param>
internal readonly record struct LoadSlot(int Day, int Minute, int Minutes, (int Half, byte Taken)[] Marks);

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
            foreach (var (half, taken) in slot.Marks)
            {
                expert.Busy[slot.Day, half] = taken;
            }
        }

        return slot;
    }

    private LoadSlot? Find(IReadOnlyList<LoadExpert> experts, string? prefecture, VisitMode mode, int from, int to)
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
                    return new(day, LongVisitStart, VisitMinutes, [(0, Away), (1, Away)]);
                }

                continue;
            }

            for (var half = 0; half < 2; half++)
            {
                var taken = experts.Max(e => e.Busy[day, half]);
                if (mode == VisitMode.Visit ? taken == 0 : taken < Away)
                {
                    return mode == VisitMode.Visit
                        ? new(day, VisitStarts[half], VisitMinutes, [(half, Away)])
                        : new(day, TalkStarts[half] + (taken * TalkMinutes), TalkMinutes, [(half, (byte)(taken + 1))]);
                }
            }
        }

        return null;
    }
}
