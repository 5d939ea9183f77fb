using System.ComponentModel.DataAnnotations;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Staff;
using Consultation.Web.Pages.Settings.People;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Settings.Tokens;

/// <summary>Issues a key of the API for an integration; shown this once.</summary>
public sealed class NewModel(Dispatcher dispatcher, DeskBook desks) : SendingPage(dispatcher)
{
    public PersonChoices Choosing { get; private set; } = null!;

    public string? Issued { get; private set; }

    [BindProperty, Display(Name = "名前")]
    public string? Name { get; set; }

    [BindProperty, Display(Name = "役割")]
    public string? Role { get; set; }

    [BindProperty, Display(Name = "窓口")]
    public string? Desk { get; set; }

    [BindProperty, Display(Name = "専門家")]
    public string? Expert { get; set; }

    [BindProperty, Display(Name = "使える日数")]
    public string? Days { get; set; }

    public Task<IActionResult> OnGetAsync()
    {
        Days = "365";
        return ShowAsync();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var form = new PersonForm { Role = Role, Desk = Desk, Expert = Expert };
        var days = Typed.Number(Days);
        // A number that cannot be read is out of every range; a key of the API is never made twice, so the form carries no key.
        await TryAsync(
            new CreateToken(form.ReadRole(), form.DeskSlug, form.ExpertId, Name ?? "", (int)Math.Clamp(days ?? 0, 0, int.MaxValue)), FieldOf, created => Issued = created.Token);
        return await ShowAsync();
    }

    private static string? FieldOf(string field) => field switch
    {
        "name" or "role" or "expert" or "desk" => char.ToUpperInvariant(field[0]) + field[1..],
        "deskSlug" => "Desk",
        "lifetimeDays" => "Days",
        _ => null,
    };

    private async Task<IActionResult> ShowAsync()
    {
        Choosing = PersonChoices.Of(await desks.ReadAsync(HttpContext.RequestAborted), await AskAsync(new ListExpertNames()));
        return Page();
    }
}
