using Consultation.Cases;
using Consultation.Check;
using Consultation.FollowUps;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Tests.Visits;
using Consultation.Topics;
using Consultation.Visits;
using Microsoft.Extensions.DependencyInjection;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.FollowUps;

/// <summary>How often, when and how a client is asked at a follow-up, and what ends it (J30, J32, J62).</summary>
public sealed class ApproachTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task J32_an_unanswered_follow_up_is_asked_again_in_office_hours_and_then_the_desk_calls_once()
    {
        var (id, first) = await RaisedAsync("株式会社無返答");
        await AskAtAsync(1, 11, 10);
        await AskAtAsync(1, 12, 7);
        Assert.Equal(1L, await LettersAsync(id));

        await app.MoveClockAsync(At(1, 12, 9, 5, 2027));
        await Task.WhenAll(app.Send(new AskFollowUpsAgain()), app.Send(new AskFollowUpsAgain()));
        await app.Send(new AskFollowUpsAgain());
        Assert.Equal(2L, await LettersAsync(id));
        await AskAtAsync(1, 18, 10);
        Assert.Equal(2L, await LettersAsync(id));
        await AskAtAsync(1, 19, 10);
        Assert.Equal(3L, await LettersAsync(id));
        Assert.Equal(0L, await OpenCallsAsync(id));
        Assert.Empty((await app.Send(new RunCheck())).Broken);

        await AskAtAsync(1, 26, 10);
        await AskAtAsync(2, 2, 10);
        await AskAtAsync(2, 25, 10);
        Assert.Equal((3L, 1L), (await LettersAsync(id), await OpenCallsAsync(id)));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from call_backs where case_id = '{id}' and event_key = 'follow-up-call/{first.Id}/20270104' and reason like '%3回お返事がない%'"));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from audit_entry where action = 'follow_up.call_owed' and subject_id = '{first.Id}'"));
        Assert.Empty((await app.Send(new RunCheck())).Broken);

        await app.Send(new CompleteFollowUp(first.Id, FollowUpResult.Unchanged, TeleworkStatus.Trial));
        Assert.Equal(0L, await OpenCallsAsync(id));
        Assert.Equal("trial", await app.SqlAsync($"select telework_status_after from cases where id = '{id}'"));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task J32_the_answer_stops_everything_at_once_also_a_letter_that_has_not_left()
    {
        var (id, first) = await RaisedAsync("株式会社即答");
        await app.Send(new CompleteFollowUp(first.Id, FollowUpResult.Improved));
        Assert.Equal("discarded", await app.SqlAsync($"select state from outgoing_mail where reference = '{id}' and template = 'follow-up-due'"));
        await AskAtAsync(1, 12, 10);
        await AskAtAsync(2, 12, 10);
        Assert.Equal((1L, 0L), (await LettersAsync(id), await OpenCallsAsync(id)));
    }

    [Fact]
    public async Task J32_closing_the_case_stops_it_too()
    {
        var (id, _) = await RaisedAsync("株式会社完了");
        await app.Send(new CloseCase(id, CaseOutcome.Withdrawn, CloseOpenWork: true));
        Assert.Equal("discarded", await app.SqlAsync($"select state from outgoing_mail where reference = '{id}' and template = 'follow-up-due'"));
        await AskAtAsync(1, 12, 10);
        Assert.Equal((1L, 0L), (await LettersAsync(id), await OpenCallsAsync(id)));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task Whoever_speaks_after_being_asked_is_not_asked_again_and_the_result_is_still_to_be_recorded()
    {
        var (id, first) = await RaisedAsync("株式会社返信");
        await app.MoveClockAsync(At(1, 6, 10, year: 2027));
        await app.Send(new RecordContact(id, ContactDirection.In, Channel.Email, ContactResult.Message, Text: "順調です"));
        Assert.Equal("discarded", await app.SqlAsync($"select state from outgoing_mail where reference = '{id}' and template = 'follow-up-due'"));
        await AskAtAsync(1, 12, 10);
        Assert.Equal((1L, 0L), (await LettersAsync(id), await OpenCallsAsync(id)));
        Assert.Equal(FollowUpState.Due, (await PlanAsync(id)).First(f => f.Id == first.Id).State);
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from case_history where case_id = '{id}' and kind = 'follow_up_answered'"));
    }

    [Fact]
    public async Task A_letter_that_has_not_left_when_another_visit_is_booked_never_does_and_is_written_anew_when_that_falls_through()
    {
        var (id, first) = await RaisedAsync("株式会社再予約");
        var booked = await app.Send(Visit(id, At(1, 8, 10, year: 2027)));
        Assert.Equal("discarded", await app.SqlAsync($"select state from outgoing_mail where reference = '{id}' and template = 'follow-up-due'"));
        await app.Send(new CancelVisit(booked.Id, CancelledBy.Client, "急用"));
        await app.Send(new RaiseDueFollowUps());
        Assert.Equal("discarded,waiting", await app.SqlAsync($"select string_agg(state, ',' order by state) from outgoing_mail where reference = '{id}' and template = 'follow-up-due'"));
        Assert.Equal("due 1", await app.SqlAsync($"select state || ' ' || asked from follow_ups where id = '{first.Id}'"));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task A_call_that_was_not_made_when_another_visit_is_booked_is_owed_anew_when_that_falls_through()
    {
        var id = await VisitedAsync("株式会社再電話");
        await app.SqlAsync($"update cases set email = null where id = '{id}'");
        await app.MoveClockAsync(At(1, 4, 9, 5, 2027));
        await app.Send(new RaiseDueFollowUps());
        var booked = await app.Send(Visit(id, At(1, 8, 10, year: 2027)));
        Assert.Equal((0L, 0L), (await LettersAsync(id), await OpenCallsAsync(id)));
        await app.Send(new CancelVisit(booked.Id, CancelledBy.Client, "急用"));
        await app.Send(new RaiseDueFollowUps());
        Assert.Equal((0L, 1L), (await LettersAsync(id), await OpenCallsAsync(id)));
        Assert.Equal("due 1", await app.SqlAsync($"select state || ' ' || asked from follow_ups where case_id = '{id}' and kind = 'm1'"));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task A_case_on_hold_is_not_asked_until_it_goes_on()
    {
        var id = await VisitedAsync("株式会社保留");
        await app.Send(new HoldCase(id, "返事待ち"));
        await app.MoveClockAsync(At(1, 4, 9, 5, 2027));
        await app.Send(new RaiseDueFollowUps());
        Assert.Equal(0L, await LettersAsync(id));
        await app.Send(new ResumeCase(id));
        await app.Send(new RaiseDueFollowUps());
        Assert.Equal(1L, await LettersAsync(id));
    }

    [Fact]
    public async Task A_call_in_vain_does_not_stop_the_asking()
    {
        var (id, _) = await RaisedAsync("株式会社不在");
        await app.Send(new RecordContact(id, ContactDirection.Out, Channel.Phone, ContactResult.NoAnswer));
        await AskAtAsync(1, 12, 10);
        Assert.Equal(2L, await LettersAsync(id));
    }

    [Fact]
    public async Task J30_thanks_before_the_date_keep_the_follow_up_and_the_desk_hears_of_them()
    {
        var id = await VisitedAsync("株式会社感謝");
        var before = await PlanAsync(id);
        var status = await app.StatusAsync(id);
        await app.Send(new RecordContact(id, ContactDirection.In, Channel.Email, ContactResult.Message, Text: "ありがとうございました"), await app.DeskAsync("kyushu"));
        Assert.Equal(before.Select(f => (f.Id, f.DueOn, f.State)), (await PlanAsync(id)).Select(f => (f.Id, f.DueOn, f.State)));
        Assert.Equal(status, await app.StatusAsync(id));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from desk_news where case_id = '{id}' and seen_at is null"));
        await app.MoveClockAsync(At(1, 4, 9, 5, 2027));
        await app.Send(new RaiseDueFollowUps());
        Assert.Equal(1L, await LettersAsync(id));
    }

    [Fact]
    public async Task Who_cannot_be_mailed_is_called_and_no_second_call_is_owed_while_the_first_is_not_made()
    {
        var id = await VisitedAsync("株式会社電話");
        await app.SqlAsync($"update cases set email = null where id = '{id}'");
        await app.MoveClockAsync(At(1, 4, 9, 5, 2027));
        await app.Send(new RaiseDueFollowUps());
        await AskAtAsync(1, 12, 10);
        await AskAtAsync(1, 19, 10);
        Assert.Equal((0L, 1L), (await LettersAsync(id), await OpenCallsAsync(id)));
        var call = CallBackId.Parse((await app.SqlAsync($"select id from call_backs where case_id = '{id}' and state = 'open'"))!.ToString()!, null);
        await app.Send(new KeepCall(call, ContactResult.Answered, "順調とのこと"));
        await AskAtAsync(1, 26, 10);
        Assert.Equal((0L, 0L), (await LettersAsync(id), await OpenCallsAsync(id)));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task Nobody_is_called_for_a_lost_letter_whose_follow_up_was_answered_or_put_off_before_that_was_told()
    {
        await app.SqlAsync("update outgoing_mail set state = 'sent', attempts = 1, sent_at = created_at where state = 'waiting'");
        var (answered, first) = await RaisedAsync("株式会社不達回答");
        await LostAsync(answered);
        await app.Send(new CompleteFollowUp(first.Id, FollowUpResult.Improved));
        Assert.Equal(("kept", 0L), (await ToldAsync(answered), await OpenCallsAsync(answered)));

        var (later, second) = await RaisedAsync("株式会社不達延期");
        await LostAsync(later);
        await app.Send(new PostponeFollowUp(second.Id, new(2027, 1, 20), "繁忙期"));
        Assert.Equal(("dropped", 0L), (await ToldAsync(later), await OpenCallsAsync(later)));

        var (waiting, _) = await RaisedAsync("株式会社不達未回答");
        await LostAsync(waiting);
        Assert.Equal(("open", 1L), (await ToldAsync(waiting), await OpenCallsAsync(waiting)));
        Assert.Empty((await app.Send(new RunCheck())).Broken);

        Task LostAsync(CaseId id) => app.SqlAsync(
            $"update outgoing_mail set state = 'bounced', attempts = 1, error_code = 'smtp.550', untold_since = app_now() where reference = '{id}' and template = 'follow-up-due'");

        async Task<object?> ToldAsync(CaseId id)
        {
            Assert.Equal(1, await app.Send(new TellLostMails()));
            return await app.SqlAsync($"select string_agg(state, ',') from call_backs where case_id = '{id}' and event_key like 'follow-up-due/%'");
        }
    }

    [Fact]
    public async Task A_follow_up_that_is_put_off_is_asked_from_the_beginning_on_its_new_day()
    {
        var (id, first) = await RaisedAsync("株式会社再延期");
        await AskAtAsync(1, 12, 10);
        await app.Send(new PostponeFollowUp(first.Id, new(2027, 1, 20), "繁忙期"));
        await AskAtAsync(1, 19, 10);
        Assert.Equal(2L, await LettersAsync(id));
        await app.MoveClockAsync(At(1, 20, 10, year: 2027));
        await app.Send(new RaiseDueFollowUps());
        Assert.Equal("2027-01-20 1", await app.SqlAsync($"select due_on || ' ' || asked from follow_ups where id = '{first.Id}'"));
        Assert.Equal(3L, await LettersAsync(id));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task J62_what_is_unanswered_when_the_contract_ends_goes_to_the_hand_over_list_and_nobody_is_asked()
    {
        var (id, first) = await RaisedAsync("株式会社時間切れ", "2027-01-08");
        await AskAtAsync(1, 12, 10);
        Assert.Equal((1L, 0L), (await LettersAsync(id), await OpenCallsAsync(id)));
        Assert.Equal("hand_over", await app.SqlAsync($"select state from follow_ups where id = '{first.Id}'"));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task Own_steps_and_the_next_years_survey_are_settings_of_the_programme_year()
    {
        await SetAsync("follow_up_months = '{2,9}', next_year_survey_on = '2027-06-05', contract_ends_on = '2027-06-30'");
        var id = await VisitedAsync("株式会社独自", null);
        var plan = await PlanAsync(id);
        await SetAsync("follow_up_months = '{1,3,6}', next_year_survey_on = null");
        Assert.Equal([(FollowUpKind.M2, new DateOnly(2027, 2, 1)), (FollowUpKind.NextYear, new(2027, 6, 7)), (FollowUpKind.M9, new(2027, 8, 30))], plan.Select(f => (f.Kind, f.DueOn)));
        Assert.Equal([FollowUpState.Planned, FollowUpState.Planned, FollowUpState.HandOver], plan.Select(f => f.State));
        await app.MoveClockAsync(At(6, 7, 10, year: 2027));
        await app.Send(new RaiseDueFollowUps());
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from outgoing_mail where reference = '{id}' and template = 'follow-up-due' and body like '%6か月がたちました%'"));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    private async Task SetAsync(string set)
    {
        await app.SqlAsync($"update programme_years set {set} where fiscal_year = 2026");
        app.Provider.GetRequiredService<ProgrammeBook>().Drop();
    }

    private async Task<CaseId> VisitedAsync(string organisation, string? contractEndsOn = "2027-06-30")
    {
        await app.MoveClockAsync(TestApp.Start);
        if (contractEndsOn is not null)
        {
            await SetAsync($"contract_ends_on = '{contractEndsOn}', last_visit_on = least(last_visit_on, '{contractEndsOn}')");
        }

        var id = await app.HeldCaseAsync(organisation, (Track.Mic, await app.ExpertNamedAsync($"追跡 {organisation}")));
        var booked = await app.Send(Visit(id, At(11, 30, 10)));
        await app.MoveClockAsync(At(11, 30, 12));
        await app.Send(new CompleteVisit(booked.Id, VisitOutcome.TookPlace, Source: "電話で確認"));
        await app.Send(new FileReport(booked.Id, Track.Mic, "助言した。", ReportNext.Done, Source: "電話で口述"));
        return id;
    }

    /// <summary>Visited on 11-30 and asked on 2027-01-04 for the first time.</summary>
    private async Task<(CaseId Case, FollowUpRow First)> RaisedAsync(string organisation, string contractEndsOn = "2027-06-30")
    {
        var id = await VisitedAsync(organisation, contractEndsOn);
        await app.MoveClockAsync(At(1, 4, 9, 5, 2027));
        await app.Send(new RaiseDueFollowUps());
        return (id, (await PlanAsync(id))[0]);
    }

    private async Task AskAtAsync(int month, int day, int hour)
    {
        await app.MoveClockAsync(At(month, day, hour, year: 2027));
        while (await app.Send(new AskFollowUpsAgain()) > 0)
        {
            continue;
        }
    }

    private async Task<List<FollowUpRow>> PlanAsync(CaseId id) => [.. (await app.Send(new ListFollowUps(Limit: 200))).Items.Where(f => f.Case == id)];

    private async Task<long> LettersAsync(CaseId id) => (long)(await app.SqlAsync($"select count(*) from outgoing_mail where reference = '{id}' and template in ('follow-up-due', 'follow-up-again')"))!;

    private async Task<long> OpenCallsAsync(CaseId id) => (long)(await app.SqlAsync($"select count(*) from call_backs where case_id = '{id}' and state = 'open' and event_key like '%follow-up%'"))!;
}
