using System.ComponentModel.DataAnnotations;
using Consultation.Messaging;
using Consultation.Topics;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Settings;

/// <summary>The 振り分け基準 in use, one's own draft of the next version, and the versions before.</summary>
public sealed class RulesModel(Dispatcher dispatcher) : SendingPage(dispatcher)
{
    public const int MostChanges = 30;

    public RulesView Rules { get; private set; } = null!;

    public IReadOnlyList<RuleSubject> Subjects { get; private set; } = [];

    [BindProperty, Display(Name = "変更の理由")]
    public string? Note { get; set; }

    public async Task OnGetAsync()
    {
        Rules = await AskAsync(new GetRules());
        Subjects = RuleWords.Subjects(Rules.Rules);
    }

    public Task<IActionResult> OnPostPublishAsync() => DoAsync(new PublishRules(Note), version => $"第{version}版として保存しました。これからの提案に使います。");

    public Task<IActionResult> OnPostDiscardAsync() => DoAsync(new DiscardRules(), _ => "下書きを破棄しました。");

    public Task<IActionResult> OnPostRenewAsync() => DoAsync(new RenewDraft(), _ => "下書きを新しい版に合わせました。変更を確かめてから保存してください。");

    /// <summary>What the installation wrote itself has no person's name.</summary>
    public static string NameOf(string by) => by is "demo" or "command-line" ? "（導入時）" : by;

    private async Task<IActionResult> DoAsync<TResult>(MediatR.IRequest<TResult> request, Func<TResult, string> done)
    {
        if (await TryAsync(request, field => field == "note" ? "Note" : null, result => Say(done(result))))
        {
            return Redirect("/settings/rules");
        }

        await OnGetAsync();
        return Page();
    }
}
