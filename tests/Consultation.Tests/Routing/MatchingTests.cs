using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Routing;
using Consultation.Topics;

namespace Consultation.Tests.Routing;

public sealed class MatchingTests
{
    private static readonly CaseNeed Need = new(Track.Mic, "kanto", "13", null, ["ICT-NET"], "E", new(2026, 11, 24), new(2026, 12, 1), null);

    private static readonly ExpertFacts Good = new(
        ExpertId.New(), "山田", Affiliation.Mic, true, null, null, "13", true, true, new Dictionary<string, int> { ["ICT-NET"] = 3 }, 30, true, 1, 6, true, false, true, [], 0, null, 0);

    [Fact]
    public void An_expert_who_fits_has_a_score_that_is_the_sum_of_its_parts_and_at_most_three_reasons()
    {
        var verdict = Matching.Judge(Need, Good with { EarlierCases = 1 });
        Assert.True(verdict.IsEligible);
        Assert.Equal(verdict.Parts.Sum(p => p.Points), verdict.Score);
        Assert.Equal(40 + 20 + 10 + 15 + 12, verdict.Score);
        Assert.Equal(3, verdict.Reasons.Count);
    }

    [Fact]
    public void J11_on_leave_in_another_region_and_two_over_capacity_are_exactly_three_answers_in_words()
    {
        var verdict = Matching.Judge(Need, Good with { BasePrefecture = "01", Covers = false, Load = 8, Absences = [new(new(2026, 12, 14), new(2026, 12, 14))] });
        Assert.Equal(["absent", "capacity", "region"], verdict.Excluded.Select(x => x.Code).Order());
        Assert.Contains(verdict.Excluded, x => x.Text.Contains("12月14日(月)", StringComparison.Ordinal));
        Assert.Contains(verdict.Excluded, x => x.Text.Contains("2件超えています", StringComparison.Ordinal));
        Assert.Contains(verdict.Excluded, x => x.Text.Contains("東京都", StringComparison.Ordinal) && x.Text.Contains("北海道", StringComparison.Ordinal));
        Assert.Null(verdict.Score);
    }

    [Fact]
    public void One_day_of_leave_in_three_weeks_costs_points_but_excludes_nobody_unless_the_client_insists_on_that_day()
    {
        var away = Good with { Absences = [new(new(2026, 12, 14), new(2026, 12, 14))] };
        var verdict = Matching.Judge(Need, away);
        Assert.True(verdict.IsEligible);
        Assert.True(verdict.Score < Matching.Judge(Need, Good).Score);
        Assert.Contains("12月14日(月)は休みです", verdict.Reasons);

        Assert.Equal("absent", Assert.Single(Matching.Judge(Need with { On = new(2026, 12, 14) }, away with { HasFreeDay = false }).Excluded).Code);
    }

    public static TheoryData<string, ExpertFacts> Excluded => new()
    {
        { "ministry", Good with { Affiliation = Affiliation.Mhlw } },
        { "region", Good with { Covers = false } },
        { "absent", Good with { AbsentNow = true, Absences = [new(new(2026, 11, 20), new(2026, 11, 27))] } },
        { "absent", Good with { HasFreeDay = false, Absences = [new(new(2026, 11, 25), new(2026, 12, 4))] } },
        { "capacity", Good with { Load = 6 } },
        { "capacity", Good with { Load = 0, Capacity = 0 } },
        { "inactive", Good with { Active = false } },
        { "term", Good with { TermTo = new(2026, 11, 23) } },
        { "term", Good with { TermFrom = new(2026, 11, 25) } },
        { "declined", Good with { Declined = "多忙" } },
        { "no_hours", Good with { HasHours = false, HasFreeDay = false } },
    };

    [Theory]
    [MemberData(nameof(Excluded))]
    public void Whoever_cannot_take_it_is_excluded_with_one_code_and_one_sentence(string code, ExpertFacts facts)
    {
        var only = Assert.Single(Matching.Judge(Need, facts).Excluded);
        Assert.Equal(code, only.Code);
        Assert.NotEmpty(only.Text);
    }

    [Fact]
    public void The_last_day_of_the_term_still_counts() => Assert.True(Matching.Judge(Need, Good with { TermTo = Need.Today }).IsEligible);

    [Fact]
    public void A_web_meeting_makes_the_distance_irrelevant_and_a_visit_does_not()
    {
        var far = Good with { BasePrefecture = "47", Covers = false };
        Assert.True(Matching.Judge(Need with { Mode = VisitMode.Web }, far).IsEligible);
        Assert.False(Matching.Judge(Need with { Mode = VisitMode.Visit }, far).IsEligible);
        Assert.False(Matching.Judge(Need with { Mode = VisitMode.Web }, far with { OffersMode = false }).IsEligible);
    }

    [Fact]
    public void For_a_web_meeting_a_near_expert_is_preferred_only_a_little()
    {
        var web = Need with { Mode = VisitMode.Web };
        int Score(string home, int load = 1) => Matching.Judge(web, Good with { BasePrefecture = home, TravelMinutes = 0, Load = load }).Score!.Value;
        Assert.True(Score("13") > Score("14") && Score("14") > Score("47"));
        Assert.True(Score("13", load: 3) < Score("47"), "Two cases less weigh more than the way that nobody goes.");
    }

    [Fact]
    public void The_better_an_expert_knows_a_topic_the_more_points()
    {
        var scores = Enumerable.Range(0, 4).Select(level => Matching.Judge(Need, level == 0 ? Good with { Levels = new Dictionary<string, int>() } : Good with { Levels = new Dictionary<string, int> { ["ICT-NET"] = level } }).Score!.Value).ToList();
        Assert.Equal(scores.Order().Distinct(), scores);
        var two = Need with { Topics = ["ICT-NET", "ICT-SEC"] };
        Assert.True(Matching.Judge(two, Good with { Levels = new Dictionary<string, int> { ["ICT-NET"] = 2, ["ICT-SEC"] = 2 } }).Score > Matching.Judge(two, Good).Score);
    }

    [Fact]
    public void The_order_is_score_then_load_then_name_then_id_and_the_excluded_come_last()
    {
        var first = Good with { Expert = ExpertId.New(), Name = "い" };
        var second = Good with { Expert = ExpertId.New(), Name = "ろ" };
        var lighter = Good with { Expert = ExpertId.New(), Name = "は", Load = 0, Capacity = 3, Levels = new Dictionary<string, int> { ["ICT-NET"] = 2 }, EarlierCases = 1 };
        var outside = Good with { Expert = ExpertId.New(), Name = "あ", Covers = false };
        var twin = first with { Expert = ExpertId.New() };
        var all = new[] { outside, second, twin, lighter, first };
        var order = Matching.Judge(Need, all).Select(v => v.Expert).ToList();
        Assert.Equal([lighter.Expert, .. new[] { first.Expert, twin.Expert }.OrderBy(e => e.Value), second.Expert, outside.Expert], order);
        Assert.Equal(order, Matching.Judge(Need, all.Reverse()).Select(v => v.Expert));
    }
}
