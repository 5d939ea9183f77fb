using System.ComponentModel.DataAnnotations;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.Experts.Outside;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Visits;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Expert;

/// <summary>A stretch of a working day as typed; both empty where there is none.</summary>
public sealed class StretchInput
{
    public string? From { get; set; }

    public string? To { get; set; }

    /// <summary>The only ways of consulting in that time, as codes joined by "+"; empty for all that the expert offers.</summary>
    public string? Modes { get; set; }

    public static StretchInput Of(TimeOnly from, TimeOnly to, IReadOnlyList<VisitMode>? modes) =>
        new() { From = JapaneseDate.Time(from), To = JapaneseDate.Time(to), Modes = string.Join('+', (modes ?? []).Order()) };

    public IReadOnlyList<VisitMode>? ReadModes() =>
        string.IsNullOrEmpty(Modes) ? null : [.. Modes.Split('+').Select(Choices.Read<VisitMode>).OfType<VisitMode>().Distinct()];

    public bool IsEmpty => string.IsNullOrWhiteSpace(From) && string.IsNullOrWhiteSpace(To);
}

/// <summary>The stretches of one weekday.</summary>
public sealed class WeekdayInput
{
    public List<StretchInput> Parts { get; set; } = [];
}

/// <summary>A day with hours of its own.</summary>
public sealed record OwnDayLine(string Date, string Day, string Hours);

/// <summary>An absence that is not over yet.</summary>
public sealed record AbsenceLine(string Id, string Period, string Reason, bool Running);

/// <summary>A visit that stands in an absence.</summary>
public sealed record ClashView(string When, string Words, string? Link);

/// <summary>Weekly pattern, ways of consulting and leave of one expert; for the expert, and for those who keep the list.</summary>
public abstract class AvailabilityPage(Dispatcher dispatcher, DeskClock clock) : SendingPage(dispatcher)
{
    private const int FewestParts = 2;
    private const int MostBytes = 1_000_001;

    /// <summary>Monday first, as people read a week.</summary>
    public static readonly IReadOnlyList<DayOfWeek> Weekdays =
        [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday, DayOfWeek.Saturday, DayOfWeek.Sunday];

    public static readonly IReadOnlyList<Choice> ModeChoices = [.. Enum.GetValues<VisitMode>().Select(Choices.Of)];

    /// <summary>Which ways a stretch may be narrowed to.</summary>
    public static readonly IReadOnlyList<Choice> StretchModes =
    [
        new("", "どの方法でも"),
        .. new VisitMode[][] { [VisitMode.Visit], [VisitMode.Web], [VisitMode.Phone], [VisitMode.Visit, VisitMode.Web], [VisitMode.Visit, VisitMode.Phone], [VisitMode.Web, VisitMode.Phone] }
            .Select(modes => new Choice(string.Join('+', modes.Order()), $"{string.Join("・", modes.Select(CaseWords.Of))}だけ")),
    ];

    public DateTimeOffset Now => clock.Now;

    public ExpertView Card { get; private set; } = null!;

    public IReadOnlyList<AbsenceLine> Absences { get; private set; } = [];

    public IReadOnlyList<OwnDayLine> OwnDays { get; private set; } = [];

    public ExpertCalendars Calendars { get; private set; } = null!;

    public IReadOnlyList<ClashView> Clashes { get; private set; } = [];

    [BindProperty]
    public List<WeekdayInput> Week { get; set; } = [];

    [BindProperty, Display(Name = "相談の方法")]
    public List<string> Modes { get; set; } = [];

    /// <summary>The version the pattern was filled from.</summary>
    [BindProperty]
    public int? Version { get; set; }

    [BindProperty, Display(Name = "日付")]
    public DayInput OwnDay { get; set; } = new();

    [BindProperty]
    public List<StretchInput> OwnParts { get; set; } = [];

    [BindProperty, Display(Name = "始まりの日")]
    public DayInput FromDay { get; set; } = new();

    [BindProperty, Display(Name = "始まりの時刻")]
    public string? FromTime { get; set; }

    [BindProperty, Display(Name = "終わりの日")]
    public DayInput ToDay { get; set; } = new();

    [BindProperty, Display(Name = "終わりの時刻")]
    public string? ToTime { get; set; }

    [BindProperty, Display(Name = "理由")]
    public string? Reason { get; set; }

    [BindProperty, Display(Name = "予定表のファイル（.ics）")]
    public IFormFile? CalendarFile { get; set; }

    [BindProperty, Display(Name = "予定表のアドレス（URL）")]
    public string? Address { get; set; }

    [BindProperty]
    public string? Key { get; set; }

    /// <summary>False for a supervisor of another district, who only reads.</summary>
    public bool MayKeep => ExpertAccess.MayKeep(Actor, Card.Prefecture);

    protected abstract ExpertId Whose { get; }

    public static char NameOf(int at) => "月火水木金土日"[at];

    public async Task<IActionResult> OnGetAsync()
    {
        await LookAsync();
        return Page();
    }

    public async Task<IActionResult> OnPostHoursAsync()
    {
        if (Week.Count != Weekdays.Count)
        {
            // A form that lost its week must not clear it.
            throw new InvalidInput("hours", "field.required");
        }

        var hours = new List<WorkingHours>();
        for (var at = 0; at < Weekdays.Count; at++)
        {
            hours.AddRange(ReadParts(Week[at].Parts, $"Week[{at}].Parts", $"{NameOf(at)}曜日の").Select(part => new WorkingHours(Weekdays[at], part.From, part.To, part.Modes)));
        }

        var modes = Modes.Select(Choices.Read<VisitMode>).OfType<VisitMode>().ToList();
        return await DoneAsync(new SetAvailability(Whose, hours, modes), field => field == "modes" ? "Modes" : "Week[0].Parts[0].From", "勤務時間と相談の方法を保存しました。予約済みの相談はそのままです。", Version);
    }

    public async Task<IActionResult> OnPostDayAsync()
    {
        var day = OwnDay.Read();
        if (day is null)
        {
            ModelState.AddModelError("OwnDay", "2026年11月24日のように、暦にある日付を入力してください。");
        }

        var parts = ReadParts(OwnParts, "OwnParts", "");
        if (parts.Count == 0 && ModelState.IsValid)
        {
            ModelState.AddModelError("OwnParts[0].From", "この日の時間を 9:00 のように入力してください。休む日は「不在を登録する」を使います。");
        }

        return await DoneAsync(new SetDayHours(Whose, day, parts), field => field == "date" ? "OwnDay" : "OwnParts[0].From", "その日の勤務時間を登録しました。予約済みの相談はそのままです。");
    }

    public async Task<IActionResult> OnPostUsualAsync(DateOnly? day) => await DoneAsync(new SetDayHours(Whose, day, []), _ => null, "その日を1週間の勤務時間に戻しました。予約済みの相談はそのままです。");

    public async Task<IActionResult> OnPostAbsentAsync()
    {
        var from = FromDay.IsEmpty && string.IsNullOrWhiteSpace(FromTime) ? clock.Now : Read(FromDay, FromTime, "FromDay", "FromTime", TimeOnly.MinValue, 0);
        var to = Read(ToDay, ToTime, "ToDay", "ToTime", TimeOnly.MinValue, 1);
        var added = new AddAbsence(Whose, from, to, Reason);
        return await DoneAsync(added, field => field switch { "from" => "FromDay", "to" => "ToDay", _ => "Reason" }, "不在を登録しました。新しい打診と予約は入りません。", key: Key);
    }

    public async Task<IActionResult> OnPostRemoveAsync(string? absence) => await DoneAsync(
        new RemoveAbsence(Whose, ExpertAbsenceId.TryParse(absence, null, out var id) ? id : throw new NotFound()), _ => null, "不在を取り消しました。");

    public async Task<IActionResult> OnPostCalendarAsync() => await DoneAsync(
        new TakeCalendarFile(Whose, await BytesAsync(CalendarFile)), _ => "CalendarFile", "予定表を読み込みました。予約済みの相談はそのままです。");

    public async Task<IActionResult> OnPostSubscribeAsync() => await DoneAsync(new SubscribeCalendar(Whose, Address), _ => "Address", "予定表の購読を始めました。10分ほどで読み込みます。");

    public async Task<IActionResult> OnPostDropAsync(string? source) => await DoneAsync(
        new DropCalendar(Whose, Choices.Read<CalendarSource>(source) ?? throw new NotFound()), _ => null, "この予定表を使うのをやめました。その時間にも予約が入るようになります。");

    public static string NameOf(ExpertCalendarView calendar) => calendar.Source == CalendarSource.File ? "読み込んだファイル" : $"購読中の予定表({calendar.Host})";

    protected override string? FieldOfRule(RuleViolation refused) => refused.Code == "absence.overlaps" ? "FromDay" : null;

    protected virtual async Task LookAsync()
    {
        Card = await AskAsync(new GetExpert(Whose));
        Absences = [.. Card.Absences.Select(a => new AbsenceLine(a.Id.ToString(), PeriodOf(a), a.Reason, a.From <= clock.Now))];
        OwnDays = [.. Card.Days.GroupBy(day => day.Date).Select(day => new OwnDayLine($"{day.Key:yyyy-MM-dd}", JapaneseDate.Short(day.Key), string.Join("、", day.Select(Words))))];
        Clashes = [.. (await AskAsync(new ListVisitsInAbsence(Whose))).Select(visit => new ClashView(
            $"{JapaneseDate.ShortTime(visit.Start)}〜{JapaneseDate.Time(JapanTime.TimeOf(visit.End))}",
            visit.Case is null ? CaseWords.Of(visit.Mode) : $"{visit.Number} {visit.Organisation ?? "企業・団体名は未確認"}・{CaseWords.Of(visit.Mode)}",
            visit.Case is { } id ? QueueRows.LinkTo(id) : null))];
        Calendars = await AskAsync(new ListCalendars(Whose));
        Key ??= NewFormKey();
        if (Week.Count == 0)
        {
            Version = Card.Version;
            Modes = [.. Card.Modes.Select(mode => mode.ToString())];
            Week = [.. Weekdays.Select(weekday => new WeekdayInput
            {
                Parts = [.. Card.Hours.Where(h => h.Weekday == weekday).Select(h => StretchInput.Of(h.From, h.To, h.Modes))],
            })];
        }

        foreach (var parts in Week.Select(day => day.Parts).Append(OwnParts))
        {
            // One stretch more than there is, so that another can be added.
            while (parts.Count < Math.Max(FewestParts, parts.Count(part => !part.IsEmpty) + 1))
            {
                parts.Add(new());
            }
        }
    }

    /// <summary>9:00〜12:00(Web会議だけ)</summary>
    public static string Words(DayHours hours) => Words(hours.From, hours.To, hours.Modes);

    public static string Words(WorkingHours hours) => Words(hours.From, hours.To, hours.Modes);

    private static string Words(TimeOnly from, TimeOnly to, IReadOnlyList<VisitMode>? modes) =>
        $"{JapaneseDate.Time(from)}〜{JapaneseDate.Time(to)}{(modes is { Count: > 0 } ? $"({string.Join("・", modes.Select(CaseWords.Of))}だけ)" : "")}";

    private async Task<IActionResult> DoneAsync<TResult>(MediatR.IRequest<TResult> request, Func<string, string?> fieldOf, string done, int? version = null, string? key = null)
    {
        if (ModelState.IsValid && await TryAsync(request, fieldOf, _ => Say(done), key, version))
        {
            return Redirect(Request.Path);
        }

        await LookAsync();
        return Page();
    }

    /// <summary>A whole day by its day, part of one day by its hours.</summary>
    private static string PeriodOf(AbsenceView absence)
    {
        var (first, last) = (JapanTime.DateOf(absence.From), JapanTime.DateOf(absence.To.AddTicks(-1)));
        var whole = JapanTime.TimeOf(absence.From) == TimeOnly.MinValue && JapanTime.TimeOf(absence.To) == TimeOnly.MinValue;
        return (whole, first == last) switch
        {
            (true, true) => $"{JapaneseDate.Short(first)} 終日",
            (true, false) => $"{JapaneseDate.Short(first)}〜{JapaneseDate.Short(last)}",
            (false, true) => $"{JapaneseDate.ShortTime(absence.From)}〜{(JapanTime.DateOf(absence.To) == first ? JapaneseDate.Time(JapanTime.TimeOf(absence.To)) : "24:00")}",
            _ => $"{JapaneseDate.ShortTime(absence.From)}〜{JapaneseDate.ShortTime(absence.To)}",
        };
    }

    /// <summary>Never more than is refused anyway.</summary>
    private async Task<byte[]?> BytesAsync(IFormFile? file)
    {
        if (file is null)
        {
            return null;
        }

        await using var sent = file.OpenReadStream();
        var bytes = new byte[Math.Min(file.Length, MostBytes)];
        await sent.ReadExactlyAsync(bytes, HttpContext.RequestAborted);
        return bytes;
    }

    private List<WorkingStretch> ReadParts(IReadOnlyList<StretchInput> parts, string name, string whose)
    {
        var read = new List<WorkingStretch>();
        for (var at = 0; at < parts.Count; at++)
        {
            if (parts[at].IsEmpty)
            {
                continue;
            }

            var (from, to) = (Typed.Time(parts[at].From), Typed.Time(parts[at].To));
            Demand(from is not null, $"{name}[{at}].From", $"{whose}始まり");
            Demand(to is not null, $"{name}[{at}].To", $"{whose}終わり");
            if (from is { } begins && to is { } ends)
            {
                read.Add(new(begins, ends, parts[at].ReadModes()));
            }
        }

        return read;
    }

    private void Demand(bool read, string field, string which)
    {
        if (!read)
        {
            ModelState.AddModelError(field, $"{which}: 9:00 のように入力してください。なければ両方を空欄にします。");
        }
    }

    /// <param name="without">The time where none was typed.</param>
    /// <param name="daysLater">Added to the day where no time was typed: an end without a time is the end of its day.</param>
    private DateTimeOffset? Read(DayInput day, string? time, string dayField, string timeField, TimeOnly without, int daysLater)
    {
        var at = string.IsNullOrWhiteSpace(time) ? without : Typed.Time(time);
        if (at is null)
        {
            ModelState.AddModelError(timeField, "9:00 のように入力してください。");
        }

        if (day.Read() is not { } on)
        {
            ModelState.AddModelError(dayField, "2026年11月24日のように、暦にある日付を入力してください。");
            return null;
        }

        return at is { } hour ? JapanTime.At(string.IsNullOrWhiteSpace(time) ? on.AddDays(daysLater) : on, hour) : null;
    }
}
