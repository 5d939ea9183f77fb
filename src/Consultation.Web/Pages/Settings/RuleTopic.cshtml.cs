using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Topics;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Settings;

/// <summary>The words of one subject: add, remove, weigh. Every change goes into one's own draft.</summary>
public sealed class RuleTopicModel(Dispatcher dispatcher) : SendingPage(dispatcher)
{
    public RulesView Rules { get; private set; } = null!;

    public RuleSubject Subject { get; private set; } = null!;

    public IReadOnlyList<Choice> Groups { get; private set; } = [];

    [BindProperty(SupportsGet = true)]
    public string Code { get; set; } = "";

    /// <summary>Group and phrase of what was ticked, a blank between.</summary>
    [BindProperty, Display(Name = "語句")]
    public IReadOnlyList<string> Picked { get; set; } = [];

    [BindProperty, Display(Name = "移す先")]
    public string? To { get; set; }

    [BindProperty, Display(Name = "足す語句")]
    public string? Phrase { get; set; }

    [BindProperty, Display(Name = "どの重みで数えるか")]
    public string? Group { get; set; }

    [BindProperty, Display(Name = "組")]
    public string? Weighed { get; set; }

    [BindProperty, Display(Name = "新しい重み")]
    public string? Weight { get; set; }

    public Task OnGetAsync() => LookAsync();

    public Task<IActionResult> OnPostAddAsync() => EditAsync(new AddPhrase(Group ?? "", Phrase), $"「{Phrase?.Trim()}」を下書きに足しました。");

    public Task<IActionResult> OnPostRemoveAsync() => EditAsync(new RemovePhrases(PickedPhrases), $"{Picked.Count}語句を下書きから削除しました。");

    public Task<IActionResult> OnPostMoveAsync() => EditAsync(new MovePhrases(PickedPhrases, To ?? ""), $"下書きで{Picked.Count}語句の重みを変えました。");

    public Task<IActionResult> OnPostWeighAsync() => EditAsync(
        new WeighRule(Weighed ?? "", decimal.TryParse((Weight ?? "").Normalize(NormalizationForm.FormKC).Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight) ? weight : null),
        "下書きで組の重みを変えました。");

    public static IReadOnlyList<(string Name, string Text)> Facts(Rule rule)
    {
        var facts = new List<(string, string)>();
        Add("数えない言い回し", rule.Except);
        Add("同じ文にあれば数えない", rule.Without);
        Add("文章にあれば数えない", rule.Absent);
        Add("文章にあるときだけ数える", rule.Needs);
        Add("紹介先", [.. rule.Referrals.Select(key => ReferralTargets.All.FirstOrDefault(target => target.Key == key)?.NameJa ?? key)]);
        Add("標準の回答", rule.Answers);
        return facts;

        void Add(string name, IReadOnlyList<string> words)
        {
            if (words.Count > 0)
            {
                facts.Add((name, string.Concat(words.Take(20).Select(word => $"「{word}」")) + (words.Count > 20 ? $" ほか{words.Count - 20}" : "")));
            }
        }
    }

    private IReadOnlyList<PhraseIn> PickedPhrases => [.. Picked.Select(value => value.Split(' ', 2)).Where(parts => parts.Length == 2).Select(parts => new PhraseIn(parts[0], parts[1]))];

    private async Task<IActionResult> EditAsync(RuleEdit edit, string done)
    {
        await LookAsync();
        if (await TryAsync(new EditRules(edit), FieldOf))
        {
            Say(done);
            return Redirect(Subject.Link);
        }

        return Page();
    }

    private async Task LookAsync()
    {
        Rules = await AskAsync(new GetRules());
        Subject = RuleWords.Subjects(Rules.Rules).FirstOrDefault(subject => subject.Key == Code) ?? throw new NotFound();
        Groups = [.. Subject.Groups.Select(RuleWords.ChoiceOf)];
    }

    private static string? FieldOf(string field) => field switch
    {
        "phrase" => "Phrase",
        "phrases" => "Picked",
        "weight" => "Weight",
        _ => null,
    };
}
