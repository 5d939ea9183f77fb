using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Topics;
using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Settings;

/// <summary>Before a draft of the 振り分け基準 is saved: which of the newest cases would be suggested otherwise. Shows no word of a case.</summary>
public sealed class RulesCompareModel(Dispatcher dispatcher) : SendingPage(dispatcher)
{
    /// <summary>Null without a draft.</summary>
    public ComparedRules? Compared { get; private set; }

    public async Task OnGetAsync() => Compared = (await AskAsync(new GetRules())).HasDraft ? await AskAsync(new CompareRules()) : null;

    public static string TopicsOf(SuggestedWay way) => way.Topics.Count == 0 ? "分野なし" : string.Join("、", way.Topics.Select(code => TopicCatalogue.Find(code)?.NameJa ?? code));

    public static string Quoted(IEnumerable<string> phrases) => string.Concat(phrases.Select(phrase => $"「{phrase}」"));
}
