using Consultation.CaseFile;
using Consultation.Cases;
using Consultation.Check;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Routing;
using Consultation.Tests.Visits;
using Consultation.Topics;
using Consultation.Visits;
using Microsoft.EntityFrameworkCore;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Cases;

/// <summary>The calls a desk owes: to whom, from when until when, what ends them and what leaves them alone.</summary>
public sealed class OwedCallTests(TestApp app) : IClassFixture<TestApp>
{
    private static readonly RecordContact Talk = new(default, ContactDirection.Out, Channel.Phone, ContactResult.Answered);

    private Task<List<CallBack>> CallsAsync(CaseId id) =>
        app.ReadAsync(db => db.Set<CallBack>().AsNoTracking().Where(c => c.CaseId == id).OrderBy(c => c.Id).ToListAsync());

    private async Task<IEnumerable<string>> OpenKeysAsync(CaseId id) =>
        (await CallsAsync(id)).Where(c => c.State == CallBackState.Open).Select(c => c.EventKey!.Split('/')[0]).Order(StringComparer.Ordinal);

    private async Task<List<Deadline>> ClocksAsync(CaseId id) => await app.ReadAsync(db => db.Set<Deadline>().AsNoTracking()
        .Where(d => d.CaseId == id && (d.State == DeadlineState.Open || d.State == DeadlineState.Paused)).OrderBy(d => d.DueAt).ToListAsync());

    private async Task<(CaseId Id, Actor Clerk)> WrittenAsync(string organisation)
    {
        var clerk = await app.DeskAsync("tohoku");
        var logged = await app.Send(new LogInquiry(Channel.Web, "VPNの相談", Organisation: new(organisation, Prefecture: "宮城県"), Contact: new("山田", null, "022-111-2222")), clerk);
        return (logged.Id, clerk);
    }

    private async Task<ExpertId> UnmailedExpertAsync(string name)
    {
        var expert = await app.ExpertNamedAsync(name);
        await app.SqlAsync($"update experts set email = null where id = '{expert}'");
        return expert;
    }

    private async Task<OfferResult> AskAsync(CaseId id, ExpertId expert) => await app.Send(new OfferCase(id, Track.Mic, expert, Reason: "試験"));

    private async Task SoundAsync() => Assert.Empty((await app.Send(new RunCheck())).Broken);

    [Fact]
    public async Task A_talk_settles_the_clients_calls_of_the_day_and_leaves_later_promises_and_calls_to_experts()
    {
        await app.MoveClockAsync(TestApp.Start);
        var (id, clerk) = await WrittenAsync("株式会社二つの電話");
        await app.Send(new RouteCase(id, [Track.Mic]), clerk);
        await AskAsync(id, await UnmailedExpertAsync("電話 専門家"));
        await app.Send(new SendAnswer(id, "HOURS"), clerk);
        await app.Send(Talk with { Case = id, Result = ContactResult.NoAnswer, CallBackAt = At(11, 24, 16) }, clerk);
        await app.Send(Talk with { Case = id, Result = ContactResult.NoAnswer, CallBackAt = At(12, 10, 10) }, clerk);
        Assert.Equal(
            [(CallBackKind.Colleague, 0), (CallBackKind.Letter, 1), (CallBackKind.Promise, 1), (CallBackKind.Promise, 0)], (await CallsAsync(id)).Select(c => (c.Kind, c.Attempts)));

        var told = await app.Send(Talk with { Case = id }, clerk);
        Assert.Equal("これで済んだ電話は2件です。12月10日(木) 10:00 の折り返しの約束は残しています。ほかの電話1件は残しています。", told.Calls);
        Assert.Equal(
            [CallBackState.Open, CallBackState.Kept, CallBackState.Kept, CallBackState.Open], (await CallsAsync(id)).Select(c => c.State));
        await SoundAsync();
    }

    [Fact]
    public async Task One_call_that_was_made_ends_alone_and_one_to_an_expert_is_no_contact_with_the_client()
    {
        await app.MoveClockAsync(TestApp.Start);
        var (id, clerk) = await WrittenAsync("株式会社一つだけ");
        var expert = await UnmailedExpertAsync("一つ 専門家");
        await app.Send(new SendAnswer(id, "HOURS"), clerk);
        await app.Send(new SendAnswer(id, "SUBSIDY"), clerk);
        await app.SqlAsync($"insert into call_backs (id, case_id, desk_id, kind, call_from, due_at, reason, state) select gen_random_uuid(), id, desk_id, 'colleague', app_now(), app_now(), '専門家に催促', 'open' from cases where id = '{id}'");
        var calls = (await app.Send(new ListCallBacks(), clerk)).Items.Where(c => c.Case == id).ToList();
        var colleague = calls.Single(c => c.Kind == CallBackKind.Colleague).Id;
        var letter = calls.First(c => c.Kind == CallBackKind.Letter).Id;

        await Assert.ThrowsAsync<NotFound>(async () => await app.Send(new KeepCall(colleague, ContactResult.Answered), await app.DeskAsync("kyushu")));
        await Assert.ThrowsAsync<Forbidden>(async () => await app.Send(new KeepCall(letter, ContactResult.Answered), await app.ExpertAsync(expert)));
        Assert.Equal("field.unknown_code", (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new KeepCall(letter, ContactResult.Message), clerk))).Errors.Single().Code);
        await app.Send(new KeepCall(colleague, ContactResult.NoAnswer), clerk);
        await app.Send(new KeepCall(colleague, ContactResult.Answered, "今週中に出すとのこと"), clerk);
        var file = (await app.Send(new GetCase(id), clerk)).Full!;
        Assert.Contains(file.History, h => h.Kind == "call_made" && h.Text.Contains("今週中に出すとのこと", StringComparison.Ordinal));
        Assert.Single(file.Contacts);
        Assert.Contains(file.Deadlines, d => d.Kind == DeadlineKind.FirstResponse);

        await app.Send(new KeepCall(letter, ContactResult.NoAnswer), clerk);
        Assert.Contains((await app.Send(new GetCase(id), clerk)).Full!.Deadlines, d => d.Kind == DeadlineKind.FirstResponse);
        for (var twice = 0; twice < 2; twice++)
        {
            await app.Send(new KeepCall(letter, ContactResult.Answered, "受付時間を伝えた"), clerk);
        }

        file = (await app.Send(new GetCase(id), clerk)).Full!;
        Assert.Equal((3, 1), (file.Contacts.Count, file.CallBacks.Count));
        Assert.DoesNotContain(file.Deadlines, d => d.Kind == DeadlineKind.FirstResponse);
        await app.Send(new CloseCase(id, CaseOutcome.Answered, CloseOpenWork: true), clerk);
        Assert.Equal("call_back.ended", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new KeepCall(file.CallBacks.Single().Id, ContactResult.Answered), clerk))).Code);
        await SoundAsync();
    }

    [Fact]
    public async Task A_call_that_asks_an_expert_ends_with_the_question_however_it_ends()
    {
        await app.MoveClockAsync(TestApp.Start);
        var (id, clerk) = await WrittenAsync("株式会社打診の電話");
        await app.Send(new RouteCase(id, [Track.Mic]), clerk);
        var (first, second, third) = (await UnmailedExpertAsync("一番 専門家"), await UnmailedExpertAsync("二番 専門家"), await UnmailedExpertAsync("三番 専門家"));
        await app.Send(new DeclineOffer((await AskAsync(id, first)).Id, "多忙", "電話"), clerk);
        Assert.Empty(await OpenKeysAsync(id));
        var taken = await AskAsync(id, second);
        var asked = await app.Send(new ReassignTrack(id, Track.Mic, third, "長期不在"));
        Assert.Equal($"offer-made/offer/{asked.Id}", (await CallsAsync(id)).Single(c => c.State == CallBackState.Open).EventKey);
        Assert.NotEqual(taken.Id, asked.Id);
        await app.MoveClockAsync(At(11, 27, 10));
        await app.Send(new ExpireOffers());
        Assert.Empty(await OpenKeysAsync(id));
        await app.Send(new AcceptOffer((await AskAsync(id, await UnmailedExpertAsync("四番 専門家"))).Id, "電話"), clerk);
        Assert.Equal(["kept", "dropped", "dropped", "kept"], (await CallsAsync(id)).Select(c => EnumWord(c.State)));
        Assert.DoesNotContain(await ClocksAsync(id), d => d.Kind == DeadlineKind.CallBack);
        await SoundAsync();
    }

    private static string EnumWord(CallBackState state) => state.ToString().ToLowerInvariant();

    [Fact]
    public async Task A_call_about_a_date_ends_when_the_date_is_moved_given_up_or_over()
    {
        await app.MoveClockAsync(TestApp.Start);
        var expert = await UnmailedExpertAsync("日程 専門家");
        var id = await app.HeldCaseAsync("株式会社日程の電話", (Track.Mic, expert));
        await app.SqlAsync($"update cases set email = null where id = '{id}'");
        var booked = await app.Send(Visit(id, At(11, 26, 10)));
        Assert.Equal(["visit-confirmed", "visit-confirmed"], await OpenKeysAsync(id));
        await app.Send(new RescheduleVisit(booked.Id, At(11, 26, 13), At(11, 26, 14), "先方都合"));
        Assert.Equal(["visit-moved", "visit-moved"], await OpenKeysAsync(id));
        await app.Send(new CancelVisit(booked.Id, CancelledBy.Client, "都合"));
        Assert.Equal(["visit-cancelled", "visit-cancelled"], await OpenKeysAsync(id));

        var again = await app.Send(Visit(id, At(11, 26, 15)));
        await app.MoveClockAsync(At(11, 26, 17));
        await app.Send(new CompleteVisit(again.Id, VisitOutcome.TookPlace, Source: "電話"));
        Assert.Equal(["visit-cancelled", "visit-cancelled"], await OpenKeysAsync(id));
        await SoundAsync();
    }

    [Fact]
    public async Task A_mail_that_bounces_after_its_question_was_answered_asks_nobody_by_telephone()
    {
        await app.MoveClockAsync(TestApp.Start);
        var (id, clerk) = await WrittenAsync("株式会社遅い不達");
        await app.Send(new RouteCase(id, [Track.Mic]), clerk);
        var offer = await AskAsync(id, await app.ExpertNamedAsync("遅い 専門家"));
        await app.Send(new AcceptOffer(offer.Id, "電話"), clerk);
        var mail = MailId.Parse((await app.SqlAsync($"update outgoing_mail set state = 'attempting', attempts = 1 where event_key = 'offer/{offer.Id}' returning id"))!.ToString()!, null);
        var fence = (int)(await app.SqlAsync($"select fence from outgoing_mail where id = '{mail}'"))!;
        Assert.True(await app.Send(new MarkMail(mail, fence, new(DeliveryEnd.Refused, "smtp.550", BlamesRecipient: true))));
        Assert.True(await app.Send(new TellLostMail(mail)));
        Assert.Equal((CallBackKind.Colleague, CallBackState.Kept), (await CallsAsync(id)).Select(c => (c.Kind, c.State)).Single());
        await SoundAsync();
    }

    [Theory]
    [InlineData(24, 9, 20, 24, 9, 24, "その日の受付終了")]
    [InlineData(24, 6, 30, 24, 9, 24, "その日の受付終了")]
    [InlineData(24, 15, 30, 24, 15, 25, "次の営業日の受付終了")]
    [InlineData(24, 20, 0, 25, 9, 25, "その日の受付終了")]
    [InlineData(21, 11, 0, 24, 9, 24, "その日の受付終了")]
    public async Task A_call_nobody_promised_has_a_day_to_be_made(int day, int hour, int minute, int fromDay, int fromHour, int dueDay, string why)
    {
        await app.MoveClockAsync(At(11, day, hour, minute));
        var (id, clerk) = await WrittenAsync($"株式会社電話の時間{day}{hour}");
        await app.Send(new SendAnswer(id, "HOURS"), clerk);
        var call = Assert.Single(await CallsAsync(id));
        Assert.Equal((At(11, dueDay, 17), fromDay, fromHour), (call.DueAt, call.CallFrom.ToOffset(TimeSpan.FromHours(9)).Day, call.CallFrom.ToOffset(TimeSpan.FromHours(9)).Hour));
        var clock = (await ClocksAsync(id)).Single(d => d.Kind == DeadlineKind.CallBack);
        Assert.Equal(call.DueAt, clock.DueAt);
        Assert.Contains($"{fromHour}:", clock.Why, StringComparison.Ordinal);
        Assert.Contains(why, clock.Why, StringComparison.Ordinal);
        Assert.Equal(hour is not (6 or 20 or 11), (await app.Send(new ListCallBacks(), clerk)).Items.Single(c => c.Case == id).IsDue);
        await SoundAsync();
    }

    [Fact]
    public async Task A_hold_moves_no_promise_and_queue_and_home_agree()
    {
        await app.MoveClockAsync(TestApp.Start);
        var clerk = await app.DeskAsync("shikoku");
        var id = (await app.Send(new LogInquiry(Channel.Phone, "相談", CallBackAt: At(11, 24, 14)), clerk)).Id;
        await app.Send(new HoldCase(id, "返事待ち"), clerk);
        Assert.Equal((true, At(11, 24, 14)), (await app.Send(new ListQueue(DueBefore: At(11, 25, 0)), clerk)).Items.Select(r => (r.OnHold, r.DueAt!.Value)).Single());
        await app.MoveClockAsync(At(11, 24, 13));
        await app.Send(new ResumeCase(id), clerk);
        var clock = (await ClocksAsync(id)).Single(d => d.Kind == DeadlineKind.CallBack);
        Assert.Equal((At(11, 24, 14), null), (clock.DueAt, clock.Counting));
        Assert.Equal(clock.DueAt, (await app.Send(new ListCallBacks(), clerk)).Items.Single().DueAt);
        await SoundAsync();
    }

    [Fact]
    public async Task A_call_is_promised_for_an_open_day_within_the_contract_and_says_the_year_where_it_is_another()
    {
        await app.MoveClockAsync(TestApp.Start);
        var (id, clerk) = await WrittenAsync("株式会社約束の日");
        async Task<InputError> RefusedAsync(DateTimeOffset at) => (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(Talk with { Case = id, CallBackAt = at }, clerk))).Errors.Single();
        var sunday = await RefusedAsync(At(11, 29, 10));
        Assert.Equal(("callBackAt", "call_back.closed_day"), (sunday.Field, sunday.Code));
        Assert.Contains("日曜日", sunday.Text, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new LogInquiry(Channel.Phone, "相談", CallBackAt: At(11, 29, 10)), clerk));
        Assert.Equal("call_back.beyond_contract", (await RefusedAsync(At(4, 2, 10, year: 2037))).Code);

        await app.Send(Talk with { Case = id, CallBackAt = At(11, 25, 18, 30) }, clerk);
        await app.Send(Talk with { Case = id, CallBackAt = At(1, 8, 10, year: 2027) }, clerk);
        Assert.Equal(["11月25日(水) 18:30 に電話する約束", "2027年1月8日(金) 10:00 に電話する約束"], (await ClocksAsync(id)).Select(d => d.Why));
        await SoundAsync();
    }

    [Fact]
    public async Task The_desk_hears_of_a_contact_by_the_centre_and_only_the_desk_has_seen_it()
    {
        await app.MoveClockAsync(TestApp.Start);
        var (id, clerk) = await WrittenAsync("株式会社中央が話す");
        foreach (var other in new[] { await app.CentreAsync(), await app.SupervisorAsync() })
        {
            Assert.Equal("東北窓口", (await app.Send(Talk with { Case = id, Text = other.Role.ToString() }, other)).ToldDesk);
            var news = (await app.Send(new ListNews(), clerk)).Single(n => n.Case == id);
            Assert.Equal(other.Name, news.By);
            await Assert.ThrowsAsync<NotFound>(() => app.Send(new SeeNews(news.Id), other));
            await app.Send(new SeeNews(news.Id), clerk);
            Assert.DoesNotContain(await app.Send(new ListNews(), clerk), n => n.Case == id);
        }
    }

    [Fact]
    public async Task A_case_taken_up_again_says_which_ministry_was_dropped_and_its_calls_have_their_clocks_again()
    {
        await app.MoveClockAsync(TestApp.Start);
        var (id, clerk) = await WrittenAsync("株式会社再開");
        await app.Send(new RouteCase(id, [Track.Mic, Track.Mhlw], Reason: "両省"), clerk);
        await app.Send(new CloseCase(id, CaseOutcome.Withdrawn, CloseOpenWork: true), clerk);
        await app.Send(Talk with { Case = id, CallBackAt = At(11, 26, 10) }, clerk);
        Assert.Empty(await ClocksAsync(id));

        await app.Send(new ReopenCase(id, "やはり相談したい"), clerk);
        var file = (await app.Send(new GetCase(id), clerk)).Full!;
        Assert.Contains(file.History, h => h.Kind == "closed" && h.Text.Contains($"{CaseWords.Of(Track.Mhlw)}は取りやめ", StringComparison.Ordinal));
        Assert.Contains(file.History, h => h.Kind == "reopened" && h.Text.Contains($"{CaseWords.Of(Track.Mic)}・{CaseWords.Of(Track.Mhlw)}は取りやめのまま", StringComparison.Ordinal));
        Assert.Null(file.Lead);
        Assert.Equal((DeadlineKind.CallBack, At(11, 26, 10)), (await ClocksAsync(id)).Select(d => (d.Kind, d.DueAt)).Single());
        await SoundAsync();
    }
}
