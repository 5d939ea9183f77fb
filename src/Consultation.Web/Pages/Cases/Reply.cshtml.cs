using System.ComponentModel.DataAnnotations;
using Consultation.CaseFile;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Topics;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Cases;

/// <summary>Answers a case with a standard text, and records to whom the client was referred; both beside a route, or as its end.</summary>
public sealed class ReplyModel(Dispatcher dispatcher, DeskClock clock, RuleBook rules) : CaseActPage(dispatcher)
{
    private const string GoOn = "go-on";
    private const string Close = "close";

    public static readonly IReadOnlyList<Choice> AfterAnswer = [new(GoOn, "案件は続ける"), new(Close, "「窓口で回答済」で完了にする")];

    public static readonly IReadOnlyList<Choice> AfterReferring = [new(GoOn, "案件は続ける"), new(Close, "「他窓口へ紹介」で完了にする")];

    public static readonly IReadOnlyList<Choice> Ways = [.. new[] { Channel.Phone, Channel.Email, Channel.Visit, Channel.Event }.Select(Choices.Of)];

    public IReadOnlyList<Choice> Answers { get; private set; } = [];

    public IReadOnlyList<Choice> Targets { get; private set; } = [];

    public IReadOnlyList<FileReferral> Referred => Full.Referrals;

    public SuggestionView Suggestion { get; private set; } = null!;

    public PreviewedAnswer? Preview { get; private set; }

    [BindProperty(SupportsGet = true), Display(Name = "回答")]
    public string? Answer { get; set; }

    [BindProperty, Display(Name = "書き足す言葉")]
    public string? Words { get; set; }

    [BindProperty, Display(Name = "送った後")]
    public string? After { get; set; } = GoOn;

    [BindProperty, Display(Name = "紹介した機関")]
    public string? Target { get; set; }

    [BindProperty, Display(Name = "伝えた方法")]
    public string? Told { get; set; } = nameof(Channel.Phone);

    [BindProperty, Display(Name = "補足")]
    public string? Note { get; set; }

    [BindProperty, Display(Name = "記録した後")]
    public string? AfterReferral { get; set; } = GoOn;

    [BindProperty]
    public string? Key { get; set; }

    public async Task<IActionResult> OnGetAsync()
    {
        Key = NewFormKey();
        return Answer is null ? await ShowAsync() : await OnPostPreviewAsync();
    }

    public async Task<IActionResult> OnPostPreviewAsync()
    {
        await TryAsync(new PreviewAnswer(Case, Answer, Words), FieldOf, seen => Preview = seen);
        if (Preview?.Gaps is { Count: > 0 } gaps && ModelState.IsValid)
        {
            ModelState.AddModelError("Words", Texts.Of("answer.gap", string.Join("、", gaps)));
        }

        return await ShowAsync();
    }

    public async Task<IActionResult> OnPostSendAsync()
    {
        var done = "";
        if (!await TryAsync(new SendAnswer(Case, Answer, Words), FieldOf, sent => done = sent.Mailed ? "回答を送信しました。" : "電話の予定を作りました。ホームの「折り返しの電話」に出ます。", Key))
        {
            return await OnPostPreviewAsync();
        }

        return await FinishAsync(done, After == Close ? CaseOutcome.Answered : null);
    }

    public async Task<IActionResult> OnPostReferAsync()
    {
        var refer = new ReferClient(Case, Target, Choices.Read<Channel>(Told), Note);
        return await TryAsync(refer, field => field switch { "target" => "Target", "channel" => "Told", _ => "Note" }, formKey: Key)
            ? await FinishAsync("紹介を記録しました。", AfterReferral == Close ? CaseOutcome.Referred : null)
            : await ShowAsync();
    }

    protected override async Task LookAsync()
    {
        await base.LookAsync();
        if (!Actor.Can(Permission.EditCase))
        {
            throw new Forbidden();
        }

        var today = JapanTime.DateOf(clock.Now);
        Suggestion = SuggestionWords.Of(Full.Suggestion, Full.Text, today);
        var suggested = Full.Suggestion.Answers.Select(answer => answer.Code).ToHashSet();
        Answers = [new("", "選んでください"), .. (await rules.RulesAsync(HttpContext.RequestAborted)).Answers
            .OrderByDescending(answer => suggested.Contains(answer.Code)).Select(answer => new Choice(answer.Code, Marked(answer.Title, suggested.Contains(answer.Code))))];
        var named = Full.Suggestion.Referrals.ToHashSet();
        Targets = [new("", "選んでください"), .. ReferralTargets.On(today)
            .OrderByDescending(target => named.Contains(target.Key)).Select(target => new Choice(target.Key, Marked(target.NameJa, named.Contains(target.Key))))];
    }

    /// <summary>What was sent stays sent where closing is refused; the refusal is shown on the page that can mend it.</summary>
    private async Task<IActionResult> FinishAsync(string done, CaseOutcome? outcome)
    {
        if (outcome is { } end && !await TryAsync(new CloseCase(Case, end), _ => null))
        {
            Say($"{done} まだ完了にはできません。残っているものを確かめてください。");
            return Redirect($"{QueueRows.LinkTo(Case)}/close?outcome={end}");
        }

        Say(outcome is { } closed ? $"{done} 「{CaseWords.Of(closed)}」で完了にしました。" : done);
        return Redirect(QueueRows.LinkTo(Case));
    }

    private static string Marked(string text, bool suggested) => suggested ? $"提案: {text}" : text;

    private static string? FieldOf(string field) => field switch { "answer" => "Answer", "words" => "Words", _ => null };
}
