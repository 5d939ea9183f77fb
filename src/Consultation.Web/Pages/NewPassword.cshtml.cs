using System.ComponentModel.DataAnnotations;
using Consultation.Messaging;
using Consultation.Web.SignIn;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Consultation.Web.Pages;

/// <summary>Where a person chooses a password of their own, in place of the one they were handed or the one they have.</summary>
[AllowAnonymous]
[EnableRateLimiting(SignInSetup.RateLimit)]
public sealed class NewPasswordModel(FrontDoor door) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    /// <summary>Sent here by the sign-in page, because the password was handed out.</summary>
    public bool HandedOut { get; private set; }

    [BindProperty, Display(Name = "利用者名")]
    public string? UserName { get; set; }

    [BindProperty, Display(Name = "いまのパスワード")]
    public string? Password { get; set; }

    [BindProperty, Display(Name = "新しいパスワード")]
    public string? Chosen { get; set; }

    [BindProperty, Display(Name = "新しいパスワード(もう一度)")]
    public string? Again { get; set; }

    public void OnGet()
    {
        UserName = TempData[SignInModel.NameKept] as string;
        HandedOut = UserName is not null;
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var chosen = Chosen ?? "";
        Demand("Chosen", chosen.Length is < Account.PasswordLength or > 256, Texts.Of("account.password_too_short", Account.PasswordLength));
        Demand("Chosen", chosen.Length >= Account.PasswordLength && chosen == Password, "いまのパスワードとは別のものにしてください。");
        Demand("Again", chosen != (Again ?? ""), "新しいパスワードと同じものを、もう一度入力してください。");
        if (ModelState.IsValid && !await door.ChooseAsync(UserName, Password, chosen, HttpContext.RequestAborted))
        {
            ModelState.AddModelError("Password", "利用者名といまのパスワードを確かめてください。一時パスワードの期限は7日です。続けて10回失敗すると、15分間できません。");
        }

        return ModelState.IsValid ? LocalRedirect(Url.IsLocalUrl(ReturnUrl) ? ReturnUrl! : "/") : Page();
    }

    private void Demand(string field, bool wrong, string text)
    {
        if (wrong)
        {
            ModelState.AddModelError(field, text);
        }
    }
}
