using Consultation.Reference;
using Consultation.Topics;

namespace Consultation.Web.Pages.Shared;

/// <summary>Puts a suggestion into words: outcome, tracks with their lead, and the numbers that tie words of the text to topics.</summary>
public static class SuggestionWords
{
    private static readonly StateView Suggested = new("提案", Tone.Quiet, Shape.Open);

    public static SuggestionView Of(Suggestion suggestion, string text, DateOnly today)
    {
        var topics = suggestion.Topics.Select((topic, index) => (Topic: topic, Ref: index + 1, Known: TopicCatalogue.Find(topic.Code))).Where(t => t.Known is not null).ToList();
        return new(
            OutcomeOf(suggestion),
            [.. suggestion.Tracks.Select(track => new TrackView(CaseSigns.Of(track), Suggested, suggestion.Tracks.Count > 1 && track == suggestion.Lead ? "主担当から始める" : null))],
            [.. topics.Select(t => new ReasonView(t.Ref, t.Topic.Code, t.Known!.NameJa, CaseSigns.Of(t.Known.Lead), [.. t.Topic.Evidence.Select(e => e.Word).Distinct()]))],
            Marked(text, topics.SelectMany(t => t.Topic.Evidence.Select(e => (e.Start, e.Length, Lead: CaseSigns.Of(t.Known!.Lead), t.Ref)))),
            [.. suggestion.Referrals.Select(key => ReferralTargets.Find(key, today)?.NameJa).OfType<string>()],
            [.. suggestion.Answers.Select(answer => new SuggestedReplyView(answer.Code, answer.Title))],
            $"第{suggestion.RuleVersion}版");
    }

    public static string OutcomeOf(Suggestion suggestion) => suggestion.Outcome switch
    {
        Outcome.Route when suggestion.Tracks.Count > 1 => "両省",
        Outcome.Route => suggestion.Tracks[0] == Track.Mic ? "総務省" : "厚生労働省",
        Outcome.Desk => "窓口で対応",
        Outcome.Referral => "ほかの機関を紹介",
        _ => "聞き足してから判断",
    };

    /// <summary>The text in stretches; a word that led to two topics is marked for the first.</summary>
    private static List<EvidencePart> Marked(string text, IEnumerable<(int Start, int Length, Lead Lead, int Ref)> words)
    {
        var parts = new List<EvidencePart>();
        var at = 0;
        foreach (var word in words.OrderBy(word => word.Start).ThenBy(word => word.Ref))
        {
            if (word.Start < at || word.Length < 1 || word.Start + word.Length > text.Length)
            {
                continue;
            }

            if (word.Start > at)
            {
                parts.Add(new(text[at..word.Start]));
            }

            parts.Add(new(text.Substring(word.Start, word.Length), word.Lead, word.Ref));
            at = word.Start + word.Length;
        }

        if (at < text.Length)
        {
            parts.Add(new(text[at..]));
        }

        return parts;
    }
}
