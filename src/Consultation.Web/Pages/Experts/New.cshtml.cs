using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Experts;

/// <summary>Takes an expert into the list.</summary>
public sealed class NewModel(Dispatcher dispatcher) : SendingPage(dispatcher)
{
    [BindProperty]
    public ExpertInput Input { get; set; } = ExpertInput.Blank();

    [BindProperty]
    public string? Key { get; set; }

    public void OnGet()
    {
        Demand(Permission.ManageExperts);
        Key = NewFormKey();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var typed = Input.Read(default, ModelState);
        var create = new CreateExpert(
            typed.Name, typed.Affiliation, typed.Prefecture, typed.DisplayTitle, typed.Email, typed.Phone, typed.Capacity, typed.Nationwide,
            typed.Districts is { Count: > 0 } ? typed.Districts : null, typed.Prefectures is { Count: > 0 } ? typed.Prefectures : null, typed.Modes, typed.Topics, typed.Industries, typed.TermFrom, typed.TermTo,
            OwnClients: typed.OwnClients);
        ExpertView? made = null;
        return ModelState.IsValid && await TryAsync(create, ExpertInput.FieldOf, view => made = view, Key) ? Added(made!) : Page();
    }

    private RedirectResult Added(ExpertView made)
    {
        Say($"{made.Name}さんを登録しました。");
        return Redirect($"/experts/{made.Id}");
    }
}
