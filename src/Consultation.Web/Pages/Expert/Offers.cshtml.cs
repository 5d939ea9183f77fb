using System.ComponentModel.DataAnnotations;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Routing;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Expert;

/// <summary>The offers that wait for the expert's answer.</summary>
public sealed class OffersModel(Dispatcher dispatcher, DeskClock clock) : SendingPage(dispatcher)
{
    public DateTimeOffset Now => clock.Now;

    public IReadOnlyList<OfferCard> Offers { get; private set; } = [];

    [BindProperty]
    public string? Offer { get; set; }

    [BindProperty, Display(Name = "辞退の理由")]
    public string? Reason { get; set; }

    private OfferId Asked => OfferId.TryParse(Offer, null, out var id) ? id : throw new NotFound();

    public Task<IActionResult> OnGetAsync() => LookAsync();

    public async Task<IActionResult> OnPostAcceptAsync()
    {
        OfferResult? accepted = null;
        if (!await TryAsync(new AcceptOffer(Asked), _ => null, result => accepted = result))
        {
            return await LookAsync();
        }

        Say("受諾しました。次は日程を決めてください。");
        return Redirect(QueueRows.LinkTo(accepted!.Case));
    }

    public async Task<IActionResult> OnPostDeclineAsync() =>
        await TryAsync(new DeclineOffer(Asked, Reason), field => field == "reason" ? "Reason" : null, _ => Say("辞退しました。窓口がほかの専門家を探します。")) ? RedirectToPage() : await LookAsync();

    private async Task<IActionResult> LookAsync()
    {
        var cards = new List<OfferCard>();
        foreach (var offer in (await AskAsync(new ListOffers())).Items)
        {
            cards.Add(new(
                offer.Id.ToString(), QueueRows.LinkTo(offer.Case), offer.Number, offer.Organisation ?? "企業・団体名は未確認", FactsOf(offer), CaseSigns.Of(offer.Track),
                CaseSigns.Topics(offer.Topics),
                await clock.OfAsync("返事の期限", offer.RespondBy, byHours: false, offer.Why, Prefectures.Find(offer.PrefectureCode)?.District.Slug ?? "national", HttpContext.RequestAborted),
                offer.Contact is { Name: { } name } contact ? $"{name} {contact.Role}" : null, offer.Consented));
        }

        Offers = cards;
        return Page();
    }

    private static string FactsOf(OfferView offer) => string.Join("・", new[]
    {
        offer.Prefecture is null ? "所在地は未確認" : $"{offer.Prefecture}{offer.City}",
        Industries.Find(offer.Industry)?.Name,
        offer.Employees is { } employees ? $"{employees:N0}人" : null,
        offer.PreferredMode is { } mode ? $"{CaseWords.Of(mode)}を希望" : null,
        offer.TeleworkStatus == TeleworkStatus.Unknown ? null : CaseWords.Of(offer.TeleworkStatus),
    }.OfType<string>());
}
