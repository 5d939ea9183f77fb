using System.ComponentModel.DataAnnotations;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Expert;

/// <summary>What the expert was sent, and how letters that are not urgent come.</summary>
public sealed class MyMailModel(Dispatcher dispatcher) : ExpertMailPage(dispatcher)
{
    private const string Daily = "daily";

    public static readonly IReadOnlyList<Choice> Ways =
    [
        new("once", "そのつど受け取る"),
        new(Daily, "急ぎでないものは1日1通にまとめる", "受付日の朝に届きます。打診・予約・変更・遅れなど急ぐものは、そのつど届きます。"),
    ];

    [BindProperty, Display(Name = "受け取り方")]
    public string? Way { get; set; }

    private ExpertId Self => Actor.Expert ?? throw new Forbidden();

    public Task OnGetAsync() => ShowAsync();

    public async Task<IActionResult> OnPostAsync()
    {
        if (Ways.All(way => way.Value != Way))
        {
            ModelState.AddModelError("Way", "受け取り方を選んでください。");
        }
        else if (await TryAsync(new ChooseMailDigest(Self, Way == Daily), _ => "Way", released => Say(released > 0 ? $"受け取り方を保存しました。まとめていた{released}通を送ります。" : "受け取り方を保存しました。")))
        {
            return RedirectToPage();
        }

        await ShowAsync();
        return Page();
    }

    private async Task ShowAsync()
    {
        await LookAsync(Self, "/my-mail");
        Way ??= Mail.Daily ? Daily : Ways[0].Value;
    }
}
