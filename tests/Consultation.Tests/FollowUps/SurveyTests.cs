using System.Text.RegularExpressions;
using Consultation.CaseLoad;
using Consultation.Cases;
using Consultation.Check;
using Consultation.FollowUps;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Tests.Visits;
using Consultation.Topics;
using Consultation.Visits;
using Microsoft.EntityFrameworkCore;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.FollowUps;

/// <summary>満足度アンケート: one a visit, by a link without sign-in, answered once; and what the month makes of it (domain.md §8).</summary>
public sealed partial class SurveyTests(TestApp app) : IClassFixture<TestApp>
{
    private static readonly Actor Client = Actor.ClientByLink;

    [Fact]
    public async Task The_survey_goes_out_once_on_the_business_day_after_the_visit_was_recorded_and_the_database_keeps_no_secret()
    {
        var id = await VisitedAsync("株式会社調査");
        await app.Send(new SendSurveys());
        await app.MoveClockAsync(At(12, 1, 8));
        await app.Send(new SendSurveys());
        Assert.Equal(0L, await LettersAsync(id));
        await app.MoveClockAsync(At(12, 1, 9, 5));
        await Task.WhenAll(app.Send(new SendSurveys()), app.Send(new SendSurveys()));
        Assert.Equal(0, await app.Send(new SendSurveys()));
        Assert.Equal(1L, await LettersAsync(id));

        var secret = await SecretAsync(id);
        Assert.Equal(0L, await app.SqlAsync($"select count(*) from surveys s where s::text like '%{secret}%'"));
        Assert.Equal(0L, await app.SqlAsync($"select count(*) from audit_entry e where e::text like '%{secret}%'"));
        Assert.Equal(new SurveyView(new(2026, 11, 30), false, true, new(2026, 12, 31)), await app.Send(new GetSurvey(secret), Client));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task An_answer_is_given_once_and_looking_changes_nothing()
    {
        var (id, secret) = await AskedAsync("株式会社一度");
        var before = await app.SqlAsync($"select version from surveys where case_id = '{id}'");
        await app.Send(new GetSurvey(secret), Client);
        Assert.Equal(before, await app.SqlAsync($"select version from surveys where case_id = '{id}'"));

        var answer = new AnswerSurvey(secret, Satisfaction.Satisfied, Achievement.Partly, Intent.Actively, "もう少し時間がほしい");
        var both = await Task.WhenAll(TryAsync(answer), TryAsync(answer with { Satisfaction = Satisfaction.Dissatisfied }));
        Assert.Single(both, code => code is null);
        Assert.Single(both, code => code == "survey.answered");
        Assert.True((await app.Send(new GetSurvey(secret), Client)).IsAnswered);
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from contacts where case_id = '{id}' and direction = 'in' and channel = 'web' and text like '%もう少し時間がほしい%'"));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from desk_news where case_id = '{id}' and text like '%もう少し時間がほしい%'"));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from case_history where case_id = '{id}' and kind = 'survey_answered'"));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from audit_entry where action = 'survey.answered' and role = 'public' and subject_id = (select id from surveys where case_id = '{id}')"));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task A_late_answer_an_incomplete_one_and_a_guessed_link_are_refused()
    {
        var (_, secret) = await AskedAsync("株式会社期限切れ");
        Assert.Equal(3, (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new AnswerSurvey(secret, null, null, null), Client))).Errors.Count);
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new GetSurvey(SecretText.New()), Client));
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new GetSurvey("x"), Client));
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new AnswerSurvey("' or 1=1", Satisfaction.Satisfied, Achievement.Partly, Intent.NotNow), Client));
        await Assert.ThrowsAsync<Forbidden>(() => app.Send(new ListFollowUps(), Client));

        await app.MoveClockAsync(At(12, 31, 23, 59));
        Assert.True((await app.Send(new GetSurvey(secret), Client)).IsOpen);
        await app.MoveClockAsync(At(1, 1, 0, year: 2027));
        Assert.False((await app.Send(new GetSurvey(secret), Client)).IsOpen);
        Assert.Equal("survey.expired", await TryAsync(new(secret, Satisfaction.Satisfied, Achievement.Achieved, Intent.Actively)));
    }

    [Fact]
    public async Task A_link_mailed_to_an_address_that_was_corrected_opens_nothing()
    {
        var (id, secret) = await AskedAsync("株式会社宛先訂正");
        await app.Send(new GetSurvey(secret), Client);
        await app.Send(new EditCase(id, Contact: new(Email: "right@firm.example")));
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new GetSurvey(secret), Client));
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new AnswerSurvey(secret, Satisfaction.Satisfied, Achievement.Partly, Intent.NotNow), Client));
    }

    [Fact]
    public async Task A_survey_that_bounces_is_a_call_about_the_address_that_tells_no_link_and_is_made_once()
    {
        var (id, secret) = await AskedAsync("株式会社不達調査");
        var mail = MailId.Parse((await app.SqlAsync($"update outgoing_mail set state = 'attempting', attempts = 1 where reference = '{id}' and template = 'visit-survey' returning id"))!.ToString()!, null);
        var fence = (int)(await app.SqlAsync($"select fence from outgoing_mail where id = '{mail}'"))!;
        Assert.True(await app.Send(new MarkMail(mail, fence, new(DeliveryEnd.Refused, "smtp.550", BlamesRecipient: true))));
        Assert.True(await app.Send(new TellLostMail(mail)));
        var told = (string)(await app.SqlAsync($"select string_agg(reason, '|') from call_backs where case_id = '{id}' and state = 'open' and event_key like '%survey%'"))!;
        Assert.Contains("相談者のメールアドレスを確かめてください", told, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, told, StringComparison.Ordinal);
        Assert.DoesNotContain("|", told, StringComparison.Ordinal);
        Assert.Equal(0L, await app.SqlAsync($"select count(*) from case_history where case_id = '{id}' and text like '%{secret}%'"));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task Who_cannot_be_mailed_and_whose_contract_has_ended_gets_none()
    {
        var unmailed = await VisitedAsync("株式会社電話のみ");
        await app.SqlAsync($"update cases set email = null where id = '{unmailed}'");
        await app.MoveClockAsync(At(12, 1, 10));
        await app.Send(new SendSurveys());
        Assert.Equal(("unsent", 0L), ((string)(await app.SqlAsync($"select state from surveys where case_id = '{unmailed}'"))!, await LettersAsync(unmailed)));
        Assert.Equal(0L, await app.SqlAsync($"select count(*) from call_backs where case_id = '{unmailed}' and event_key like '%survey%'"));

        var late = await VisitedAsync("株式会社時期外れ");
        await app.MoveClockAsync(At(12, 28, 10));
        await app.Send(new SendSurveys());
        Assert.Equal("unsent", await app.SqlAsync($"select state from surveys where case_id = '{late}'"));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task The_months_rates_are_divided_by_those_who_answered()
    {
        await app.SqlAsync("delete from surveys");
        var (one, first) = await AskedAsync("株式会社甲");
        var (_, second) = await AskedAsync("株式会社乙");
        var (_, third) = await AskedAsync("株式会社丙");
        await AskedAsync("株式会社丁");
        await app.Send(new AnswerSurvey(first, Satisfaction.VerySatisfied, Achievement.Achieved, Intent.Actively), Client);
        await app.Send(new AnswerSurvey(second, Satisfaction.Satisfied, Achievement.Partly, Intent.SomeDay), Client);
        await app.Send(new AnswerSurvey(third, Satisfaction.Neither, Achievement.Achieved, Intent.NotNow), Client);
        await app.Send(new CloseCase(one, CaseOutcome.Completed, TeleworkStatus.Introduced, CloseOpenWork: true));

        var month = await app.Send(new ReportMonth(new(2026, 12, 1)), await app.SupervisorAsync());
        Assert.Equal(new MonthSurveys(4, 3, 2, 2, 1), month.Surveys);
        Assert.Equal(66.7m, MonthSurveys.Percent(month.Surveys.Satisfied, month.Surveys.Answered));
        Assert.Null(MonthSurveys.Percent(0, 0));
        Assert.Contains(month.Statuses, s => s is { After: TeleworkStatus.Introduced, Count: 1 });
        Assert.Equal(new MonthSurveys(0, 0, 0, 0, 0), (await app.Send(new ReportMonth(new(2026, 11, 1)), await app.SupervisorAsync())).Surveys);
    }

    private async Task<CaseId> VisitedAsync(string organisation)
    {
        await app.MoveClockAsync(TestApp.Start);
        var id = await app.HeldCaseAsync(organisation, (Track.Mic, await app.ExpertNamedAsync($"調査 {organisation}")));
        var booked = await app.Send(Visit(id, At(11, 30, 10)));
        await app.MoveClockAsync(At(11, 30, 12));
        await app.Send(new CompleteVisit(booked.Id, VisitOutcome.TookPlace, Source: "電話で確認"));
        await app.Send(new FileReport(booked.Id, Track.Mic, "助言した。", ReportNext.Done, Source: "電話で口述"));
        return id;
    }

    private async Task<(CaseId Case, string Secret)> AskedAsync(string organisation)
    {
        var id = await VisitedAsync(organisation);
        await app.MoveClockAsync(At(12, 1, 10));
        await app.Send(new SendSurveys());
        return (id, await SecretAsync(id));
    }

    private async Task<string> SecretAsync(CaseId id) =>
        Link().Match((string)(await app.SqlAsync($"select body from outgoing_mail where reference = '{id}' and template = 'visit-survey'"))!).Groups[1].Value;

    private async Task<long> LettersAsync(CaseId id) => (long)(await app.SqlAsync($"select count(*) from outgoing_mail where reference = '{id}' and template = 'visit-survey'"))!;

    private async Task<string?> TryAsync(AnswerSurvey answer)
    {
        try
        {
            await app.Send(answer, Client);
            return null;
        }
        catch (RuleViolation refused)
        {
            return refused.Code;
        }
    }

    [GeneratedRegex("/survey/([A-Za-z0-9_-]{32})\n")]
    private static partial Regex Link();
}
