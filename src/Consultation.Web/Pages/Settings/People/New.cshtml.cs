using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Staff;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Settings.People;

/// <summary>Enters somebody who may act from now on.</summary>
public sealed class NewModel(Dispatcher dispatcher, DeskBook desks) : SendingPage(dispatcher)
{
    public PersonChoices Choosing { get; private set; } = null!;

    [BindProperty]
    public PersonForm Input { get; set; } = new();

    [BindProperty]
    public string Key { get; set; } = "";

    public async Task<IActionResult> OnGetAsync()
    {
        Key = NewFormKey();
        return await ShowAsync();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        StaffId added = default;
        return await TryAsync(
                new AddPerson(Input.Name ?? "", Input.Address, Input.ReadRole(), Input.DeskSlug, Input.ExpertId, Input.Organisation ?? ""), PersonForm.FieldOf, id => added = id, Key)
            ? Added(added)
            : await ShowAsync();
    }

    protected override string? FieldOfRule(RuleViolation refused) => refused.Code switch
    {
        "staff.email_taken" => "Input.Email",
        "staff.no_such_expert" => "Input.Expert",
        _ => null,
    };

    private RedirectResult Added(StaffId id)
    {
        Say("利用者を登録しました。一時パスワードを発行して、本人に渡してください。");
        return Redirect($"/settings/people/{id}");
    }

    private async Task<IActionResult> ShowAsync()
    {
        Choosing = PersonChoices.Of(await desks.ReadAsync(HttpContext.RequestAborted), await AskAsync(new ListExpertNames()));
        return Page();
    }
}
