using System.ComponentModel.DataAnnotations;
using Consultation.Messaging;
using Consultation.Topics;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Settings;

/// <summary>Rewords a standard answer, in one's own draft.</summary>
public sealed class RuleAnswerModel(Dispatcher dispatcher) : SendingPage(dispatcher)
{
    public IReadOnlyList<RuleSubject> Uses { get; private set; } = [];

    [BindProperty(SupportsGet = true)]
    public string Code { get; set; } = "";

    [BindProperty, Display(Name = "見出し")]
    public string? Heading { get; set; }

    [BindProperty, Display(Name = "文面")]
    public string? Text { get; set; }

    public async Task OnGetAsync()
    {
        var answer = await LookAsync();
        Heading = answer.Title;
        Text = answer.Text;
    }

    public async Task<IActionResult> OnPostAsync()
    {
        await LookAsync();
        if (await TryAsync(new EditRules(new RewordAnswer(Code, Heading, Text)), field => field == "title" ? "Heading" : "Text"))
        {
            Say($"「{Heading?.Trim()}」を下書きに保存しました。");
            return Redirect("/settings/rules");
        }

        return Page();
    }

    private async Task<StandardAnswer> LookAsync()
    {
        var rules = (await AskAsync(new GetRules())).Rules;
        Uses = [.. RuleWords.Subjects(rules).Where(subject => subject.Groups.Any(group => group.Answers.Contains(Code)))];
        return rules.Answers.FirstOrDefault(answer => answer.Code == Code) ?? throw new NotFound();
    }
}
