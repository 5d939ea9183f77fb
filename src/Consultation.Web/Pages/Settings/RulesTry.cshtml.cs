using System.ComponentModel.DataAnnotations;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Topics;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Settings;

/// <summary>What one side of a trial shows.</summary>
public sealed record TriedView(string Title, string Id, SuggestionView Suggestion);

/// <summary>Reads a text by the rules in use and by one's own draft side by side.</summary>
public sealed class RulesTryModel(Dispatcher dispatcher, DeskClock clock) : SendingPage(dispatcher)
{
    public bool HasDraft { get; private set; }

    public TriedView? InUse { get; private set; }

    public TriedView? Draft { get; private set; }

    [BindProperty, Display(Name = "相談の文章")]
    public string? Text { get; set; }

    public async Task OnGetAsync() => HasDraft = (await AskAsync(new GetRules())).HasDraft;

    public async Task<IActionResult> OnPostTryAsync()
    {
        await OnGetAsync();
        await TryAsync(new TryRules(Text), _ => "Text", tried =>
        {
            InUse = new($"使用中の第{tried.InUse.RuleVersion}版", "now", SuggestionWords.Of(tried.InUse, Text!, JapanTime.DateOf(clock.Now)));
            Draft = tried.Draft is null ? null : new("あなたの下書き", "draft", SuggestionWords.Of(tried.Draft, Text!, JapanTime.DateOf(clock.Now)));
        });
        return Page();
    }
}
