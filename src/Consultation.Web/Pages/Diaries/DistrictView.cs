using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Visits;
using Consultation.Web.Pages.Expert;
using Consultation.Web.Pages.Shared;
using Consultation.Web.Pages.Visits;

namespace Consultation.Web.Pages.Diaries;

/// <summary>
/// One thing of an expert's day. <paramref name="Kind"/> (visit, held, done, absence, way, free) decides its shape, <paramref name="Text"/> says it in words.
/// </summary>
/// <param name="Way">From leaving to being back, where somebody travels.</param>
public sealed record DiaryBlock(string Kind, DateTimeOffset From, DateTimeOffset To, string Text, string? Link, string? Line, string? Way, IReadOnlyList<StateView> States)
{
    public string Time => $"{JapaneseDate.Time(JapanTime.TimeOf(From))}〜{Until}";

    public string Until => JapanTime.DateOf(To) > JapanTime.DateOf(From) ? "24:00" : JapaneseDate.Time(JapanTime.TimeOf(To));
}

/// <summary>A stretch of the bar of a day, in hours since midnight.</summary>
public sealed record BarPart(string Kind, double From, double To);

/// <param name="Off">Why nothing can be there: closed, or not working that day.</param>
public sealed record ExpertDay(DateOnly Date, string? Off, IReadOnlyList<DiaryBlock> Blocks, IReadOnlyList<BarPart> Bar);

public sealed record ExpertRow(string Link, string Name, string Place, Lead Lead, IReadOnlyList<ExpertDay> Days);

public sealed record HeadDay(DateOnly Date, string Link, string? Closed, string? DeskClosed, bool IsToday)
{
    public string Note => string.Join("・", new[] { Closed, DeskClosed is null ? null : $"窓口は休業({DeskClosed})" }.OfType<string>());
}

/// <summary>One line of the same diary as a list.</summary>
public sealed record DiaryLine(DateOnly Date, ExpertRow Expert, DiaryBlock Block);

/// <summary>All experts of a district around one day: a week as a grid, a day with hours, or the week as a list.</summary>
public sealed record DistrictView(
    string Span, string District, string Title, string Period, IReadOnlyList<HeadDay> Days, IReadOnlyList<ExpertRow> Experts, IReadOnlyList<PageLink> Spans, PageLink Previous, PageLink Next, string Today,
    string? More, int FirstHour, int LastHour)
{
    private const int DaysOfWeek = 7;

    public IEnumerable<DiaryLine> Lines => Days
        .SelectMany((day, at) => Experts.SelectMany(expert => expert.Days[at].Blocks.Where(block => block.Kind is not ("free" or "way")).Select(block => new DiaryLine(day.Date, expert, block))))
        .OrderBy(line => line.Block.From).ThenBy(line => line.Expert.Name, StringComparer.Ordinal);

    /// <param name="span">week, day or list.</param>
    public static DistrictView Of(string span, DateOnly on, DateOnly today, DistrictDiary diary)
    {
        string To(DateOnly day, string? of = null) => $"/diaries?district={diary.District}&on={day:yyyy-MM-dd}&span={of ?? span}";
        var step = span == "day" ? 1 : DaysOfWeek;
        // A weekend on which nobody has anything on takes no room.
        var kept = Enumerable.Range(0, diary.Days.Count)
            .Where(at => diary.Days.Count == 1 || diary.Days[at].Date.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) || diary.Experts.Any(e => e.Days[at].Visits.Count + e.Days[at].Journeys.Count > 0)).ToList();
        IReadOnlyList<HeadDay> days = [.. kept.Select(at => diary.Days[at]).Select(day => new HeadDay(day.Date, To(day.Date, "day"), day.Closed, day.DeskClosed, day.Date == today))];
        IReadOnlyList<ExpertRow> rows = [.. diary.Experts.Select(expert => new ExpertRow(
            $"/experts/{expert.Id}/diary?on={on:yyyy-MM-dd}", expert.Name, expert.BasePrefecture, LeadOf(expert.Affiliation), [.. kept.Select(at => DayOf(expert.Days[at], expert))]))];
        var parts = rows.SelectMany(row => row.Days).SelectMany(day => day.Bar).ToList();
        return new(
            span, diary.District, $"{diary.Name}の専門家の予定", days.Count == 1 ? JapaneseDate.Long(on) : $"{JapaneseDate.Long(diary.Days[0].Date)}〜{JapaneseDate.Short(diary.Days[^1].Date)}", days, rows,
            [new("1週間", To(on, "week"), span == "week"), new("1日", To(on, "day"), span == "day"), new("一覧", To(on, "list"), span == "list")],
            new(span == "day" ? "前の日" : "前の週", To(on.AddDays(-step)), false), new(span == "day" ? "次の日" : "次の週", To(on.AddDays(step)), false), To(today),
            diary.Next is null ? null : $"{To(on)}&after={diary.Next}",
            Math.Min(8, parts.Count == 0 ? 8 : (int)Math.Floor(parts.Min(part => part.From))), Math.Max(19, parts.Count == 0 ? 19 : (int)Math.Ceiling(parts.Max(part => part.To))));
    }

    private static Lead LeadOf(Affiliation affiliation) => affiliation switch { Affiliation.Mic => Lead.Mic, Affiliation.Mhlw => Lead.Mhlw, _ => Lead.Both };

    private static ExpertDay DayOf(DiaryDay day, DistrictExpert expert)
    {
        var (begins, ends) = (JapanTime.At(day.Date, TimeOnly.MinValue), JapanTime.At(day.Date.AddDays(1), TimeOnly.MinValue));
        List<DiaryBlock> blocks =
        [
            .. day.Absences.Select(absence => new DiaryBlock("absence", absence.From < begins ? begins : absence.From, absence.To > ends ? ends : absence.To, "不在", null, null, null, [])),
            .. day.Elsewhere.Select(busy => new DiaryBlock("absence", busy.From < begins ? begins : busy.From, busy.To > ends ? ends : busy.To, "外部の予定", null, null, null, [])),
            .. day.Journeys.Select(visit => new DiaryBlock(
                "way", visit.Leave < begins ? begins : visit.Leave, visit.Back > ends ? ends : visit.Back, "移動", null, $"{JapaneseDate.Short(JapanTime.DateOf(visit.Start))}の{Where(visit) ?? "訪問先"}{(visit.Start < begins ? "から" : "へ")}", null, [])),
            .. day.Visits.Select(visit => Block(visit)),
            .. day.Free.Select(free => new DiaryBlock("free", free.From, free.To, "空き", $"/diaries/book?expert={expert.Id}&on={day.Date:yyyy-MM-dd}", null, null, [])),
        ];
        double Hour(DateTimeOffset at) => (at - begins).TotalHours is var hours && hours < 0 ? 0 : Math.Min(hours, 24);
        List<BarPart> bar =
        [
            .. day.Closed is null ? day.Hours.Select(hours => new BarPart("bed", hours.From.ToTimeSpan().TotalHours, hours.To.ToTimeSpan().TotalHours)) : [],
            .. blocks.Where(block => block.Kind == "absence").Select(block => new BarPart("absence", Hour(block.From), Hour(block.To))),
            .. day.Journeys.Select(visit => new BarPart("travel", Hour(visit.Leave), Hour(visit.Back))),
            .. day.Visits.Where(visit => visit.IsAway || visit.State != VisitState.NoShow).SelectMany(visit => new BarPart[]
            {
                new("travel", Hour(visit.Leave), Hour(visit.Start)), new(visit.State == VisitState.Held ? "held" : "busy", Hour(visit.Start), Hour(visit.End)), new("travel", Hour(visit.End), Hour(visit.Back)),
            }).Where(part => part.To > part.From),
        ];
        return new(day.Date, day.Closed ?? (day.Hours.Count == 0 ? "勤務のない曜日" : null), [.. blocks.OrderBy(block => block.From).ThenBy(block => block.To)], bar);
    }

    private static string? Where(DiaryVisit visit) => visit.Mode == VisitMode.Visit ? visit.City ?? visit.Prefecture : null;

    private static DiaryBlock Block(DiaryVisit visit)
    {
        List<StateView> states = visit.State == VisitState.Confirmed ? [] : [VisitLines.Of(visit.State)];
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

        return new(
            visit.State switch { VisitState.Held => "held", VisitState.TookPlace or VisitState.NoShow or VisitState.Cancelled => "done", _ => "visit" }, visit.Start, visit.End,
            visit.Case is null ? "ほかの窓口の予約" : visit.Organisation ?? "企業・団体名は未確認", visit.Case is { } id ? $"{QueueRows.LinkTo(id)}#visits" : null,
            string.Join("・", new[] { CaseWords.Of(visit.Mode), Where(visit), visit.Together.Count == 0 ? null : $"合同({string.Join("、", visit.Together)})" }.OfType<string>()),
            visit.Leave < visit.Start ? $"移動 {Beside(visit.Leave, visit)}〜{Beside(visit.Back, visit)}" : null, states);
    }

    private static string Beside(DateTimeOffset at, DiaryVisit visit) => $"{JapaneseDate.DayBeside(at, visit.Start)}{JapaneseDate.Time(JapanTime.TimeOf(at))}";
}
