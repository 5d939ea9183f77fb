using System.ComponentModel.DataAnnotations;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Staff;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Cases;

/// <summary>Gives a case to another desk.</summary>
public sealed class HandOverModel(Dispatcher dispatcher, DeskBook desks, TimeProvider clock) : CaseActPage(dispatcher)
{
    public IReadOnlyList<Choice> Desks { get; private set; } = [];

    [BindProperty, Display(Name = "引き継ぐ窓口")]
    public string? Desk { get; set; }

    [BindProperty, Display(Name = "理由")]
    public string? Reason { get; set; }

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public async Task<IActionResult> OnPostAsync()
    {
        var name = (await desks.ReadAsync(HttpContext.RequestAborted)).Find(Desk ?? "")?.Name;
        return await DoAsync(new HandOverCase(Case, Desk, Reason), field => field == "desk" ? "Desk" : "Reason", $"{name}へ引き継ぎました。");
    }

    protected override async Task LookAsync()
    {
        await base.LookAsync();
        var book = await desks.ReadAsync(HttpContext.RequestAborted);
        Desks = [new("", "選んでください"), .. book.Desks.Where(desk => desk.Name != Full.Desk && desk.IsInForceOn(JapanTime.DateOf(clock.GetUtcNow()))).Select(desk => new Choice(desk.Slug, desk.Name))];
    }
}
