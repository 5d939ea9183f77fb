using System.ComponentModel.DataAnnotations;
using Consultation.CalendarChange;
using Consultation.Messaging;
using Consultation.Web.Pages.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Settings;

/// <summary>
/// A change of one day: what moves is shown first, then done in one command. What was not looked at is not done. The fields of a page that inherits stand
/// between day and reason (<c>Order</c>).
/// </summary>
public abstract class DayChangePage(Dispatcher dispatcher, DeskClock clock) : SendingPage(dispatcher)
{
    public IReadOnlyList<Choice> Desks { get; private set; } = [];

    public DayPreview? Preview { get; private set; }

    [BindProperty, Display(Name = "日付", Order = 1)]
    public DayInput On { get; set; } = new();

    [BindProperty, Display(Name = "窓口", Order = 2)]
    public string? Desk { get; set; }

    [BindProperty, Display(Name = "理由", Order = 4)]
    public string? Reason { get; set; }

    /// <summary>What the preview on the page was about.</summary>
    [BindProperty]
    public string? Seen { get; set; }

    protected string? DeskOrAll => string.IsNullOrEmpty(Desk) ? null : Desk;

    /// <summary>Everything that decides what moves.</summary>
    protected abstract string Asked { get; }

    protected abstract IRequest<DayPreview> Look { get; }

    protected abstract Task<bool> ChangeAsync();

    public Task OnGetAsync() => ListDesksAsync();

    public async Task<IActionResult> OnPostLookAsync()
    {
        await ListDesksAsync();
        await PreviewAsync();
        return Page();
    }

    public async Task<IActionResult> OnPostChangeAsync()
    {
        await ListDesksAsync();
        if (Seen != Asked)
        {
            await PreviewAsync();
            return Page();
        }

        return IsRead() && await ChangeAsync() ? Redirect($"/settings/calendar?year={On.Read()!.Value.Year}") : Page();
    }

    /// <summary>Names what could not be read.</summary>
    protected virtual void Read()
    {
        if (!On.IsEmpty && On.Read() is null)
        {
            ModelState.AddModelError("On", "2026年12月24日のように、暦にある日付を入力してください。");
        }
    }

    /// <summary>A field of the request is called as the property is.</summary>
    protected static string? FieldOf(string field) =>
        field[(field.LastIndexOf('.') + 1)..] is ("on" or "desk" or "opens" or "closes" or "lunchFrom" or "lunchTo" or "reason") and var name ? char.ToUpperInvariant(name[0]) + name[1..] : null;

    private bool IsRead()
    {
        Read();
        return ModelState.IsValid;
    }

    private async Task PreviewAsync()
    {
        ModelState.Remove(nameof(Seen));
        Seen = null;
        if (IsRead() && await TryAsync(Look, FieldOf, preview => Preview = preview))
        {
            Seen = Asked;
        }
    }

    private async Task ListDesksAsync()
    {
        var days = await AskAsync(new ListClosedDays(Reference.JapanTime.DateOf(clock.Now).Year));
        Desks = [new("", "すべての窓口"), .. days.Desks.Select(desk => new Choice(desk.Slug, desk.Name))];
    }
}

/// <summary>A decision about a coming day is taken back; what moves is shown first.</summary>
public abstract class DayTakenBackPage(Dispatcher dispatcher) : SendingPage(dispatcher)
{
    public DayPreview? Preview { get; private set; }

    [BindProperty(SupportsGet = true)]
    public string? Id { get; set; }

    protected abstract IRequest<DayPreview> Look { get; }

    protected abstract Task<bool> TakeBackAsync();

    public Task OnGetAsync() => TryAsync(Look, _ => null, preview => Preview = preview);

    public async Task<IActionResult> OnPostAsync() => await TakeBackAsync() ? Redirect("/settings/calendar") : Page();
}
