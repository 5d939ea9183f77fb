using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Routing;
using Consultation.Topics;

namespace Consultation.Tests.Routing;

public sealed class WhatWouldChangeTests
{
    private static readonly CaseNeed Need = new(Track.Mic, "kanto", "13", null, ["ICT-NET"], "E", new(2026, 11, 24), new(2026, 12, 1), null);

    private static readonly ExpertFacts Good = new(
        ExpertId.New(), "山田", Affiliation.Mic, true, null, null, "13", true, true, new Dictionary<string, int> { ["ICT-NET"] = 3 }, 30, true, 1, 6, true, false, true, [], 0, null, 0);

    /// <summary>What excludes, the sentence, and the same facts after it came true.</summary>
    public static TheoryData<ExpertFacts, string, ExpertFacts> Ways => new()
    {
        { Good with { Load = 8 }, "受け持ちが3件減れば、打診できます", Good with { Load = 5 } },
        { Good with { Load = 0, Capacity = 0 }, "受け持ちの上限が1件以上になれば、打診できます", Good with { Load = 0, Capacity = 1 } },
        { Good with { Covers = false, BasePrefecture = "01" }, "東京都が担当地域に加われば、打診できます", Good with { BasePrefecture = "01" } },
        { Good with { AbsentNow = true, HasFreeDay = false, Absences = [new(new(2026, 11, 20), new(2026, 12, 1)), new(new(2026, 12, 2), new(2026, 12, 14))] }, "12月15日(火)以降になれば、打診できます", Good },
        { Good with { HasFreeDay = false, Absences = [new(new(2026, 11, 25), new(2026, 12, 4))] }, "12月5日(土)以降になれば、打診できます", Good },
        { Good with { HasHours = false, HasFreeDay = false }, "勤務日が登録されれば、打診できます", Good },
        { Good with { HasFreeDay = false }, "12月1日(火)までに勤務日が加われば、打診できます", Good },
        { Good with { Active = false }, "登録が再開されれば、打診できます", Good },
        { Good with { TermTo = new(2026, 11, 23) }, "委嘱期間が延びれば、打診できます", Good with { TermTo = new(2027, 3, 31) } },
        { Good with { TermFrom = new(2026, 12, 1) }, "12月1日(火)になれば、打診できます", Good },
        { Good with { Stopped = "報告の遅れ" }, "業務責任者が打診の停止を解けば、打診できます", Good },
        { Good with { Affiliation = Affiliation.Mhlw }, "厚労省の相談であれば、打診できます", Good },
        { Good with { OwnClient = "株式会社顧問先" }, "本人の顧問先・関係先の登録から外れれば、打診できます", Good },
        { Good with { Declined = "多忙" }, "本人が引き受けることにし、業務責任者が理由を付ければ、打診できます", Good },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void For_every_exclusion_one_sentence_says_what_would_have_to_be_different_and_it_is_enough(ExpertFacts excluded, string sentence, ExpertFacts changed)
    {
        Assert.False(Matching.Judge(Need, excluded).IsEligible);
        Assert.Equal([sentence], Told(excluded));
        Assert.True(Matching.Judge(Need, changed).IsEligible);
    }

    [Fact]
    public void Everyone_out_of_the_region_may_advise_by_web_where_that_is_offered()
    {
        var far = Good with { Covers = false, BasePrefecture = "01", OffersRemote = true };
        Assert.Equal(["Webか電話での相談に変えれば、打診できます"], Told(far));
        Assert.True(Matching.Judge(Need with { Mode = VisitMode.Web }, far).IsEligible);
    }

    [Fact]
    public void J11_each_of_several_reasons_has_its_own_way_out_and_leave_on_one_day_needs_none_unless_the_client_insists_on_it()
    {
        var expert = Good with { BasePrefecture = "01", Covers = false, Load = 8, Absences = [new(new(2026, 12, 14), new(2026, 12, 14))] };
        Assert.Equal(["東京都が担当地域に加われば、この理由はなくなります", "受け持ちが3件減れば、この理由はなくなります"], Told(expert));

        var insisted = Need with { On = new(2026, 12, 14) };
        var told = WhatWouldChange.Of(insisted, expert with { HasFreeDay = false }, Matching.Judge(insisted, expert with { HasFreeDay = false }), null, false);
        Assert.Contains("12月15日(火)以降の訪問に変えれば、この理由はなくなります", told);
    }

    [Fact]
    public void The_least_relief_that_brings_somebody_to_the_first_place_is_named_and_supervisors_hear_the_distance()
    {
        var second = Good with { Expert = ExpertId.New(), Name = "渡辺", Load = 5 };
        var first = Matching.Judge(Need, Good);
        var clerk = Told(second, first);
        Assert.Equal(["受け持ちが5件減れば、1番目になります"], clerk);
        Assert.True(Matching.Compare(Matching.Judge(Need, second with { Load = 0 }), first) < 0);
        Assert.True(Matching.Compare(Matching.Judge(Need, second with { Load = 1 }), first) >= 0);
        Assert.DoesNotContain(clerk, s => s.Contains('点', StringComparison.Ordinal));
        Assert.Equal([.. clerk, "あと10点で1位に並びます"], WhatWouldChange.Of(Need, second, Matching.Judge(Need, second), first, true));
    }

    [Fact]
    public void The_first_hears_nothing_and_whoever_lives_far_hears_why_no_single_thing_helps()
    {
        Assert.Empty(Told(Good, Matching.Judge(Need, Good)));
        var far = Good with { Expert = ExpertId.New(), BasePrefecture = "01", TravelMinutes = 180 };
        Assert.Equal(["より近い専門家が受けられないときの候補です"], Told(far, Matching.Judge(Need, Good with { EarlierCases = 1 })));
    }

    private static IReadOnlyList<string> Told(ExpertFacts expert, Verdict? first = null) => WhatWouldChange.Of(Need, expert, Matching.Judge(Need, expert), first, false);
}
