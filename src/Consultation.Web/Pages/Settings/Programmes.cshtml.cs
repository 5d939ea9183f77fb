using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Settings;

/// <summary>
/// The programme's years. One organisation's ledger stays with the desk: it names cases and visits, which who administers does not see.
/// </summary>
public sealed class ProgrammesModel(Dispatcher dispatcher) : SendingPage(dispatcher)
{
    public static readonly StateView Current = new("今年度", Tone.Info, Shape.Accepted);

    public IReadOnlyList<ProgrammeYearRow> Years { get; private set; } = [];

    public async Task OnGetAsync() => Years = await AskAsync(new ListProgrammeYears());

    public async Task<IActionResult> OnPostAsync()
    {
        OpenedYear? opened = null;
        if (await TryAsync(new OpenNextYear(), _ => null, done => opened = done))
        {
            Say($"{new Reference.FiscalYear(opened!.FiscalYear).Label}を作りました。日付と回数を確かめてください。");
            return Redirect($"/settings/programmes/{opened.Id}");
        }

        await OnGetAsync();
        return Page();
    }

    public static string Taken(ProgrammeYearRow year) =>
        year.Taken.Count == 0 ? "まだありません" : string.Join("、", year.Taken.Select(taken => $"{taken.Units}回 {taken.Organisations}者"));
}
