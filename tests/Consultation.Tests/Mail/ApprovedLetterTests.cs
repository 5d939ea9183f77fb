using System.Text.RegularExpressions;
using Consultation.Cases;
using Consultation.Disaster;
using Consultation.Experts;
using Consultation.FollowUps;
using Consultation.Mail;
using Consultation.Reference;
using Consultation.Routing;
using Consultation.Routing.Board;
using Consultation.Staff;
using Consultation.Topics;
using Consultation.Visits;
using Consultation.Tests.Visits;
using Microsoft.Extensions.DependencyInjection;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Mail;

/// <summary>Every letter as its reader gets it, word for word (journey J39): 令和, the desk's signature, what is left of the quota.</summary>
public sealed partial class ApprovedLetterTests(TestApp app) : IClassFixture<TestApp>, IAsyncLifetime
{
    private const string LongName = "一般社団法人東北地域情報通信技術利活用推進協議会テレワーク普及促進部会髙﨑葛󠄀城支部連絡事務所（仙台市青葉区本町三丁目合同庁舎内）";

    public async ValueTask InitializeAsync()
    {
        await app.SqlAsync("update desks set phone = '022-221-0000', lunch_from = '12:00', lunch_to = '13:00' where slug = 'tohoku'");
        app.Provider.GetRequiredService<DeskBook>().Drop();
        await app.MoveClockAsync(TestApp.Start);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task J39_a_confirmed_visit_with_long_names_and_a_known_place()
    {
        var id = await app.HeldCaseAsync(LongName, (Track.Mic, await app.ExpertNamedAsync("長宗我部 ｱﾚｷｻﾝﾄﾞﾗ・髙橋")));
        await app.Send(Visit(id, At(11, 26, 10), mode: VisitMode.Visit));
        await ApproveAsync("visit-confirmed", id, "visit-confirmed");
    }

    [Fact]
    public async Task A_joint_visit_on_the_web_confirmed_moved_and_given_up()
    {
        var (mic, mhlw) = (await app.ExpertNamedAsync("総務 太郎"), await app.ExpertNamedAsync("厚労 花子", Affiliation.Mhlw));
        var id = await app.HeldCaseAsync("株式会社合同", (Track.Mic, mic), (Track.Mhlw, mhlw));
        var booked = await app.Send(Visit(id, At(11, 26, 10)));
        await ApproveAsync("visit-confirmed-joint-web", id, "visit-confirmed");
        await app.Send(new RescheduleVisit(booked.Id, At(11, 27, 13), At(11, 27, 14, 30), "先方の都合", VisitMode.Phone));
        await ApproveAsync("visit-moved-joint-phone", id, "visit-moved");
        var offer = OfferId.Parse((string)(await app.SqlAsync($"select offer_id::text from case_tracks where case_id = '{id}' and track = 'mhlw'"))!, null);
        await app.Send(new HandBackTrack(offer, "急病", "電話で連絡"));
        await ApproveAsync("visit-cancelled-partner-lost", id, "visit-cancelled");
    }

    [Fact]
    public async Task A_freed_time_for_who_waits()
    {
        var expert = await app.ExpertNamedAsync("空き 四郎", hours: [new(DayOfWeek.Tuesday, new(10, 0), new(11, 0))]);
        var booked = await app.Send(Visit(await app.HeldCaseAsync("株式会社先約", (Track.Mic, expert)), At(12, 1, 10)));
        var id = await app.HeldCaseAsync("株式会社空き待ち", (Track.Mic, expert));
        await app.Send(new WaitForSlot(id, VisitMode.Web, 60, new(2026, 12, 1), new(2026, 12, 4)));
        await app.Send(new CancelVisit(booked.Id, CancelledBy.Client, "急用"));
        while (await app.Send(new OfferFreedSlots()) > 0)
        {
        }

        await ApproveAsync("slot-offered", id, "slot-offered");
    }

    [Fact]
    public async Task A_reminder_a_cancellation_and_a_follow_up()
    {
        var id = await app.HeldCaseAsync("有限会社葛󠄀", (Track.Mhlw, await app.ExpertNamedAsync("労務 三郎", Affiliation.Mhlw)));
        var first = await app.Send(Visit(id, At(11, 26, 10)));
        await app.MoveClockAsync(At(11, 25, 9, 30));
        await app.Send(new RemindOfVisits());
        await ApproveAsync("visit-reminder", id, "visit-reminder");
        var second = await app.Send(Visit(id, At(12, 3, 10), mode: VisitMode.Phone));
        await app.Send(new CancelVisit(second.Id, CancelledBy.Client, "急用"));
        await ApproveAsync("visit-cancelled", id, "visit-cancelled");

        await app.MoveClockAsync(At(11, 26, 11, 5));
        await app.Send(new CompleteVisit(first.Id, VisitOutcome.TookPlace, Source: "電話で確認"));
        await app.Send(new FileReport(first.Id, Track.Mhlw, "助言した。", ReportNext.Done, Source: "電話で口述"));
        await ApproveAsync("report-dictated", id, "report-dictated");
        await app.MoveClockAsync(At(11, 27, 9, 30));
        await app.Send(new SendSurveys());
        await ApproveAsync("visit-survey", id, "visit-survey");
        await app.MoveClockAsync(At(12, 28, 9, 30));
        await app.Send(new RaiseDueFollowUps());
        await ApproveAsync("follow-up-due", id, "follow-up-due");
        await app.MoveClockAsync(At(1, 8, 9, 30, 2027));
        await app.Send(new AskFollowUpsAgain());
        await ApproveAsync("follow-up-again", id, "follow-up-again");
    }

    [Fact]
    public async Task Of_whom_next_to_nothing_is_known()
    {
        var logged = await app.Send(new LogInquiry(Channel.Web, "相談したい", Desk: "kyushu", Contact: new(Email: "someone@firm.example")));
        await ApproveAsync("inquiry-received", logged.Id, "inquiry-received");
        var expert = await app.ExpertNamedAsync("打診 先");
        await app.Send(new RouteCase(logged.Id, [Track.Mic], Reason: "本人の希望"));
        await app.Send(new OfferCase(logged.Id, Track.Mic, expert));
        await ApproveAsync("offer-made-unknown", logged.Id, "offer-made");
    }

    [Fact]
    public async Task To_an_expert_whose_question_was_taken_back()
    {
        var logged = await app.Send(new LogInquiry(Channel.Web, "相談したい", Desk: "kyushu", Organisation: new(Prefecture: "福岡県")));
        await app.ExpertNamedAsync("打診 取消");
        await app.Send(new RouteCase(logged.Id, [Track.Mic], Reason: "本人の希望"));
        var plan = await app.Send(new PreviewAssignment([logged.Id]));
        await app.Send(new ApplyAssignment(plan.Id, AssignmentChoice.Optimal));
        await app.SqlAsync($"update outgoing_mail set state = 'sent', attempts = 1, sent_at = app_now() where template = 'offer-made' and reference = '{logged.Id}'");
        await app.SqlAsync($"update experts set name = '打診 取消' where id = (select expert_id from offers where case_id = '{logged.Id}')");
        await app.Send(new UndoAssignment(plan.Id));
        await ApproveAsync("offer-withdrawn", logged.Id, "offer-withdrawn");
    }

    [Fact]
    public async Task The_same_text_is_a_call_where_there_is_no_address()
    {
        var (mic, mhlw) = (await app.ExpertNamedAsync("宛先 無"), await app.ExpertNamedAsync("宛先 有", Affiliation.Mhlw));
        var id = await app.HeldCaseAsync("株式会社電話", (Track.Mic, mic), (Track.Mhlw, mhlw));
        await app.SqlAsync($"update cases set email = null, phone = '022-222-1111' where id = '{id}'; update experts set email = null where id = '{mic}'");
        await app.Send(Visit(id, At(11, 30, 10), tracks: [Track.Mic]));
        Approved.Matches("call-visit-confirmed", await CallsAsync(id));
    }

    [Theory]
    [InlineData(DisasterWay.Web, "disaster-web")]
    [InlineData(DisasterWay.PutOff, "disaster-put-off")]
    public async Task J26_a_disaster_told_once_and_taken_back(DisasterWay way, string name)
    {
        await app.SqlAsync("update cases set prefecture = '13' where prefecture = '04'");
        var id = await app.HeldCaseAsync($"株式会社災害{way}", (Track.Mic, await app.ExpertNamedAsync($"災害 {way}")));
        await app.Send(Visit(id, At(12, 9, 10), mode: VisitMode.Visit));
        await app.Send(Visit(id, At(12, 9, 14), 90, VisitMode.Visit));
        var plan = await app.Send(new OpenDisaster("04", new(2026, 12, 9), new(2026, 12, 9), way, way == DisasterWay.Web ? "台風" : "大雪"));
        Assert.Equal(new DisasterResult(1, 0), await app.Send(new ApplyDisaster(plan)));
        await ApproveAsync(name, id, "disaster-changed");
        Assert.Equal(new DisasterResult(1, 0), await app.Send(new UndoDisaster(plan)));
        await app.SqlAsync($"delete from outgoing_mail where reference = '{id}' and event_key like 'disaster-switched/%'");
        await ApproveAsync($"{name}-undone", id, "disaster-changed");
    }

    [Fact]
    public void The_first_year_of_an_era_is_its_gannen()
    {
        var plan = new VisitPlan(new(2019, 5, 7, 10, 0, 0, TimeSpan.FromHours(9)), new(2019, 5, 7, 11, 0, 0, TimeSpan.FromHours(9)), VisitMode.Web, null);
        var values = MailTemplate.Find("visit-moved").Gaps.ToDictionary(g => g, g => $"［{MailTemplate.WordFor(g)}］");
        values["link"] = "";
        values["today"] = Wareki.FormatDay(new(2019, 4, 30));
        values["before"] = VisitWords.FormalPeriod(plan);
        values["period"] = VisitWords.FormalPeriod(plan with { Start = plan.Start.AddYears(1), End = plan.End.AddYears(1) });
        values["left"] = ClientLetter.Left(2, 3, FiscalYear.Of(plan.Start));
        var (subject, body) = MailTemplate.Find("visit-moved").Render(values);
        Approved.Matches("visit-moved-gannen", $"{subject}\n\n{body}");
    }

    /// <summary>Every kind of letter that can be owed to somebody who cannot be mailed: none, doubtful.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("社長@会社")]
    public async Task What_cannot_be_mailed_is_a_call_with_a_short_title_and_the_whole_text(string? email)
    {
        var expert = await app.ExpertNamedAsync($"電話 {email}", Affiliation.Both);
        await app.SqlAsync($"update experts set email = null where id = '{expert}'");
        var logged = await app.Send(new LogInquiry(Channel.Email, "勤怠の相談", Desk: "tohoku", Organisation: new($"株式会社宛先{email?.Length}"), Contact: new("山田", Phone: "022-1", Email: email)));
        await app.Send(new RouteCase(logged.Id, [Track.Mhlw], Reason: "試験"));
        await app.Send(new AcceptOffer((await app.Send(new OfferCase(logged.Id, Track.Mhlw, expert))).Id, "電話"));
        var hour = email is null ? 9 : 13;
        var booked = await app.Send(Visit(logged.Id, At(12, 1, hour)));
        await app.Send(new RescheduleVisit(booked.Id, At(12, 1, hour + 1), At(12, 1, hour + 2), "先方都合"));
        await app.MoveClockAsync(At(11, 30, 9, 30));
        await app.Send(new RemindOfVisits());
        await app.Send(new CancelVisit(booked.Id, CancelledBy.Desk, "別の日に"));
        var held = await app.Send(Visit(logged.Id, At(12, 2, hour)));
        await app.MoveClockAsync(At(12, 2, 16));
        await app.Send(new CompleteVisit(held.Id, VisitOutcome.TookPlace, Source: "電話"));
        await app.MoveClockAsync(new(2027, 1, 18, 10, 0, 0, TimeSpan.FromHours(9)));
        await app.Send(new RaiseDueFollowUps());

        Assert.Equal(0L, await app.SqlAsync($"select count(*) from outgoing_mail where reference = '{logged.Id}'"));
        // One to the expert for each visit letter and the offer, one to the client for each visit letter and the follow-up.
        Assert.Equal(12L, await app.SqlAsync($"select count(*) from call_backs where case_id = '{logged.Id}' and length(title) < 80 and length(reason) > 150 and position('{{{{' in reason) = 0"));
        var titles = (string)(await app.SqlAsync($"select string_agg(distinct title, '|') from call_backs where case_id = '{logged.Id}'"))!;
        foreach (var told in new[] { "ご相談日が決まりました", "日程・方法が変わりました", "ご相談日が近づきました", "中止になりました", "その後の状況", "担当のお願い" })
        {
            Assert.Contains(told, titles, StringComparison.Ordinal);
        }
    }

    private async Task ApproveAsync(string name, CaseId id, string template) => Approved.Matches(name, Read(
        (string)(await app.SqlAsync($"select subject || E'\\n\\n' || body from outgoing_mail where reference = '{id}' and template = '{template}' order by (recipient = (select email from cases where id = '{id}')) desc, created_at desc limit 1"))!));

    private async Task<string> CallsAsync(CaseId id) => Read(
        (string)(await app.SqlAsync($"select string_agg('題: ' || title || E'\\n電話: ' || phone || E'\\n' || reason, E'\\n=====\\n' order by title desc) from call_backs where case_id = '{id}'"))!);

    // The number is drawn from a sequence, the secret by chance.
    private static string Read(string text) => Secret().Replace(Number().Replace(text, "R08-000123"), "/survey/SECRET");

    [GeneratedRegex("/survey/[A-Za-z0-9_-]{32}")]
    private static partial Regex Secret();

    [GeneratedRegex(@"R08-\d{6}")]
    private static partial Regex Number();
}
