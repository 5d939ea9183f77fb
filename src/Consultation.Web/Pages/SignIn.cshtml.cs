using Consultation.Web.SignIn;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Consultation.Web.Pages;

/// <summary>
/// One answer for every refusal, in about the same time: neither words nor clock tell whether an account exists or is locked.
/// </summary>
[AllowAnonymous]
[EnableRateLimiting(SignInSetup.RateLimit)]
public sealed class SignInModel(SignInManager<Account> signIn, KeptForms forms, ILogger<SignInModel> log) : PageModel
{
    private static readonly Account Nobody = new();
    private static readonly string NobodysHash = new PasswordHasher<Account>().HashPassword(Nobody, Accounts.NewPassword());

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
        var password = Password ?? "";
        var account = string.IsNullOrWhiteSpace(UserName) || UserName.Contains('\0') || UserName.Length > 256
            ? null
            : await signIn.UserManager.FindByNameAsync(UserName.Trim());
        if (account is null)
        {
            signIn.UserManager.PasswordHasher.VerifyHashedPassword(Nobody, NobodysHash, password);
        }
        else if ((await signIn.PasswordSignInAsync(account, password, isPersistent: false, lockoutOnFailure: true)).Succeeded)
        {
            log.LogInformation("Account {Account} signed in", account.Id);
            await forms.KeepAsync(Kept, account.Id, HttpContext);
            return Onward();
        }

        log.LogWarning("Sign-in refused for account {Account}", account?.Id);
        Refused = true;
        Password = null;
        return Page();
    }

    private LocalRedirectResult Onward() => LocalRedirect(Url.IsLocalUrl(ReturnUrl) ? ReturnUrl! : "/");
}
