using System.ComponentModel.DataAnnotations;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Web.Pages.Cases;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Supervision;

/// <summary>The supervisor lets nobody ask an expert anew, or lets offers go on.</summary>
public sealed class OffersModel(Dispatcher dispatcher) : SendingPage(dispatcher)
{
    public OffersToExpert Expert { get; private set; } = null!;

    public string Cases => CaseLists.PathTo(new(Open: true, Expert: Id));

    [BindProperty(SupportsGet = true)]
    public ExpertId Id { get; set; }

    [BindProperty, Display(Name = "止める理由")]
    public string? Reason { get; set; }

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public async Task<IActionResult> OnPostAsync() =>
        await TryAsync(new StopOffers(Id, Reason), _ => "Reason", expert => Say($"{expert.Name}への新しい打診を止めました。")) ? RedirectToPage() : await ShowAsync();

    public async Task<IActionResult> OnPostLetGoAsync() =>
        await TryAsync(new LetOffersGo(Id), _ => null, expert => Say($"{expert.Name}への打診を再開しました。")) ? RedirectToPage() : await ShowAsync();

    private async Task<IActionResult> ShowAsync()
    {
        Expert = await AskAsync(new FindOffersToExpert(Id));
        return Page();
    }
}
