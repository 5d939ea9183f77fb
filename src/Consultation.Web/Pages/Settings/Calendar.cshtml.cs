using Consultation.CalendarChange;
using Consultation.Messaging;
using Consultation.Staff;
using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Settings;

/// <summary>The closed days of a year: national ones, forecasts marked, and the desks' own.</summary>
public sealed class CalendarModel(Dispatcher dispatcher, DeskClock clock) : SendingPage(dispatcher)
{
    public ClosedDays Days { get; private set; } = null!;

    public IReadOnlyList<int> Years { get; private set; } = [];

    public async Task OnGetAsync(int? year)
    {
        var current = Reference.JapanTime.DateOf(clock.Now).Year;
        Days = await AskAsync(new ListClosedDays(year ?? current));
        Years = [.. Enumerable.Range(current - 1, 4).Append(Days.Year).Distinct().Order()];
    }

    public static string SourceOf(HolidayTableRow table) => table.Source == HolidaySource.Shipped ? "製品に付いている表" : $"内閣府のファイル{(table.FileName is null ? "" : $"（{table.FileName}）")}";

    public static StateView StateOf(NationalDay day) => day.IsForecast ? new("予測（未確定）", Tone.Warn, Shape.Open) : new("確定", Tone.Ok, Shape.Done);
}
