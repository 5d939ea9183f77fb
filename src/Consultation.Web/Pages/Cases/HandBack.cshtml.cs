using System.ComponentModel.DataAnnotations;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Routing;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Cases;

/// <summary>An expert who had accepted gives the track back; the desk writes it down for the expert.</summary>
public sealed class HandBackModel(Dispatcher dispatcher) : CaseActPage(dispatcher)
{
    public string Title { get; private set; } = "";

    public bool IsOwn => Actor.Role == Role.Expert;

    [BindProperty(SupportsGet = true)]
    public string? Offer { get; set; }

    [BindProperty, Display(Name = "返上の理由")]
    public string? Reason { get; set; }

    [BindProperty, Display(Name = "確認の方法")]
    public string? Source { get; set; }

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public async Task<IActionResult> OnPostAsync()
    {
        var offer = OfferId.TryParse(Offer, null, out var held) ? held : throw new NotFound();
        if (await TryAsync(new HandBackTrack(offer, Reason, Source), field => field switch { "source" => "Source", "reason" => "Reason", _ => null }))
        {
            Say("担当を返上しました。窓口が次の専門家を探します。");
            // The expert no longer sees the case.
            return Redirect(IsOwn ? "~/" : QueueRows.LinkTo(Case));
        }

        return await ShowAsync();
    }

    protected override async Task LookAsync()
    {
        await base.LookAsync();
        var track = Full.Tracks.FirstOrDefault(one => one.State == TrackState.Held && one.OfferId?.ToString() == Offer) ?? throw new NotFound();
        Title = IsOwn ? $"担当を返上する({CaseWords.Of(track.Track)})" : $"{track.Expert}の担当の返上を記録する({CaseWords.Of(track.Track)})";
    }
}
