using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Staff;
using Consultation.Web.Pages.Shared;
using Consultation.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Consultation.Web.Pages.Settings.People;

/// <summary>One person: who they are, what they may do, whether they may at all, and how they come in.</summary>
public sealed class PersonModel(Dispatcher dispatcher, DeskBook desks, Accounts accounts) : SendingPage(dispatcher)
{
    public PersonView Person { get; private set; } = null!;

    public PersonChoices Choosing { get; private set; } = null!;

    public DoorState? Door { get; private set; }

    /// <summary>Shown this once and kept nowhere.</summary>
    public IssuedSecret? Issued { get; private set; }

    [BindProperty(SupportsGet = true)]
    public string Id { get; set; } = "";

    [BindProperty]
    public PersonForm Input { get; set; } = new();

    [BindProperty]
    public int Version { get; set; }

    public bool Stale => WasStale;

    private StaffId Staff => StaffId.TryParse(Id, null, out var id) ? id : throw new NotFound();

    public async Task<IActionResult> OnGetAsync()
    {
        await LookAsync();
        return Fresh();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (await TryAsync(new ChangePerson(Staff, Input.Name, Input.Address, Input.ReadRole(), Input.DeskSlug, Input.ExpertId, Input.Organisation), PersonForm.FieldOf, version: Version))
        {
            return Back("変更を保存しました。");
        }

        await LookAsync();
        // What was typed stays; saving once more says that it holds against the colleague's change, which is shown above the form.
        if (WasStale)
        {
            ModelState.Remove("Version");
            Version = Person.Version;
        }

        return Page();
    }

    public Task<IActionResult> OnPostRetireAsync() => ActAsync(new RetirePerson(Staff), "利用を停止しました。この人の画面とアクセストークンは、5秒以内にすべて終わります。");

    public Task<IActionResult> OnPostReinstateAsync() => ActAsync(new ReinstatePerson(Staff), "利用を再開しました。");

    public async Task<IActionResult> OnPostSecretAsync()
    {
        ModelState.Clear();
        await TryAsync(new IssueSecret(Staff), _ => null, issued => Issued = issued);
        await LookAsync();
        return Fresh();
    }

    protected override string? FieldOfRule(RuleViolation refused) => refused.Code switch
    {
        "staff.email_taken" or "staff.no_user_name" or "account.user_name_taken" => "Input.Email",
        "staff.no_such_expert" => "Input.Expert",
        "staff.last_administrator" => "Input.Role",
        _ => null,
    };

    private async Task<IActionResult> ActAsync(MediatR.IRequest<StaffId> act, string done)
    {
        ModelState.Clear();
        if (await TryAsync(act, _ => null))
        {
            return Back(done);
        }

        await LookAsync();
        return Fresh();
    }

    private RedirectResult Back(string done)
    {
        Say(done);
        return Redirect($"/settings/people/{Staff}");
    }

    private PageResult Fresh()
    {
        Input = PersonForm.Of(Person);
        Version = Person.Version;
        return Page();
    }

    private async Task LookAsync()
    {
        Person = await AskAsync(new GetPerson(Staff));
        Choosing = PersonChoices.Of(await desks.ReadAsync(HttpContext.RequestAborted), await AskAsync(new ListExpertNames()));
        Door = await accounts.StateOfAsync(Staff, HttpContext.RequestAborted);
    }
}
