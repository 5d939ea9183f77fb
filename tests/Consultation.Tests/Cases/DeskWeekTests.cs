using Consultation.Cases;
using Consultation.CaseFile;
using Consultation.Check;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Routing;
using Consultation.Staff;
using Consultation.Tests.Visits;
using Consultation.Topics;
using Consultation.Visits;
using Microsoft.Extensions.DependencyInjection;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Cases;

/// <summary>What a desk does all week beside routing: consent, second calls, call-backs, answers, referrals, dictation, hand-over.</summary>
public sealed class DeskWeekTests(TestApp app) : IClassFixture<TestApp>
{
    private async Task<(CaseId Id, Actor Clerk)> CaseAsync(string organisation, string? email = null, string text = "就業規則の相談", string desk = "tohoku", Channel channel = Channel.Email)
    {
        var clerk = await app.DeskAsync(desk);
        var logged = await app.Send(new LogInquiry(channel, text, Organisation: new(organisation, Prefecture: "宮城県"), Contact: new("佐藤", "総務", "022-123-4567", email)), clerk);
        return (logged.Id, clerk);
    }

    private async Task<FullCase> FileAsync(CaseId id, Actor actor) => (await app.Send(new GetCase(id), actor)).Full!;

    private async Task<long> CountAsync(string from) => (long)(await app.SqlAsync($"select count(*) from {from}"))!;

    [Fact]
    public async Task An_oral_consent_after_intake_shows_the_person_to_the_expert_and_its_withdrawal_hides_them_again()
    {
        await app.MoveClockAsync(TestApp.Start);
        var (id, clerk) = await CaseAsync("株式会社同意");
        var expert = await app.ExpertNamedAsync("同意 専門家", Affiliation.Mhlw);
        var me = await app.ExpertAsync(expert);
        await app.Send(new RouteCase(id, [Track.Mhlw]), clerk);
        await app.Send(new OfferCase(id, Track.Mhlw, expert, Reason: "試験"), await app.SupervisorAsync());
        Assert.Null((await app.Send(new ListOffers(), me)).Items.Single().Contact);

        await app.Send(new RecordConsent(id, Channel.Phone, "社長の鈴木"), clerk);
        await app.Send(new RecordConsent(id, Channel.Phone, "もう一度"), clerk);
        var consent = (await FileAsync(id, clerk)).Consent!;
        Assert.Equal(("社長の鈴木", Channel.Phone, ConsentTexts.Newest.Version, clerk.Name), (consent.GivenBy, consent.Channel, consent.TextVersion, consent.RecordedBy));
        Assert.Equal("佐藤", (await app.Send(new ListOffers(), me)).Items.Single().Contact!.Name);

        await app.Send(new WithdrawConsent(id, "社内の都合"), clerk);
        await app.Send(new WithdrawConsent(id), clerk);
        Assert.Null((await FileAsync(id, clerk)).Consent);
        Assert.Null((await app.Send(new ListOffers(), me)).Items.Single().Contact);
        Assert.Equal(1, await CountAsync($"consents where case_id = '{id}' and withdrawn_why = '社内の都合'"));
        Assert.Equal(1, await CountAsync($"audit_entry where action = 'consent.withdrawn' and subject_id = '{id}'"));
        await Assert.ThrowsAsync<Forbidden>(() => app.Send(new RecordConsent(id, Channel.Phone), me));
        await Assert.ThrowsAsync<NotFound>(async () => await app.Send(new RecordConsent(id, Channel.Phone), await app.DeskAsync("kyushu")));
        var wrong = await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new RecordConsent(id, null, At: app.Now.AddHours(1)), clerk));
        Assert.Equal("field.required", wrong.Errors.Single().Code);
    }

    [Fact]
    public async Task J60_a_second_call_at_another_desk_is_a_contact_and_news_for_the_holder_but_no_case()
    {
        await app.MoveClockAsync(TestApp.Start);
        var (id, clerk) = await CaseAsync("株式会社二度目の電話");
        var other = await app.DeskAsync("kyushu");
        var (cases, contacts) = (await CountAsync("cases"), await CountAsync("contacts"));

        var hit = (await app.Send(new ListCases("(株)二度目の電話"), other)).Items.Single();
        Assert.True(hit.Reduced);
        var seen = await app.Send(new GetCase(hit.Id), other);
        Assert.Equal((null, "東北窓口"), (seen.Full, seen.Desk));
        await app.Send(new RecordContact(id, ContactDirection.In, Channel.Phone, ContactResult.Message, Text: "水曜の午後に電話がほしいとのこと"), other);

        Assert.Equal((cases, contacts + 1), (await CountAsync("cases"), await CountAsync("contacts")));
        Assert.Equal(1, await CountAsync($"audit_entry where action = 'contact.recorded' and subject_id = '{id}' and details = 'other district'"));
        Assert.Empty(await app.Send(new ListNews(), other));
        var news = (await app.Send(new ListNews(), clerk)).Single(n => n.Case == id);
        Assert.Equal((DeskNewsKind.Contact, "水曜の午後に電話がほしいとのこと", other.Name), (news.Kind, news.Text, news.By));
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new SeeNews(news.Id), other));
        await app.Send(new SeeNews(news.Id), clerk);
        Assert.DoesNotContain(await app.Send(new ListNews(), clerk), n => n.Case == id);

        await app.Send(new RecordContact(id, ContactDirection.Out, Channel.Phone, ContactResult.Answered, Text: "折り返した"), clerk);
        Assert.DoesNotContain(await app.Send(new ListNews(), clerk), n => n.Case == id);
    }

    [Fact]
    public async Task J59_a_promised_call_is_due_a_quarter_of_an_hour_before_and_kept_by_the_third_attempt()
    {
        await app.MoveClockAsync(TestApp.Start);
        var clerk = await app.DeskAsync("shikoku");
        var logged = await app.Send(new LogInquiry(Channel.Phone, "あとで電話してほしい", CallBackAt: At(11, 24, 14)), clerk);
        Assert.False((await app.Send(new ListCallBacks(), clerk)).Items.Single().IsDue);
        await app.MoveClockAsync(At(11, 24, 13, 45));
        var due = (await app.Send(new ListCallBacks(), clerk)).Items.Single();
        Assert.Equal((true, true), (due.IsDue, due.IsPromise));

        var cases = await CountAsync("cases");
        await app.Send(new RecordContact(logged.Id, ContactDirection.Out, Channel.Phone, ContactResult.NoAnswer), clerk);
        await app.MoveClockAsync(At(11, 24, 14, 10));
        await app.Send(new RecordContact(logged.Id, ContactDirection.Out, Channel.Phone, ContactResult.NoAnswer), clerk);
        var tried = (await app.Send(new ListCallBacks(), clerk)).Items.Single();
        Assert.Equal(2, tried.Attempts);
        Assert.InRange(tried.LastAttemptAt!.Value, At(11, 24, 14, 10), At(11, 24, 14, 15));
        Assert.Contains((await FileAsync(logged.Id, clerk)).Deadlines, d => d.Kind == DeadlineKind.FirstResponse);

        await app.Send(new RecordContact(logged.Id, ContactDirection.Out, Channel.Phone, ContactResult.Answered, Text: "話せた"), clerk);
        Assert.Empty((await app.Send(new ListCallBacks(), clerk)).Items);
        var file = await FileAsync(logged.Id, clerk);
        Assert.Empty(file.Deadlines);
        Assert.Equal((4, cases), (file.Contacts.Count, await CountAsync("cases")));
    }

    [Fact]
    public async Task J63_a_subsidy_question_beside_a_route_is_answered_and_referred_without_ending_the_route()
    {
        await app.MoveClockAsync(TestApp.Start);
        var (id, clerk) = await CaseAsync("株式会社三つの用件", "sato@client.example", "VPNの設定と就業規則を相談したい。使える補助金も知りたい。");
        var file = await FileAsync(id, clerk);
        Assert.Equal([Track.Mic, Track.Mhlw], file.Suggestion.Tracks.Order());
        Assert.NotNull(file.Suggestion.Lead);
        Assert.NotEmpty(file.Suggestion.Referrals);
        Assert.Contains(file.Suggestion.Answers, a => a.Code == "SUBSIDY");

        var seen = await app.Send(new PreviewAnswer(id, "SUBSIDY", "お電話の件です。"), clerk);
        Assert.Equal("sato@client.example", seen.Email);
        Assert.Contains("お電話の件です。", seen.Body);
        Assert.Contains("https://", seen.Body);
        Assert.DoesNotContain("{{", seen.Body + seen.Subject);
        Assert.True((await app.Send(new SendAnswer(id, "SUBSIDY", "お電話の件です。"), clerk)).Mailed);
        Assert.Equal(seen.Body, await app.SqlAsync($"select body from outgoing_mail where reference = '{id}' and template = 'standard-answer'"));
        await app.Send(new ReferClient(id, "JINZAI-TW", Channel.Phone, "労働局の電話番号を伝えた"), clerk);
        await app.Send(new RouteCase(id, [Track.Mic, Track.Mhlw]), clerk);

        file = await FileAsync(id, clerk);
        Assert.Equal(CaseStatus.Waiting, await app.StatusAsync(id));
        Assert.Equal("人材確保等支援助成金（テレワークコース）", Assert.Single(file.Referrals).TargetName);
        Assert.DoesNotContain(file.Deadlines, d => d.Kind == DeadlineKind.FirstResponse);
        Assert.Equal(3, file.Contacts.Count);
        Assert.Contains(file.History, h => h.Kind == "answer_sent");
        Assert.Equal("field.unknown_code", (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new ReferClient(id, "IT-DONYU", Channel.Phone), clerk))).Errors.Single().Code);
        Assert.Equal("field.unknown_code", (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new SendAnswer(id, "NOPE"), clerk))).Errors.Single().Code);
        Assert.Equal(["{{name}}"], (await app.Send(new PreviewAnswer(id, "SUBSIDY", "{{name}}様、お電話の件です。"), clerk)).Gaps);
        var hole = (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new SendAnswer(id, "SUBSIDY", "{{name}}様、お電話の件です。"), clerk))).Errors.Single();
        Assert.Equal("words", hole.Field);
        Assert.Contains("{{name}}", hole.Text, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NotFound>(async () => await app.Send(new SendAnswer(id, "SUBSIDY"), await app.DeskAsync("okinawa")));
    }

    [Fact]
    public async Task A_standard_answer_without_an_address_is_a_call_that_meets_the_first_response_only_when_it_is_made()
    {
        await app.MoveClockAsync(TestApp.Start);
        var (id, clerk) = await CaseAsync("株式会社宛先なし", null, channel: Channel.Web);
        Assert.Null((await app.Send(new PreviewAnswer(id, "HOURS"), clerk)).Email);
        Assert.False((await app.Send(new SendAnswer(id, "HOURS"), clerk)).Mailed);
        var owed = (await app.Send(new ListCallBacks(), clerk)).Items.Single(c => c.Case == id);
        Assert.False(owed.IsPromise);
        Assert.Contains("受付は平日の9時から17時", owed.Reason);
        Assert.Contains((await FileAsync(id, clerk)).Deadlines, d => d.Kind == DeadlineKind.FirstResponse);

        await app.Send(new RecordContact(id, ContactDirection.Out, Channel.Phone, ContactResult.Answered), clerk);
        Assert.Empty((await FileAsync(id, clerk)).Deadlines);
        await app.Send(new CloseCase(id, CaseOutcome.Answered), clerk);
    }

    [Fact]
    public async Task A_case_handed_over_is_news_for_the_receiving_desk_and_goes_only_to_a_desk_in_force()
    {
        await app.MoveClockAsync(TestApp.Start);
        var (id, clerk) = await CaseAsync("株式会社引継ぎ");
        var kanto = await app.DeskAsync("kanto");
        await app.Send(new RecordContact(id, ContactDirection.In, Channel.Phone, ContactResult.NoAnswer, Text: "見ていない伝言"), kanto);
        await app.SqlAsync("update desks set effective_to = '2026-10-31' where slug = 'hokuriku'");
        app.Provider.GetRequiredService<DeskBook>().Drop();
        var refused = await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new HandOverCase(id, "hokuriku", "管内のため"), clerk));
        await app.SqlAsync("update desks set effective_to = null where slug = 'hokuriku'");
        Assert.Equal("desk.not_in_force", refused.Errors.Single().Code);
        Assert.Contains((await app.Send(new ListNews(), clerk)), n => n.Case == id);

        var chugoku = await app.DeskAsync("chugoku");
        await app.Send(new HandOverCase(id, "chugoku", "訪問先が管内のため"), clerk);
        Assert.Equal(["訪問先が管内のため", "見ていない伝言"], (await app.Send(new ListNews(), chugoku)).Select(n => n.Text));
        Assert.DoesNotContain(await app.Send(new ListNews(), clerk), n => n.Case == id);
        Assert.Null((await app.Send(new GetCase(id), clerk)).Full);
    }

    [Fact]
    public async Task J61_a_dictated_report_is_confirmed_by_the_expert_alone()
    {
        await app.MoveClockAsync(TestApp.Start);
        var expert = await app.ExpertNamedAsync("口述 専門家");
        var id = await app.HeldCaseAsync("株式会社口述", (Track.Mic, expert));
        var clerk = await app.DeskAsync("tohoku");
        var booked = await app.Send(Visit(id, At(11, 26, 10)));
        await app.MoveClockAsync(At(11, 26, 12));
        await app.Send(new CompleteVisit(booked.Id, VisitOutcome.TookPlace, 60, "専門家から電話"), clerk);
        await app.Send(new FileReport(booked.Id, Track.Mic, "回線を太くする順序を助言した", ReportNext.Done, Source: "専門家が電話で口述"), clerk);
        Assert.False((await FileAsync(id, clerk)).Visits.Single().Reports.Single().Confirmed);

        await Assert.ThrowsAsync<Forbidden>(() => app.Send(new ConfirmReport(booked.Id, Track.Mic), clerk));
        var me = await app.ExpertAsync(expert);
        Assert.True((await app.Send(new ConfirmReport(booked.Id, Track.Mic), me)).Confirmed);
        await app.Send(new ConfirmReport(booked.Id, Track.Mic), me);
        Assert.Equal(1, await CountAsync($"case_history where case_id = '{id}' and kind = 'report_confirmed'"));
        await Assert.ThrowsAsync<NotFound>(async () => await app.Send(new ConfirmReport(booked.Id, Track.Mic), await app.ExpertAsync(await app.ExpertNamedAsync("口述 他人"))));
    }

    [Fact]
    public async Task J02_at_intake_the_quota_of_the_company_is_seen_and_a_case_of_its_own_beside_similar_ones_needs_a_reason()
    {
        await app.MoveClockAsync(TestApp.Start);
        var expert = await app.ExpertNamedAsync("回数 専門家");
        var id = await app.HeldCaseAsync("株式会社残り回数", (Track.Mic, expert));
        await app.Send(Visit(id, At(11, 27, 10)));
        var other = await app.DeskAsync("kyushu");
        var seen = await app.Send(new PreviewInquiry("相談", "（株）残り回数", Prefecture: "宮城県"), other);
        Assert.Equal((3, 1, 0), (seen.Quota!.Limit, seen.Quota.Held, seen.Quota.Used));
        Assert.Equal((true, "東北窓口"), (seen.Similar.Single().IsOtherDesks, seen.Similar.Single().Desk));
        Assert.Equal(3, (await app.Send(new PreviewInquiry("相談", "株式会社はじめて"), other)).Quota!.Limit);
        Assert.Null((await app.Send(new PreviewInquiry("相談", "個人"), other)).Quota);

        var again = new LogInquiry(Channel.Phone, "別の件", Organisation: new("株式会社残り回数"), BesideSimilar: true);
        Assert.Equal("separateReason", (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(again, other))).Errors.Single().Field);
        var logged = await app.Send(again with { SeparateReason = "別の事業所" }, other);
        Assert.Contains((await FileAsync(logged.Id, other)).History, h => h.Kind == "separate" && h.Text.Contains("別の事業所"));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }
}
