using Consultation.Handover;
using Consultation.Messaging;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Handovers;

/// <summary>Makes a hand-over for the next absence of an expert; a proposal is an act of its own, so that looking at a page changes nothing.</summary>
public sealed class ProposeModel(Dispatcher dispatcher) : SendingPage(dispatcher)
{
    [BindProperty(SupportsGet = true)]
    public ExpertId Id { get; set; }

    public IActionResult OnGet() => Redirect($"/experts/{Id}");

    public async Task<IActionResult> OnPostAsync()
    {
        var path = "";
        return await TryAsync(new ProposeHandover(Id), _ => null, made => path = PlanModel.PathTo(made.Id)) ? Redirect(path) : Page();
    }
}
