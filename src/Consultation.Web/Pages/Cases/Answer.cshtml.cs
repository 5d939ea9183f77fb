using System.ComponentModel.DataAnnotations;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Routing;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Cases;

/// <summary>Takes down an expert's answer to an offer, with how it is known.</summary>
public sealed class AnswerModel(Dispatcher dispatcher) : CaseActPage(dispatcher)
{
    public static readonly IReadOnlyList<Choice> Answers = [new("accept", "受諾"), new("decline", "辞退")];

    public string? Expert { get; private set; }

    [BindProperty(SupportsGet = true)]
    public string? Offer { get; set; }

    [BindProperty, Display(Name = "返事")]
    public string? Answer { get; set; }

    [BindProperty, Display(Name = "確認の方法")]
    public string? Source { get; set; }

    [BindProperty, Display(Name = "辞退の理由")]
    public string? Reason { get; set; }

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public async Task<IActionResult> OnPostAsync()
    {
        var offer = OfferId.TryParse(Offer, null, out var asked) ? asked : throw new NotFound();
        switch (Answer)
        {
            case "accept":
                return await DoAsync(new AcceptOffer(offer, Source), FieldOf, "受諾を記録しました。");
            case "decline":
                return await DoAsync(new DeclineOffer(offer, Reason, Source), FieldOf, "辞退を記録しました。受付順は元のままです。");
            default:
                ModelState.AddModelError("Answer", "受諾か辞退を選んでください。");
                return await ShowAsync();
        }
    }

    protected override async Task LookAsync()
    {
        await base.LookAsync();
        Expert = Full.Tracks.FirstOrDefault(track => track.OfferId?.ToString() == Offer)?.Expert ?? "専門家";
    }

    private static string? FieldOf(string field) => field switch { "source" => "Source", "reason" => "Reason", _ => null };
}
