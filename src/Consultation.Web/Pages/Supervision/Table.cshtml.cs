using System.ComponentModel.DataAnnotations;
using Consultation.CaseLoad;
using Consultation.Messaging;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Supervision;

/// <summary>The whole case load as a table, by whatever one asks; everything that narrows it lives in the address.</summary>
public sealed class TableModel(Dispatcher dispatcher) : SendingPage(dispatcher)
{
    public LoadTableView? Table { get; private set; }

    public CaseLoadView? Load { get; private set; }

    public IReadOnlyList<SavedView> Views => SupervisionViews.Of(Actor, SupervisionViews.Table);

    public IReadOnlyList<Choice> Kinds { get; } = [.. Enum.GetValues<CaseLoadBy>().Select(by => Choices.Of(by, LoadTableView.HeadOf(by)))];

    [BindProperty(SupportsGet = true), Display(Name = "内訳")]
    public string By { get; set; } = nameof(CaseLoadBy.Ministry);

    [BindProperty(SupportsGet = true), Display(Name = "実施の期間の初日")]
    public DayInput From { get; set; } = new();

    [BindProperty(SupportsGet = true), Display(Name = "実施の期間の最終日")]
    public DayInput To { get; set; } = new();

    public async Task OnGetAsync()
    {
        var by = Choices.Read<CaseLoadBy>(By) ?? CaseLoadBy.Ministry;
        By = by.ToString();
        if (Wrong("From", From) | Wrong("To", To) || !await TryAsync(new GetCaseLoad(by, From.Read(), To.Read()), field => field == "from" ? "From" : "To", load => Load = load))
        {
            Load = await AskAsync(new GetCaseLoad(by));
        }

        Table = LoadTableView.Of(Load!, new(Actor), isLong: true);
    }

    private bool Wrong(string name, DayInput day)
    {
        var wrong = !day.IsEmpty && day.Read() is null;
        if (wrong)
        {
            ModelState.AddModelError(name, "暦にある日付を入力してください。");
        }

        return wrong;
    }
}
