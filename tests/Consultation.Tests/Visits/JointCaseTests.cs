using Consultation.CaseFile;
using Consultation.Cases;
using Consultation.Check;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Routing;
using Consultation.Topics;
using Consultation.Visits;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Visits;

/// <summary>Cases of both ministries: the lead first and together, one person for both, and what happens when one side falls away.</summary>
public sealed class JointCaseTests(TestApp app) : IClassFixture<TestApp>
{
    private const string ThreeClerks = "事務員3人の会社です。古いパソコンのままでVPNとセキュリティが心配です。就業規則の在宅勤務規程も直したい。使える補助金や助成金はありますか。";

    [Fact]
    public async Task J63_the_lead_starts_alone_the_owner_is_asked_once_and_the_second_ministry_comes_when_the_lead_asks()
    {
        var desk = await app.DeskAsync("tohoku");
        var logged = await app.Send(new LogInquiry(
            Channel.Phone, ThreeClerks, Organisation: new("有限会社三人", Prefecture: "宮城県"), Contact: new("社長", Email: "owner@three.example"), Consented: true), desk);
        var suggestion = logged.Suggestion;
        Assert.Equal([Track.Mic, Track.Mhlw], suggestion.Tracks.Order());
        Assert.NotNull(suggestion.Lead);
        Assert.NotEmpty(suggestion.Referrals);
        Assert.NotEmpty(suggestion.Answers);

        var (lead, second) = (suggestion.Lead.Value, suggestion.Tracks.Single(t => t != suggestion.Lead));
        var (first, other) = (await app.ExpertNamedAsync("主担当 一", OnlyOf(lead)), await app.ExpertNamedAsync("相手 二", OnlyOf(second)));
        await app.Send(new RouteCase(logged.Id, suggestion.Tracks), desk);
        var offer = await app.Send(new OfferCase(logged.Id, lead, first), desk);
        var me = await app.ExpertAsync(first);
        await app.Send(new AcceptOffer(offer.Id), me);
        var booked = await app.Send(Visit(logged.Id, At(11, 26, 10)), me);
        Assert.Equal([first], booked.Experts.Select(e => e.Expert));
        Assert.Equal(TrackState.Later, await TrackAsync(logged.Id, second));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from outgoing_mail where reference = '{logged.Id}' and recipient = 'owner@three.example'"));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from contacts where case_id = '{logged.Id}'"));

        await app.MoveClockAsync(At(11, 26, 11, 5));
        await app.Send(new CompleteVisit(booked.Id, VisitOutcome.TookPlace), me);
        await app.Send(new FileReport(booked.Id, lead, "まず機器を確かめた。規程は次回に。", ReportNext.Another), me);
        Assert.Equal("field.required", (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new JoinTrack(logged.Id, null), me))).Errors.Single().Code);
        var stranger = await app.ExpertAsync(other);
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new JoinTrack(logged.Id, second), stranger));
        await app.Send(new JoinTrack(logged.Id, second), me);
        Assert.Equal($"相手の専門家を探しています（{CaseWords.Of(second)}）", await JointAsync(logged.Id));

        var asked = await app.Send(new OfferCase(logged.Id, second, other), desk);
        await app.Send(new AcceptOffer(asked.Id), stranger);
        Assert.Equal("track.not_lead", (await Assert.ThrowsAsync<Forbidden>(() => app.Send(new JoinTrack(logged.Id, lead), stranger))).Code);
        var joint = await app.Send(Visit(logged.Id, At(12, 1, 10)), me);
        Assert.Equal(2, joint.Experts.Count);
        Assert.Equal(2L, await app.SqlAsync($"select count(*) from expert_diary where visit = '{joint.Id}' and state = 'confirmed'"));
        Assert.Equal(2L, await app.SqlAsync($"select count(*) from outgoing_mail where reference = '{logged.Id}' and recipient = 'owner@three.example'"));
        Assert.Null(await JointAsync(logged.Id));
        await app.MoveClockAsync(TestApp.Start);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_expert_of_both_ministries_fills_both_tracks_with_one_visit_one_diary_row_and_a_report_for_each(bool chosen)
    {
        var desk = await app.DeskAsync("shikoku");
        var place = chosen ? ("愛媛県", "38") : ("香川県", "37");
        var both = await app.ExpertNamedAsync($"両省 {chosen}", Affiliation.Both, place.Item2);
        await app.Send(new SetAvailability(both, WorkingHours.Usual, Capacity: 1));
        // Somebody near who has less to do would win without the other half of the case.
        await app.ExpertNamedAsync($"近所 {chosen}", Affiliation.Mhlw, "36");
        var logged = await app.Send(new LogInquiry(Channel.Phone, "在宅勤務", Organisation: new($"株式会社両省{chosen}", Prefecture: place.Item1), Contact: new("山田", Email: $"both{chosen}@firm.example")), desk);
        await app.Send(new RouteCase(logged.Id, [Track.Mic, Track.Mhlw], StartMode.Together, Reason: "1人で両省"), desk);
        var me = await app.ExpertAsync(both);
        foreach (var track in new[] { Track.Mic, Track.Mhlw })
        {
            var offer = await app.Send(chosen || track == Track.Mic ? new OfferCase(logged.Id, track, both) : new OfferCase(logged.Id, track, Auto: true), desk);
            Assert.Equal(both, offer.Expert);
        }

        foreach (var offer in (await app.Send(new ListOffers(), me)).Items)
        {
            await app.Send(new AcceptOffer(offer.Id), me);
        }

        var booked = await app.Send(Visit(logged.Id, At(11, 26, chosen ? 10 : 14)), me);
        Assert.Equal([(Track.Mic, both), (Track.Mhlw, both)], booked.Experts.Select(e => (e.Track, e.Expert)));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from expert_diary where visit = '{booked.Id}'"));
        Assert.Equal((1L, 2L), ((long)(await app.SqlAsync($"select quota_units::bigint from visits where id = '{booked.Id}'"))!, (long)(await app.SqlAsync($"select count(*) from outgoing_mail where event_key = 'visit-confirmed/{booked.Id}/0'"))!));
        Assert.Contains($"両省 {chosen}（総務省・厚労省）", (string)(await app.SqlAsync($"select body from outgoing_mail where event_key = 'visit-confirmed/{booked.Id}/0' limit 1"))!, StringComparison.Ordinal);

        await app.MoveClockAsync(At(11, 26, 15, 5));
        await app.Send(new CompleteVisit(booked.Id, VisitOutcome.TookPlace, 90), me);
        Assert.Equal("mhlw,mic", await app.SqlAsync($"select string_agg(track, ',' order by track) from deadlines where subject = '{booked.Id}' and kind = 'report' and state = 'open'"));
        // The minutes belong to each ministry's own side of the visit.
        Assert.Equal("mhlw 90,mic 90", await app.SqlAsync($"select string_agg(e.track || ' ' || v.minutes, ',' order by e.track) from visits v join visit_experts e on e.visit_id = v.id where v.id = '{booked.Id}'"));
        await app.Send(new FileReport(booked.Id, Track.Mic, "機器", ReportNext.Done), me);
        Assert.Equal(CaseStatus.ReportDue, await app.StatusAsync(logged.Id));
        await app.Send(new FileReport(booked.Id, Track.Mhlw, "規程", ReportNext.Done), me);
        Assert.Equal(CaseStatus.FollowingUp, await app.StatusAsync(logged.Id));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
        await app.MoveClockAsync(TestApp.Start);
    }

    [Fact]
    public async Task J19_an_expert_who_hands_the_track_back_frees_both_diaries_and_the_quota_and_the_client_hears_once()
    {
        var (mic, mhlw) = (await app.ExpertNamedAsync("残る 一"), await app.ExpertNamedAsync("返す 二", Affiliation.Mhlw));
        var id = await app.HeldCaseAsync("株式会社返上", (Track.Mic, mic), (Track.Mhlw, mhlw));
        var booked = await app.Send(Visit(id, At(11, 26, 10)));
        var offer = OfferId.Parse((string)(await app.SqlAsync($"select offer_id::text from case_tracks where case_id = '{id}' and track = 'mhlw'"))!, null);

        var (leaver, stayer) = (await app.ExpertAsync(mhlw), await app.ExpertAsync(mic));
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new HandBackTrack(offer, "代わりに"), stayer));
        Assert.Equal("offer.source_needed", (await Assert.ThrowsAsync<InvalidInput>(async () => await app.Send(new HandBackTrack(offer, "急病"), await app.DeskAsync("tohoku")))).Errors.Single().Code);
        var given = await app.Send(new HandBackTrack(offer, "急病のため"), leaver);
        Assert.Equal((OfferState.Declined, (int)(await app.SqlAsync($"select version from cases where id = '{id}'"))!), (given.State, given.Version));
        await app.Send(new HandBackTrack(offer, "急病のため"), leaver);

        Assert.Equal("cancelled expert", await app.SqlAsync($"select state || ' ' || cancelled_by from visits where id = '{booked.Id}'"));
        Assert.Equal(0L, await app.SqlAsync($"select count(*) from expert_diary where visit = '{booked.Id}' and state in ('held', 'confirmed')"));
        Assert.Equal(("0,0", CaseStatus.Waiting), (await app.QuotaAsync(id), await app.StatusAsync(id)));
        Assert.Equal("相手の専門家を探しています（厚労省）", await JointAsync(id));
        var letters = (string)(await app.SqlAsync($"select string_agg(m.body, '§') from outgoing_mail m join cases c on c.email = m.recipient where c.id = '{id}' and m.template = 'visit-cancelled'"))!;
        Assert.DoesNotContain('§', letters);
        Assert.Contains("後任の専門家が決まりしだい", letters, StringComparison.Ordinal);

        // The same question is not asked again; the one who stays needs no second answer.
        Assert.Equal("offer.excluded", (await Assert.ThrowsAsync<RuleViolation>(async () => await app.Send(new OfferCase(id, Track.Mhlw, mhlw), await app.DeskAsync("tohoku")))).Code);
        var heir = await app.Send(new OfferCase(id, Track.Mhlw, await app.ExpertNamedAsync("継ぐ 三", Affiliation.Mhlw)));
        await app.Send(new AcceptOffer(heir.Id, "電話で受諾"));
        Assert.Equal(2, (await app.Send(Visit(id, At(11, 26, 10)))).Experts.Count);
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task J19_an_expert_who_cancels_a_joint_visit_keeps_the_track_and_both_are_free_for_another_date()
    {
        var (mic, mhlw) = (await app.ExpertNamedAsync("都合 一"), await app.ExpertNamedAsync("都合 二", Affiliation.Mhlw));
        var id = await app.HeldCaseAsync("株式会社都合", (Track.Mic, mic), (Track.Mhlw, mhlw));
        var booked = await app.Send(Visit(id, At(11, 27, 10)));
        await app.Send(new CancelVisit(booked.Id, CancelledBy.Expert, "都合がつかない"), await app.ExpertAsync(mhlw));
        Assert.Equal(("0,0", CaseStatus.Assigned), (await app.QuotaAsync(id), await app.StatusAsync(id)));
        Assert.Equal("合同の相談の日程を、あらためて探しています", await JointAsync(id));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from outgoing_mail m join cases c on c.email = m.recipient where c.id = '{id}' and m.template = 'visit-cancelled'"));
        await app.Send(Visit(await app.HeldCaseAsync("株式会社空き", (Track.Mic, mic)), At(11, 27, 10)));
        await app.Send(Visit(id, At(11, 27, 13)));
        Assert.Null(await JointAsync(id));
    }

    [Fact]
    public async Task J19_joint_bookings_that_share_experts_stand_in_all_diaries_or_in_none()
    {
        var experts = new List<ExpertId>();
        for (var i = 0; i < 3; i++)
        {
            experts.Add(await app.ExpertNamedAsync($"競争 {i}", Affiliation.Both));
        }

        var cases = new List<CaseId>();
        for (var i = 0; i < 6; i++)
        {
            cases.Add(await app.HeldCaseAsync($"株式会社競争{i}", (Track.Mic, experts[i % 3]), (Track.Mhlw, experts[(i + 1) % 3])));
        }

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 36).Select(async i =>
        {
            try
            {
                await app.Send(Visit(cases[i % 6], At(11, 30, 10).AddMinutes((i / 12 * 20) - 20)));
                return "booked";
            }
            catch (RuleViolation refused)
            {
                return refused.Code;
            }
        }));

        Assert.Empty(outcomes.Except(["booked", "visit.taken", "visit.client_busy"]));
        // Any two of these pairs share an expert and all periods overlap.
        Assert.Single(outcomes, o => o == "booked");
        var ids = string.Join(',', cases.Select(c => $"'{c}'"));
        Assert.Equal("1 2", await app.SqlAsync($"select count(distinct v.id) || ' ' || count(d.id) from visits v left join expert_diary d on d.visit = v.id and d.state = 'confirmed' where v.case_id in ({ids}) and v.state = 'confirmed'"));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    private static Affiliation OnlyOf(Track track) => track == Track.Mic ? Affiliation.Mic : Affiliation.Mhlw;

    private async Task<TrackState> TrackAsync(CaseId id, Track track) => (await app.Send(new GetCase(id))).Full!.Tracks.Single(t => t.Track == track).State;

    private async Task<string?> JointAsync(CaseId id) => JointState.Of((await app.Send(new GetCase(id))).Full!);
}
