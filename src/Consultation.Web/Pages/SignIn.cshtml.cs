using Consultation.Web.SignIn;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Consultation.Web.Pages;

/// <summary>One answer for every refusal (<see cref="FrontDoor"/>).</summary>
[AllowAnonymous]
[EnableRateLimiting(SignInSetup.RateLimit)]
public sealed class SignInModel(FrontDoor door, KeptForms forms) : PageModel
{
    public const string NameKept = "UserName";

    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    [BindProperty]
    public string? UserName { get; set; }

    [BindProperty]
    public string? Password { get; set; }

    /// <summary>What was typed before the session ended, sealed; goes along until somebody has signed in.</summary>
    [BindProperty]
    public string? Kept { get; set; }

    public bool Refused { get; private set; }

    public IActionResult OnGet()
    {
        Kept = KeptForms.Of(HttpContext);
        return CurrentActor.Of(HttpContext) is null ? Page() : Onward();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var (answer, account) = await door.EnterAsync(UserName, Password, HttpContext.RequestAborted);
        if (account is { } known)
        {
            await forms.KeepAsync(Kept, known, HttpContext);
        }

        switch (answer)
        {
            case DoorAnswer.Welcome:
                return Onward();
            case DoorAnswer.MustChoosePassword:
                // A name is an address and has no place in a URL.
                TempData[NameKept] = UserName;
                return RedirectToPage("/NewPassword", new { ReturnUrl });
            default:
                Refused = true;
                Password = null;
                return Page();
        }
    }

    private LocalRedirectResult Onward() => LocalRedirect(Url.IsLocalUrl(ReturnUrl) ? ReturnUrl! : "/");
}
