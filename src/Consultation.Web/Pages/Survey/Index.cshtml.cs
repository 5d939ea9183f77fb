using System.ComponentModel.DataAnnotations;
using Consultation.FollowUps;
using Consultation.Messaging;
using Consultation.Web.Host;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Consultation.Web.Pages.Survey;

/// <summary>The satisfaction survey of one consultation: whoever holds its link answers it once, without signing in. Looking changes nothing.</summary>
[AllowAnonymous]
[EnableRateLimiting(SecretLinks.RateLimit)]
public sealed class IndexModel(Dispatcher dispatcher) : SendingPage(dispatcher)
{
    public static readonly IReadOnlyList<Choice> SatisfactionChoices =
        [.. Enum.GetValues<Satisfaction>().Select(answer => Choices.Of(answer, SurveyWords.Of(answer)))];

    public static readonly IReadOnlyList<Choice> AchievementChoices =
        [.. Enum.GetValues<Achievement>().Select(answer => Choices.Of(answer, SurveyWords.Of(answer)))];

    public static readonly IReadOnlyList<Choice> IntentChoices =
        [.. Enum.GetValues<Intent>().Select(answer => Choices.Of(answer, SurveyWords.Of(answer)))];

    public SurveyView View { get; private set; } = null!;

    [BindProperty(SupportsGet = true)]
    public string Secret { get; set; } = "";

    [BindProperty, Display(Name = "ご相談の内容に満足しましたか")]
    public string? Satisfaction { get; set; }

    [BindProperty, Display(Name = "お問い合わせの目的は達成できましたか")]
    public string? Achievement { get; set; }

    [BindProperty, Display(Name = "テレワークの導入や、すでに導入している場合はその拡大を検討しますか")]
    public string? Intent { get; set; }

    [BindProperty, Display(Name = "ご意見・ご要望")]
    public string? Comment { get; set; }

    protected override Actor Actor => Actor.ClientByLink;

    public Task OnGetAsync() => LookAsync();

    public async Task<IActionResult> OnPostAsync()
    {
        var answer = new AnswerSurvey(
            Secret, Choices.Read<Satisfaction>(Satisfaction), Choices.Read<Achievement>(Achievement), Choices.Read<Intent>(Intent), Comment);
        if (await TryAsync(answer, field => char.ToUpperInvariant(field[0]) + field[1..]))
        {
            return Redirect("/survey/thanks");
        }

        await LookAsync();
        return Page();
    }

    private async Task LookAsync()
    {
        // The link is a key; no copy of the page stays in a browser that others use.
        Response.Headers.CacheControl = "no-store";
        Response.Headers["X-Robots-Tag"] = "noindex, nofollow";
        View = await AskAsync(new GetSurvey(Secret));
    }
}
