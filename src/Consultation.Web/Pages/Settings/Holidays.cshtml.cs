using System.ComponentModel.DataAnnotations;
using Consultation.CalendarChange;
using Consultation.Messaging;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Settings;

/// <summary>
/// The next version of the national holidays from 内閣府's file: what changes and what moves is shown first. Between the two steps the file stays in
/// the form, so that exactly what was looked at is published.
/// </summary>
public sealed class HolidaysModel(Dispatcher dispatcher, DeskClock clock) : SendingPage(dispatcher)
{
    public HolidayTableRow InForce { get; private set; } = null!;

    public HolidaysPreview? Preview { get; private set; }

    [BindProperty, Display(Name = "祝日の表のファイル（.csv）")]
    public IFormFile? Upload { get; set; }

    /// <summary>The file that was looked at, as Base64.</summary>
    [BindProperty]
    public string? Kept { get; set; }

    [BindProperty]
    public string? FileName { get; set; }

    /// <summary>The version that was in force then.</summary>
    [BindProperty]
    public int? Base { get; set; }

    public Task OnGetAsync() => LookAsync();

    public async Task<IActionResult> OnPostLookAsync()
    {
        await LookAsync();
        var file = await BytesAsync();
        await PreviewAsync(file, Shown(Upload?.FileName));
        return Page();
    }

    public async Task<IActionResult> OnPostPublishAsync()
    {
        await LookAsync();
        var file = Bytes(Kept);
        if (await TryAsync(new ImportHolidays(file, Shown(FileName), Base), FieldOf, done => Say($"祝日の表を第{done.Version}版にしました。{done.OfficialUntil}年まで確定です。{done.Moved}件の日付を数え直しました。")))
        {
            return Redirect("/settings/calendar");
        }

        // What moves by the newer table is to be seen first.
        if (Base != InForce.Version)
        {
            await PreviewAsync(file, Shown(FileName));
        }

        return Page();
    }

    private async Task PreviewAsync(byte[]? file, string? name)
    {
        ModelState.Remove(nameof(Kept));
        ModelState.Remove(nameof(FileName));
        ModelState.Remove(nameof(Base));
        if (await TryAsync(new PreviewHolidays(file), FieldOf, preview => Preview = preview))
        {
            (Kept, FileName) = (Convert.ToBase64String(file!), name);
        }
    }

    private async Task LookAsync() => InForce = (await AskAsync(new ListClosedDays(Reference.JapanTime.DateOf(clock.Now).Year))).Tables[0];

    /// <summary>Never more than is refused anyway.</summary>
    private async Task<byte[]?> BytesAsync()
    {
        if (Upload is null)
        {
            return null;
        }

        await using var sent = Upload.OpenReadStream();
        var bytes = new byte[Math.Min(Upload.Length, HolidayFile.MostBytes + 1)];
        await sent.ReadExactlyAsync(bytes, HttpContext.RequestAborted);
        return bytes;
    }

    private static byte[]? Bytes(string? kept)
    {
        var bytes = new byte[HolidayFile.MostBytes + 1];
        return kept is not null && Convert.TryFromBase64String(kept, bytes, out var length) ? bytes[..length] : null;
    }

    /// <summary>The name alone, as somebody will read it among the versions.</summary>
    private static string? Shown(string? name)
    {
        var last = new string([.. (name ?? "").Split('/', '\\')[^1].Where(c => !char.IsControl(c))]);
        return last.Length == 0 ? null : last.Length <= 60 ? last : last[..60];
    }

    private static string? FieldOf(string field) => field == "file" ? "Upload" : null;
}
