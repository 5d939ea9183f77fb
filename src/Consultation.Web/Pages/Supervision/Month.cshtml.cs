using System.Globalization;
using Consultation.CaseLoad;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Reference;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Supervision;

/// <summary>The month's table, to be read and printed.</summary>
public sealed class MonthModel(Dispatcher dispatcher) : SendingPage(dispatcher)
{
    public MonthReport Report { get; private set; } = null!;

    public DateOnly First { get; private set; }

    /// <summary>The months beside this one, from the programme's first to the present one.</summary>
    public IEnumerable<SavedView> Beside => new[] { ("前の月", Report.Month.AddMonths(-1)), ("次の月", Report.Month.AddMonths(1)) }
        .Where(beside => beside.Item2 >= First && beside.Item2 <= JapanTime.DateOf(Report.AsOf)).Select(beside => new SavedView(beside.Item1, PathTo(beside.Item2), false));

    public IReadOnlyList<SavedView> Views => SupervisionViews.Of(Actor, SupervisionViews.Months);

    [BindProperty(SupportsGet = true)]
    public string? Month { get; set; }

    public static string PathTo(DateOnly month) => string.Create(CultureInfo.InvariantCulture, $"{SupervisionViews.Months}/{month:yyyy-MM}");

    /// <summary>Columns of words; all others are figures.</summary>
    public static bool IsWord(string head) => head is "区分" or "省" or "専門家" or "方法" or "手段" or "結果" or "種類";

    public async Task OnGetAsync()
    {
        DateOnly? month = Month is null ? null
            : DateOnly.TryParseExact(Month, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var read) && read.Year is >= 2019 and <= 2045 ? read
            : throw new NotFound();
        Report = await AskAsync(new ReportMonth(month));
        First = await AskAsync(new FindFirstMonth()) ?? Report.Month;
    }
}
