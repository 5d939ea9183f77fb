using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Experts;

/// <summary>Changes an expert's card; a colleague's change in between is not overwritten.</summary>
public sealed class EditModel(Dispatcher dispatcher) : SendingPage(dispatcher)
{
    public ExpertView Card { get; private set; } = null!;

    [BindProperty(SupportsGet = true)]
    public string Id { get; set; } = "";

    [BindProperty]
    public ExpertInput Input { get; set; } = new();

    [BindProperty]
    public int? Version { get; set; }

    private ExpertId Expert => ExpertId.TryParse(Id, null, out var id) ? id : throw new NotFound();

    public async Task<IActionResult> OnGetAsync()
    {
        Demand(Permission.ManageExperts);
        Card = await AskAsync(new GetExpert(Expert));
        ExpertAccess.DemandKeeping(Actor, Card.Prefecture);
        Input = ExpertInput.Of(Card);
        Version = Card.Version;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var edit = Input.Read(Expert, ModelState);
        if (ModelState.IsValid && await TryAsync(edit, ExpertInput.FieldOf, view => Say($"{view.Name}さんの登録内容を保存しました。"), version: Version))
        {
            return Redirect($"/experts/{Expert}");
        }

        Card = await AskAsync(new GetExpert(Expert));
        return Page();
    }
}
