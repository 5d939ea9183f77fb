using Consultation.Topics;

namespace Consultation.Tests.Topics;

public sealed class SuggestionTests
{
    private static readonly Suggester Suggester = new(RuleBase.Default);

    [Fact]
    public void J08_a_text_about_VPN_and_working_hours_names_both_ministries_with_the_words_that_led_there()
    {
        var suggestion = Suggester.Suggest("VPNが遅いです。あわせて在宅の労働時間のルールも決めたい。");
        Assert.Equal(Outcome.Route, suggestion.Outcome);
        Assert.Equal([Track.Mic, Track.Mhlw], suggestion.Tracks);
        Assert.NotNull(suggestion.Lead);
        Assert.Contains(Topic(suggestion, "ICT-NET").Evidence, evidence => evidence.Word == "VPN");
        Assert.Contains(Topic(suggestion, "LAB-TIME").Evidence, evidence => evidence.Word == "労働時間");
    }

    [Theory]
    [InlineData("VPNがつながらない", Outcome.Route, new[] { Track.Mic })]
    [InlineData("就業規則に何を書けばよいか", Outcome.Route, new[] { Track.Mhlw })]
    [InlineData("VPNと就業規則の相談", Outcome.Route, new[] { Track.Mic, Track.Mhlw })]
    [InlineData("弊社の勤怠システムをご紹介させてください", Outcome.Desk, new Track[0])]
    [InlineData("IT導入補助金の締切を知りたい", Outcome.Referral, new Track[0])]
    public void J09_the_outcomes_are_told_apart(string text, Outcome outcome, Track[] tracks)
    {
        var suggestion = Suggester.Suggest(text);
        Assert.Equal(outcome, suggestion.Outcome);
        Assert.Equal(tracks, suggestion.Tracks);
        Assert.Equal(tracks.Length == 0, suggestion.Lead is null);
    }

    [Fact]
    public void J63_a_subsidy_question_adds_a_referral_and_its_answer_and_takes_no_ministry_away()
    {
        var suggestion = Suggester.Suggest("事務三人を在宅にしたい。パソコンは古い。就業規則もない。補助金は使えますか。");
        Assert.Equal([Track.Mic, Track.Mhlw], suggestion.Tracks);
        Assert.NotNull(suggestion.Lead);
        Assert.Contains("DIGI-AI", suggestion.Referrals);
        Assert.Contains(suggestion.Answers, answer => answer.Code == "SUBSIDY");
        Assert.True(Topic(suggestion, "SUBSIDY").Counts);
    }

    [Theory]
    [InlineData("就業規則は要りません。VPNの相談です。")]
    [InlineData("就業規則の話ではなく、VPNが遅い件です。")]
    [InlineData("就業規則や手当は不要です。VPNだけ。")]
    [InlineData("就業規則は既に整備済みです。VPNを入れたい。")]
    [InlineData("就業規則は顧問社労士に任せています。VPNを入れたい。")]
    [InlineData("就業規則は昨年作ったので問題ありません。VPNを入れたい。")]
    public void What_the_caller_does_not_want_does_not_count(string text)
    {
        var suggestion = Suggester.Suggest(text);
        Assert.Equal([Track.Mic], suggestion.Tracks);
        Assert.DoesNotContain(suggestion.Topics, topic => topic.Code.StartsWith("LAB-", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("就業規則は不要でしょうか。")]
    [InlineData("就業規則だけではなく手当も知りたい。")]
    [InlineData("就業規則は整備済みですが古いので見直したい。")]
    [InlineData("就業規則がありません。")]
    [InlineData("残業がある社員の扱い")]
    [InlineData("残業のルールも決めたい。")]
    [InlineData("手当は決めたく存じます。")]
    public void A_question_a_lack_or_a_but_leaves_the_topic_standing(string text) =>
        Assert.Equal([Track.Mhlw], Suggester.Suggest(text).Tracks);

    [Fact]
    public void A_topic_of_both_ministries_counts_only_alone()
    {
        var alone = Suggester.Suggest("ワーケーションを始めたい");
        Assert.Equal([Track.Mic, Track.Mhlw], alone.Tracks);
        Assert.Equal(Track.Mic, alone.Lead);
        Assert.True(Topic(alone, "REGION").Counts);

        var beside = Suggester.Suggest("ワーケーションの施設のWi-Fiを整えたい");
        Assert.Equal([Track.Mic], beside.Tracks);
        Assert.False(Topic(beside, "REGION").Counts);
    }

    [Fact]
    public void The_ministry_with_more_evidence_leads_and_at_a_tie_the_one_mentioned_first()
    {
        Assert.Equal(Track.Mhlw, Suggester.Suggest("VPNと、残業、休憩、36協定について").Lead);
        Assert.Equal(Track.Mic, Suggester.Suggest("残業と、VPN、押印、ランサムウェアについて").Lead);
        Assert.Equal(Track.Mic, Suggester.Suggest("VPNと残業").Lead);
        Assert.Equal(Track.Mhlw, Suggester.Suggest("残業とVPN").Lead);
    }

    [Fact]
    public void A_sales_pitch_stays_at_the_desk_whatever_it_sells()
    {
        var suggestion = Suggester.Suggest("弊社のVPN製品のご紹介をさせていただきたくご連絡しました。成約時に紹介料をお支払いします。");
        Assert.Equal(Outcome.Desk, suggestion.Outcome);
        Assert.Empty(suggestion.Tracks);
        Assert.Contains(suggestion.Answers, answer => answer.Code == "SALES");
        Assert.Equal(Outcome.Route, Suggester.Suggest("営業ではありません。VPNが遅くて困っています。").Outcome);
    }

    [Fact]
    public void A_dispute_of_a_private_person_goes_to_the_labour_bureau()
    {
        var told = Suggester.Suggest("勤め先に在宅勤務を断られました。");
        var known = Suggester.Suggest("残業の計算方法を教えてください。", new(PrivatePerson: true));
        Assert.All([told, known], suggestion =>
        {
            Assert.Equal(Outcome.Desk, suggestion.Outcome);
            Assert.Contains("ROUDOU-SODAN", suggestion.Referrals);
        });
        Assert.Equal(Outcome.Unsure, Suggester.Suggest("折り返しください。", new(PrivatePerson: true)).Outcome);
    }

    [Theory]
    [InlineData("在宅中に自宅の階段で転んだ社員がいる。労災になるか。", "ROUKISHO")]
    [InlineData("社員のパソコンがウイルスに感染しました。", "IPA")]
    [InlineData("在宅の社員がうつ病で休職しています。", "SANPO")]
    [InlineData("障害者の在宅雇用で勤怠をどう管理するか。", "SHOGAI-TW")]
    public void A_referral_stands_beside_the_track(string text, string key)
    {
        var suggestion = Suggester.Suggest(text);
        Assert.Equal(Outcome.Route, suggestion.Outcome);
        Assert.Contains(key, suggestion.Referrals);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \u3000\r\n\t")]
    [InlineData("👍👍👍")]
    [InlineData("\uD83D")]
    [InlineData("\0\uFFFE\uFEFF")]
    [InlineData("asdf qwerty")]
    [InlineData("よろしくお願いします。")]
    public void A_text_that_says_nothing_is_honestly_unsure(string text)
    {
        var suggestion = Suggester.Suggest(text);
        Assert.Equal(Outcome.Unsure, suggestion.Outcome);
        Assert.Empty(suggestion.Tracks);
        Assert.Empty(suggestion.Topics);
        Assert.Empty(suggestion.Referrals);
        Assert.Equal(RuleBase.Default.Version, suggestion.RuleVersion);
    }

    [Theory]
    [InlineData("(a+)+$ .*? [^あ-ん]{0,999999} (?R) \\1 %s {0} ${jndi:x}")]
    [InlineData("| … & || …… && a|b…c&d")]
    [InlineData("\u202Eテスト\u202C \u0000 \uD800\uD800")]
    public void A_text_written_against_patterns_is_a_text_like_any_other(string text) =>
        Assert.Equal(Outcome.Unsure, Suggester.Suggest(text).Outcome);

    [Theory]
    [InlineData("ＶＰＮ　ガ　ｵｿｲ。🐢")]
    [InlineData("vpn GA OSOI!!!")]
    [InlineData("v p n が遅い、VPN")]
    public void Widths_letters_and_signs_mixed_leave_the_topic_standing(string text) =>
        Assert.Equal([Track.Mic], Suggester.Suggest(text).Tracks);

    [Fact]
    public void Ten_thousand_characters_are_read_to_the_last()
    {
        var filler = string.Concat(Enumerable.Repeat("時候のご挨拶を申し上げます。", 800))[..9_950];
        Assert.Equal([Track.Mhlw], Suggester.Suggest(filler + "。就業規則の見直しを相談したい。").Tracks);
        Assert.Equal(Outcome.Unsure, Suggester.Suggest(string.Concat(Enumerable.Repeat("🏠", 5_000))).Outcome);
    }

    [Fact]
    public void Two_weak_words_stand_back_beside_a_word_of_the_other_ministry_unless_two_things_are_asked()
    {
        Assert.Equal([Track.Mhlw], Suggester.Suggest("労働時間の把握にカメラ映像を使ってよいか。").Tracks);
        Assert.Equal([Track.Mic, Track.Mhlw], Suggester.Suggest("労働時間の把握と、カメラ映像の置き方を、両方知りたい。").Tracks);
    }

    [Fact]
    public void A_weak_word_takes_nothing_from_a_topic_of_both_ministries() =>
        Assert.Equal([Track.Mic, Track.Mhlw], Suggester.Suggest("Web会議が乱立しています。統一の基準を。").Tracks);

    [Fact]
    public void One_weak_word_alone_is_shown_and_decides_nothing_unless_the_rules_never_doubt()
    {
        var unsure = Suggester.Suggest("カメラの件です。");
        Assert.Equal(Outcome.Unsure, unsure.Outcome);
        Assert.Equal(("カメラ", false), (Assert.Single(Topic(unsure, "ICT-SYS").Evidence).Word, Topic(unsure, "ICT-SYS").Counts));
        Assert.Equal([Track.Mic], Suggester.Suggest("カメラとマイクの件です。").Tracks);
        Assert.Equal([Track.Mic], new Suggester(RuleBase.Default with { Margin = 0 }).Suggest("カメラの件です。").Tracks);
    }

    [Fact]
    public void A_matter_of_the_desk_that_is_not_sure_makes_the_other_words_doubtful()
    {
        Assert.Equal([Track.Mic], Suggester.Suggest("VPNの件です。").Tracks);
        Assert.Equal(Outcome.Unsure, Suggester.Suggest("弊社製品とVPNの件です。").Outcome);
    }

    [Theory]
    [InlineData("人事評価は親会社の形に倣っています。困っているのはVPNです。", new[] { Track.Mic })]
    [InlineData("VPNの会社とは長いつきあいです。就業規則の見本を探しています。", new[] { Track.Mhlw })]
    [InlineData("人事評価を見直したい。VPNを入れる。", new[] { Track.Mhlw, Track.Mic })]
    [InlineData("人事評価が下手です。VPNを入れる。", new[] { Track.Mhlw, Track.Mic })]
    [InlineData("人事評価は親会社の形に倣っています。VPNも入れる。", new[] { Track.Mhlw, Track.Mic })]
    public void Of_two_ministries_in_sentences_that_nothing_joins_the_later_is_asked(string text, Track[] tracks) =>
        Assert.Equal(tracks.Order(), Suggester.Suggest(text).Tracks.Order());

    [Theory]
    [InlineData("直行直帰のため、記録のシステムと移動時間の扱いを見直します。")]
    [InlineData("家から図面を開きたい。漏らした者の処分も決めたい。")]
    [InlineData("直行直帰の人の移動時間＋端末")]
    public void A_weak_word_joined_to_the_other_ministry_is_asked_too(string text) =>
        Assert.Equal([Track.Mic, Track.Mhlw], Suggester.Suggest(text).Tracks);

    [Theory]
    [InlineData("株式会社架空セキュリティ通信の総務です。折り返しください。")]
    [InlineData("架空クラウド株式会社です。折り返しください。")]
    [InlineData("みたいにしたいから")]
    public void A_name_or_a_chance_run_of_kana_is_no_evidence(string text) =>
        Assert.Equal(Outcome.Unsure, Suggester.Suggest(text).Outcome);

    private static SuggestedTopic Topic(Suggestion suggestion, string code) =>
        Assert.Single(suggestion.Topics, topic => topic.Code == code);
}
