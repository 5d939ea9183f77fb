using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Routing;
using Consultation.Topics;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using static Consultation.Tests.Routing.Queue;

namespace Consultation.Tests.Routing;

public sealed class OfferTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task An_offer_is_accepted_by_the_expert_and_accepting_again_changes_nothing()
    {
        var desk = await app.DeskAsync("kanto");
        var expert = await app.HireAsync();
        var offer = await app.OfferedAsync(desk, expert);
        Assert.Equal((OfferState.Open, CaseStatus.Offered, Japan(11, 26, 17)), (offer.State, offer.Status, offer.RespondBy));

        var me = await app.ExpertAsync(expert);
        var accepted = await app.Send(new AcceptOffer(offer.Id), me);
        Assert.Equal((OfferState.Accepted, CaseStatus.Assigned), (accepted.State, accepted.Status));
        var again = await app.Send(new AcceptOffer(offer.Id), me);
        Assert.Equal(accepted, again);
        Assert.Equal("offer.closed", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new DeclineOffer(offer.Id, "やはり無理"), me))).Code);
    }

    [Fact]
    public async Task The_desk_answers_for_the_expert_only_with_the_source()
    {
        var desk = await app.DeskAsync("kanto");
        var offer = await app.OfferedAsync(desk, await app.HireAsync());
        var refused = await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new AcceptOffer(offer.Id), desk));
        Assert.Equal(("source", "offer.source_needed"), (refused.Errors.Single().Field, refused.Errors.Single().Code));
        await app.Send(new AcceptOffer(offer.Id, "電話で受諾"), desk);
        Assert.Contains((await app.CaseAsync(offer.Case)).History, h => h.Text.Contains("電話で受諾", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Somebody_elses_offer_is_not_found()
    {
        var offer = await app.OfferedAsync(await app.DeskAsync("kanto"), await app.HireAsync());
        var other = await app.ExpertAsync(await app.HireAsync());
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new AcceptOffer(offer.Id), other));
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new DeclineOffer(offer.Id, "不可"), other));
        await Assert.ThrowsAsync<NotFound>(async () => await app.Send(new AcceptOffer(offer.Id, "電話で受諾"), await app.DeskAsync("okinawa")));
        Assert.Empty((await app.Send(new ListOffers(), other)).Items);
    }

    [Fact]
    public async Task J15_a_decline_needs_a_reason_keeps_the_age_and_is_not_offered_to_the_same_person_again()
    {
        var desk = await app.DeskAsync("shikoku");
        var company = new OrganisationInput(Prefecture: "香川県");
        var (first, second) = (await app.HireAsync(prefecture: "香川県"), await app.HireAsync(prefecture: "愛媛県"));
        var id = await app.WaitingAsync(desk, company, null, Track.Mic);
        var before = await app.CaseAsync(id);
        var offer = await app.Send(new OfferCase(id, Track.Mic, Auto: true), desk);
        Assert.Equal(first, offer.Expert);

        var me = await app.ExpertAsync(first);
        await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new DeclineOffer(offer.Id, " "), me));
        var declined = await app.Send(new DeclineOffer(offer.Id, "繁忙期のため"), me);
        Assert.Equal(CaseStatus.Waiting, declined.Status);
        Assert.Equal(declined.Version, (await app.Send(new DeclineOffer(offer.Id, "繁忙期のため"), me)).Version);
        Assert.Equal(before.ReceivedAt, (await app.CaseAsync(id)).ReceivedAt);

        Assert.Equal("declined", Assert.Single((await app.CandidateAsync(id, first, desk)).Excluded).Code);
        Assert.Equal("offer.excluded", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new OfferCase(id, Track.Mic, first), desk))).Code);
        Assert.Equal(second, (await app.Send(new OfferCase(id, Track.Mic, Auto: true), desk)).Expert);
    }

    [Fact]
    public async Task An_excluded_expert_is_refused_with_the_reasons_and_a_supervisor_may_insist_with_a_reason()
    {
        var desk = await app.DeskAsync("kanto");
        var supervisor = await app.SupervisorAsync();
        var outside = await app.HireAsync(prefecture: "沖縄県");
        var id = await app.WaitingAsync(desk, Track.Mic);
        foreach (var (actor, reason) in new[] { (desk, "ぜひ"), (supervisor, null) })
        {
            var refused = await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new OfferCase(id, Track.Mic, outside, Reason: reason), actor));
            Assert.Equal("offer.excluded", refused.Code);
            Assert.Contains("担当地域の外", refused.Text, StringComparison.Ordinal);
        }

        Assert.Equal(outside, (await app.Send(new OfferCase(id, Track.Mic, outside, Reason: "本人の希望"), supervisor)).Expert);
        var other = await app.HireAsync(Affiliation.Mhlw);
        var never = await Assert.ThrowsAsync<RuleViolation>(async () => await app.Send(new OfferCase(await app.WaitingAsync(desk, Track.Mic), Track.Mic, other, Reason: "ぜひ"), supervisor));
        Assert.DoesNotContain("理由を付けて", never.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_expert_or_neither_expert_nor_auto_is_invalid()
    {
        var desk = await app.DeskAsync("kanto");
        var id = await app.WaitingAsync(desk, Track.Mic);
        Assert.Equal("field.unknown_code", (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new OfferCase(id, Track.Mic, ExpertId.New()), desk))).Errors.Single().Code);
        Assert.Equal("offer.expert_or_auto", (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new OfferCase(id, Track.Mic), desk))).Errors.Single().Code);
        Assert.Equal("track.not_wanted", (await Assert.ThrowsAsync<RuleViolation>(async () => await app.Send(new OfferCase(id, Track.Mhlw, await app.HireAsync()), desk))).Code);
    }

    [Fact]
    public async Task J12_of_two_coordinators_at_once_one_wins_and_the_other_learns_who_asked_whom()
    {
        var desk = await app.DeskAsync("kanto");
        var (first, second) = (await app.HireAsync(), await app.HireAsync());
        for (var round = 0; round < 6; round++)
        {
            var id = await app.WaitingAsync(desk, Track.Mic);
            var outcomes = await Task.WhenAll(new[] { first, second }.Select(async expert =>
            {
                try
                {
                    return (object)await app.Send(new OfferCase(id, Track.Mic, expert), desk);
                }
                catch (RuleViolation refused)
                {
                    return refused;
                }
            }));
            var won = Assert.Single(outcomes.OfType<OfferResult>());
            var lost = Assert.Single(outcomes.OfType<RuleViolation>());
            Assert.Equal("offer.taken", lost.Code);
            Assert.Contains(won.ExpertName, lost.Text, StringComparison.Ordinal);
            Assert.Contains(desk.Name, lost.Text, StringComparison.Ordinal);
            Assert.Equal(1L, await app.SqlAsync($"select count(*) from offers where case_id = '{id}'"));
        }
    }

    [Fact]
    public async Task The_last_place_of_an_expert_goes_to_one_of_eight_cases_offered_at_once()
    {
        var desk = await app.DeskAsync("kanto");
        var expert = await app.HireAsync(capacity: 1);
        var cases = new List<CaseId>();
        for (var i = 0; i < 8; i++)
        {
            cases.Add(await app.WaitingAsync(desk, Track.Mic));
        }

        var outcomes = await Task.WhenAll(cases.Select(async id =>
        {
            try
            {
                await app.Send(new OfferCase(id, Track.Mic, expert), desk);
                return "ok";
            }
            catch (RuleViolation refused)
            {
                return refused.Code;
            }
        }));
        Assert.Equal(1, outcomes.Count(o => o == "ok"));
        Assert.Equal(7, outcomes.Count(o => o == "offer.excluded"));
    }

    [Fact]
    public async Task The_database_itself_refuses_a_second_open_offer_for_a_track()
    {
        var offer = await app.OfferedAsync(await app.DeskAsync("kanto"), await app.HireAsync());
        var refused = await Assert.ThrowsAsync<PostgresException>(() => app.SqlAsync($"""
            insert into offers (id, case_id, track, expert_id, state, offered_at, offered_by, respond_by)
            select gen_random_uuid(), case_id, track, expert_id, 'open', offered_at, offered_by, respond_by from offers where id = '{offer.Id}'
            """));
        Assert.Equal("offers_one_open", refused.ConstraintName);
    }

    [Fact]
    public async Task Two_answers_at_once_leave_one_answer()
    {
        var desk = await app.DeskAsync("kanto");
        var expert = await app.HireAsync();
        var me = await app.ExpertAsync(expert);
        for (var round = 0; round < 4; round++)
        {
            var offer = await app.OfferedAsync(desk, expert);
            var answers = new Func<Task<OfferResult>>[] { () => app.Send(new AcceptOffer(offer.Id), me), () => app.Send(new DeclineOffer(offer.Id, "不可"), me) };
            var ended = await Task.WhenAll(answers.Select(async answer =>
            {
                try
                {
                    return (await answer()).State.ToString();
                }
                catch (RuleViolation refused)
                {
                    return refused.Code;
                }
            }));
            Assert.Single(ended, e => e == "offer.closed");
            var kept = await app.CaseAsync(offer.Case);
            Assert.Equal(ended.Contains("Accepted") ? TrackState.Held : TrackState.Wanted, kept.TrackOf(Track.Mic)!.State);
            Assert.Equal(kept.Settled(), kept.Status);
        }
    }

    [Fact]
    public async Task The_expert_sees_who_asks_only_after_consent_and_the_desk_always()
    {
        var desk = await app.DeskAsync("kanto");
        var expert = await app.HireAsync();
        var offer = await app.OfferedAsync(desk, expert);
        var me = await app.ExpertAsync(expert);
        var hidden = Assert.Single((await app.Send(new ListOffers(), me)).Items);
        Assert.Null(hidden.Contact);
        Assert.False(hidden.Consented);
        Assert.Equal("東京都", hidden.Prefecture);
        Assert.Equal("相談 花子", (await app.Send(new ListOffers(Limit: 200), desk)).Items.Single(o => o.Id == offer.Id).Contact!.Name);

        await app.SqlAsync($"update cases set consented_at = app_now() where id = '{offer.Case}'");
        Assert.Equal("03-1234-5678", Assert.Single((await app.Send(new ListOffers(), me)).Items).Contact!.Phone);
        Assert.DoesNotContain((await app.Send(new ListOffers(Limit: 200), await app.DeskAsync("okinawa"))).Items, o => o.Id == offer.Id);
    }

    [Fact]
    public async Task A_list_of_offers_goes_on_where_it_ended()
    {
        var desk = await app.DeskAsync("kinki");
        var expert = await app.HireAsync(prefecture: "大阪府");
        var made = new List<OfferId>();
        for (var i = 0; i < 3; i++)
        {
            made.Add((await app.Send(new OfferCase(await app.WaitingAsync(desk, new(Prefecture: "大阪府"), null, Track.Mic), Track.Mic, expert), desk)).Id);
        }

        var first = await app.Send(new ListOffers(Limit: 2), desk);
        var rest = await app.Send(new ListOffers(After: OfferId.Parse(first.Next!, null), Limit: 2), desk);
        Assert.Null(rest.Next);
        Assert.Equal(made, first.Items.Concat(rest.Items).Select(o => o.Id));
    }

    [Fact]
    public async Task The_mail_to_the_expert_names_number_topics_and_limit_and_nobody()
    {
        var expert = await app.HireAsync(email: "mail-test@example.jp");
        var offer = await app.OfferedAsync(await app.DeskAsync("kanto"), expert);
        var mail = (string)(await app.SqlAsync($"select subject || body from outgoing_mail where recipient = 'mail-test@example.jp' and event_key = 'offer/{offer.Id}'"))!;
        Assert.Contains(offer.Number, mail, StringComparison.Ordinal);
        Assert.Contains("東京都", mail, StringComparison.Ordinal);
        Assert.Contains("令和8年11月26日(木) 17:00", mail, StringComparison.Ordinal);
        foreach (var personal in new[] { "花子", "5678", "hanako" })
        {
            Assert.DoesNotContain(personal, mail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_expert_without_an_address_is_called_by_the_desk_and_still_gets_the_offer()
    {
        var desk = await app.DeskAsync("kanto");
        var offer = await app.OfferedAsync(desk, await app.HireAsync(email: null));
        var call = Assert.Single((await app.Send(new ListCallBacks(), desk)).Items, c => c.Case == offer.Case);
        Assert.Contains(offer.ExpertName, call.Reason, StringComparison.Ordinal);
        Assert.Equal("03-0000-0001", call.Phone);
    }
}
