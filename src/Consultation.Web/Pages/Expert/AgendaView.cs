using System.ComponentModel.DataAnnotations;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Visits;
using Consultation.Web.Pages.Shared;
using Consultation.Web.Pages.Visits;

namespace Consultation.Web.Pages.Expert;

/// <summary>One thing of a day. <paramref name="Kind"/> (visit, held, travel, task, absence, free) decides the shape of its bar.</summary>
public sealed record AgendaItem(
    string Kind, DateTimeOffset At, string From, string Until, string Title, string? Link = null, string? Line = null, string? Mode = null, IReadOnlyList<StateView>? States = null, bool Done = false);

/// <summary>A day of the diary and its field in the strip of the week.</summary>
public sealed record AgendaDay(DateOnly Date, string Link, string? Closed, string? Hours, IReadOnlyList<AgendaItem> Items, string Count, bool IsToday, bool Picked)
{
    public string Title => JapaneseDate.Short(Date) + (IsToday ? " きょう" : "");
}

/// <summary>Something that is due on a day beside the visits.</summary>
public sealed record AgendaTask(DateTimeOffset Due, string Kind, string Organisation, string Link, bool ByDay = true);

/// <summary>A diary around one day: day, week, or whichever the width of the screen suggests.</summary>
/// <param name="Span">auto, day or week.</param>
/// <param name="At">The address of the diary, without its query.</param>
/// <param name="Go">The day that is looked at, to be changed.</param>
public sealed record AgendaView(
    string Span, string Week, IReadOnlyList<AgendaDay> Days, IReadOnlyList<PageLink> Spans, PageLink PreviousDay, PageLink NextDay, PageLink PreviousWeek, PageLink NextWeek, string Today, string At,
    [property: Display(Name = "日付")] DayInput Go)
{
    private const int DaysOfWeek = 7;

    public static DateOnly MondayOf(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek + 6) % DaysOfWeek));

    /// <param name="at">The address of the diary, without its query.</param>
    /// <param name="diary">The week of <paramref name="on"/>, from Monday.</param>
    /// <param name="book">Where a free time leads to, without the day.</param>
    /// <param name="typed">A day that could not be read, as it was typed.</param>
    public static AgendaView Of(string at, string? span, DateOnly on, DateOnly today, DiaryDays diary, IReadOnlyList<AgendaTask> tasks, string book, DayInput? typed = null)
    {
        var kind = span is "day" or "week" ? span : "auto";
        string To(DateOnly day, string? of = null) => $"{at}?on={day:yyyy-MM-dd}{((of ?? kind) is var wanted and not "auto" ? $"&span={wanted}" : "")}";
        var monday = diary.Days[0].Date;
        List<DiaryVisit> visits = [.. diary.Days.SelectMany(day => day.Visits)];
        return new(
            kind,
            $"{JapaneseDate.Short(monday)}〜{JapaneseDate.Short(monday.AddDays(DaysOfWeek - 1))}",
            [.. diary.Days.Select(day => DayOf(day, visits, diary.BasePrefecture, To(day.Date), today, on, tasks, book))],
            [new("1日", To(on, "day"), kind == "day"), new("1週間", To(on, "week"), kind == "week")],
            new("前の日", To(on.AddDays(-1)), false), new("次の日", To(on.AddDays(1)), false),
            new("前の週", To(on.AddDays(-DaysOfWeek)), false), new("次の週", To(on.AddDays(DaysOfWeek)), false),
            To(today), at, typed ?? DayInput.Of(on));
    }

    private static AgendaDay DayOf(DiaryDay day, IReadOnlyList<DiaryVisit> week, string home, string link, DateOnly today, DateOnly picked, IReadOnlyList<AgendaTask> tasks, string book)
    {
        var due = tasks.Where(task => JapanTime.DateOf(task.Due) == day.Date).ToList();
        List<AgendaItem> items =
        [
            .. day.Absences.Select(absence => Absence(absence.From, absence.To, "不在", absence.Reason, day.Date)),
            .. day.Elsewhere.Select(busy => Absence(busy.From, busy.To, "外部の予定", null, day.Date)),
            .. day.Journeys.Select(visit => Journey(visit, day.Date)),
            .. day.Visits.SelectMany(visit => Visit(visit, home, StraightFrom(week, visit) is { } before ? PlaceOf(before) : null)),
            .. day.Free.Select(free => new AgendaItem(
                "free", free.From, JapaneseDate.Time(JapanTime.TimeOf(free.From)), $"〜{JapaneseDate.Time(JapanTime.TimeOf(free.To))}", "空き", $"{book}on={day.Date:yyyy-MM-dd}")),
            .. due.Select(task => new AgendaItem(
                "task", JapanTime.ToJapan(task.Due), JapaneseDate.Time(JapanTime.TimeOf(task.Due)), "まで", task.Kind, task.Link, task.Organisation)),
        ];
        var count = day.Visits.Count > 0 ? $"{day.Visits.Count}件" : day.Absences.Count > 0 ? "不在" : day.Closed is { } closed ? closed.StartsWith("国民", StringComparison.Ordinal) ? "祝日" : "休み" : "―";
        return new(
            day.Date, link, day.Closed, day.Hours.Count == 0 ? null : string.Join("、", day.Hours.Select(h => $"{JapaneseDate.Time(h.From)}〜{JapaneseDate.Time(h.To)}")),
            [.. items.OrderBy(item => item.At)], count, day.Date == today, day.Date == picked);
    }

    private static AgendaItem Absence(DateTimeOffset from, DateTimeOffset to, string title, string? reason, DateOnly day)
    {
        var (begins, ends) = (JapanTime.At(day, TimeOnly.MinValue), JapanTime.At(day.AddDays(1), TimeOnly.MinValue));
        var whole = from <= begins && to >= ends;
        return new(
            "absence", from < begins ? begins : from, whole ? "終日" : from < begins ? "0:00" : JapaneseDate.Time(JapanTime.TimeOf(from)),
            whole ? "" : to > ends ? "〜24:00" : $"〜{JapaneseDate.Time(JapanTime.TimeOf(to))}", title, null, reason);
    }

    /// <summary>On the road to a visit of another day, or home from it.</summary>
    private static AgendaItem Journey(DiaryVisit visit, DateOnly day)
    {
        var (begins, ends) = (JapanTime.At(day, TimeOnly.MinValue), JapanTime.At(day.AddDays(1), TimeOnly.MinValue));
        return new(
            "travel", visit.Leave < begins ? begins : visit.Leave, visit.Leave < begins ? "0:00" : JapaneseDate.Time(JapanTime.TimeOf(visit.Leave)),
            $"〜{(visit.Back > ends ? "24:00" : JapaneseDate.Time(JapanTime.TimeOf(visit.Back)))}",
            $"移動　{JapaneseDate.Short(JapanTime.DateOf(visit.Start))}の{PlaceOf(visit)}{(visit.Start < begins ? "から" : "へ")}");
    }

    private static string PlaceOf(DiaryVisit visit) => visit.Case is null || visit.Mode != VisitMode.Visit ? "訪問先" : visit.City ?? visit.Prefecture ?? "訪問先";

    /// <summary>
    /// The visit that the expert comes from straight, perhaps after a night and talks from afar; null where the expert was at home in between: some row since
    /// then has a way behind it, and packing up is none.
    /// </summary>
    private static DiaryVisit? StraightFrom(IReadOnlyList<DiaryVisit> week, DiaryVisit visit)
    {
        var earlier = week.TakeWhile(other => other != visit).Where(other => other.IsAway || other.State != VisitState.Cancelled).Reverse();
        foreach (var other in earlier)
        {
            if (other.Back - other.End > Consultation.Experts.Travel.Slack)
            {
                return null;
            }

            if (other.Mode == VisitMode.Visit)
            {
                return other;
            }
        }

        return null;
    }

    /// <param name="from">Where the expert comes from straight; from home where null.</param>
    private static IEnumerable<AgendaItem> Visit(DiaryVisit visit, string home, string? from)
    {
        var place = PlaceOf(visit);
        if (visit.Leave < visit.Start)
        {
            yield return Travel(visit.Leave, visit.Start, visit.Start, $"{from ?? home} → {place}");
        }

        var states = new List<StateView> { VisitLines.Of(visit.State) };
        if (visit.InAbsence)
        {
            states.Add(new("不在と重なる", Tone.Alert, Shape.Near));
        }

        if (visit.IsElsewhere)
        {
            states.Add(new("外部の予定と重なる", Tone.Alert, Shape.Near));
        }

        if (visit.IsAway)
        {
            states.Add(VisitLines.OnTheRoad);
        }

        yield return new(
            visit.State == VisitState.Held ? "held" : "visit", visit.Start, JapaneseDate.Time(JapanTime.TimeOf(visit.Start)), $"〜{JapaneseDate.Time(JapanTime.TimeOf(visit.End))}",
            visit.Case is null ? "ほかの窓口の予約" : visit.Organisation ?? "企業・団体名は未確認", visit.Case is { } id ? QueueRows.LinkTo(id) : null,
            visit.Case is null ? null : string.Join("・", new[]
            {
                $"第{visit.Ordinal}回 {VisitWords.Of(visit.Stage)}",
                visit.Mode == VisitMode.Visit ? visit.Place ?? $"{visit.Prefecture}{visit.City}" : visit.Place,
                visit.Together.Count == 0 ? null : $"合同({string.Join("、", visit.Together)})",
            }.Where(part => !string.IsNullOrEmpty(part))),
            CaseWords.Of(visit.Mode), states, visit.State is VisitState.TookPlace or VisitState.NoShow or VisitState.Cancelled);
        if (visit.End < visit.Back && (visit.Mode != VisitMode.Visit || visit.Back - visit.End > Consultation.Experts.Travel.Slack))
        {
            yield return Travel(visit.End, visit.Back, visit.Start, $"{place} → {home}");
        }
    }

    /// <param name="on">A time of the day that shows it; what begins or ends on another day says so, and its minutes would be those of the nights.</param>
    private static AgendaItem Travel(DateTimeOffset from, DateTimeOffset to, DateTimeOffset on, string way)
    {
        var nights = JapanTime.DateOf(to).DayNumber - JapanTime.DateOf(from).DayNumber;
        return new(
            "travel", from, Clock(from, on), $"〜{Clock(to, on)}",
            $"移動 {(nights > 0 ? $"{nights}泊" : $"{(int)(to - from).TotalMinutes}分")}　{way}");
    }

    private static string Clock(DateTimeOffset at, DateTimeOffset on) => $"{JapaneseDate.DayBeside(at, on)} {JapaneseDate.Time(JapanTime.TimeOf(at))}".TrimStart();
}

/// <summary>A link that may be the current one.</summary>
public sealed record PageLink(string Text, string To, bool Current);
