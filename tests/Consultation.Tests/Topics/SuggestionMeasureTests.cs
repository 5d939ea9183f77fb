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
    public void Of_the_held_out_inquiries_at_most_one_in_fifty_goes_another_way_once_their_misses_were_mended()
    {
        Assert.True(LabelledTexts.HeldOut.Count >= 1000);
        Assert.InRange(WrongOf(LabelledTexts.HeldOut).Count, 0, LabelledTexts.HeldOut.Count / 50);
    }

    [Fact]
    public void Of_sixty_inquiries_on_which_nothing_was_tuned_few_go_another_way()
    {
        Assert.Equal(60, LabelledTexts.Forecast.Count);
        var missed = WrongOf(LabelledTexts.Forecast);
        var unsure = LabelledTexts.Forecast.Count(text => missed.Contains(text.Id) && Way.Of(Suggest(text)) == Way.Unsure);
        output.WriteLine($"{missed.Count - unsure} wrong, {unsure} unsure");
        Assert.InRange(missed.Count - unsure, 0, 6);
        Assert.InRange(unsure, 0, 6);
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
