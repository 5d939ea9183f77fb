using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Staff;
using Consultation.Visits;
using Consultation.Web.Host;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Consultation.Web.Pages.Linked;

/// <summary>The client chooses another free time, or tells the desk what would suit.</summary>
[AllowAnonymous, EnableRateLimiting(SecretLinks.RateLimit)]
public sealed class MoveModel(Dispatcher dispatcher, DeskBook desks) : LinkedPage(dispatcher, desks)
{
    /// <summary>With its offset, so that the time zone of the machine makes no difference.</summary>
    private const string SlotFormat = "yyyy-MM-ddTHH:mmzzz";

    public IReadOnlyList<Choice> Slots { get; private set; } = [];

    [BindProperty, Display(Name = "新しい日時")]
    public string? Slot { get; set; }

    [BindProperty, Display(Name = "ご希望の日時")]
    public string? Wish { get; set; }

    public async Task<IActionResult> OnGetAsync() => await ListAsync(await ShowAsync());

    public async Task<IActionResult> OnPostAsync()
    {
        DateTimeOffset? start = DateTimeOffset.TryParseExact(Slot, SlotFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var read) ? read : null;
        return await ListAsync(await ActAsync(new MoveByLink(Secret, start, Seen), _ => "Slot", "日時を変更しました。変更のお知らせをメールでお送りします。"));
    }

    public async Task<IActionResult> OnPostWishAsync() =>
        await ListAsync(await ActAsync(new WishByLink(Secret, Wish), _ => "Wish", "ご希望を窓口に伝えました。担当者からお電話します。いまの予約はそのままです。"));

    protected override string? FieldOfRule(RuleViolation refused) => refused.Code is "visit.taken" or "link.too_soon" ? "Slot" : null;

    private async Task<IActionResult> ListAsync(IActionResult shown)
    {
        if (MayAct && shown is not RedirectResult)
        {
            Slots = [.. (await AskAsync(new ListSlotsByLink(Secret))).Select(s =>
                new Choice(JapanTime.ToJapan(s.Start).ToString(SlotFormat, CultureInfo.InvariantCulture), $"{JapaneseDate.ShortTime(s.Start)}〜{JapaneseDate.Time(JapanTime.TimeOf(s.End))}"))];
        }

        return shown;
    }
}
