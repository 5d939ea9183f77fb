using Consultation.Topics;

namespace Consultation.Tests.Topics;

public sealed class SuggestionMeasureTests(ITestOutputHelper output)
{
    private static readonly Suggester Suggester = new(RuleBase.Default);

    [Fact]
    public void Of_the_sample_inquiries_at_most_two_go_another_way_than_a_careful_triage()
    {
        Assert.Equal(40, LabelledTexts.Samples.Count);
        Assert.InRange(WrongOf(LabelledTexts.Samples).Count, 0, 2);
    }

    [Fact]
    public void Of_the_held_out_inquiries_nine_in_ten_go_the_way_of_a_careful_triage()
    {
        Assert.True(LabelledTexts.HeldOut.Count >= 80);
        Assert.InRange(WrongOf(LabelledTexts.HeldOut).Count, 0, LabelledTexts.HeldOut.Count / 10);
    }

    [Fact]
    public void Topics_are_found_with_few_left_out_and_few_too_many()
    {
        var texts = LabelledTexts.Samples.Concat(LabelledTexts.HeldOut).ToList();
        var found = texts.Select(text => (text.Topics, Got: Suggest(text).Topics.Select(topic => topic.Code).ToList())).ToList();
        var right = found.Sum(pair => pair.Got.Count(pair.Topics.Contains));
        var precision = (double)right / found.Sum(pair => pair.Got.Count);
        var recall = (double)right / found.Sum(pair => pair.Topics.Count);
        output.WriteLine($"precision {precision:P1}, recall {recall:P1}");
        Assert.True(precision > 0.75, $"precision {precision:P1}");
        Assert.True(recall > 0.85, $"recall {recall:P1}");
    }

    private static Suggestion Suggest(LabelledText text) => Suggester.Suggest(text.Text, new(text.PrivatePerson));

    private List<string> WrongOf(IReadOnlyList<LabelledText> texts)
    {
        var wrong = new List<string>();
        foreach (var text in texts)
        {
            var route = Way.Of(Suggest(text));
            if (!text.Routes.Contains(route))
            {
                wrong.Add(text.Id);
                output.WriteLine($"{text.Id}: {route} instead of {string.Join('|', text.Routes)}");
            }
        }

        output.WriteLine($"{texts.Count - wrong.Count} of {texts.Count} right");
        return wrong;
    }
}
