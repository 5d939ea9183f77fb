using Consultation.Cases;
using Consultation.Experts;
using Consultation.Experts.Outside;
using Consultation.Messaging;
using Consultation.Topics;
using Consultation.Visits;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Visits;

/// <summary>The diaries of a district in one view: what stands in them, what is free, and who sees what.</summary>
public sealed class DistrictDiaryTests(TestApp app) : IClassFixture<TestApp>
{
    private static readonly DateOnly Monday = new(2026, 11, 23);

    [Fact]
    public async Task A_week_shows_everybody_of_the_district_with_travel_absence_closed_days_and_what_is_free()
    {
        var here = await app.ExpertNamedAsync("岩手の 専門家", prefecture: "03");
        var elsewhere = await app.ExpertNamedAsync("沖縄の 専門家", prefecture: "47");
        var id = await app.HeldCaseAsync("予定を見る社", (Track.Mic, here));
        var visit = await app.Send(Visit(id, At(11, 25, 13), mode: VisitMode.Visit));
        await app.Send(new AddAbsence(here, At(11, 26, 9), At(11, 26, 17), "通院"));

        var week = await app.Send(new LookAtDistrict("tohoku", Monday, 7), await app.DeskAsync("tohoku"));

        Assert.Equal("国民の祝日(勤労感謝の日)", week.Days[0].Closed);
        Assert.DoesNotContain(week.Experts, e => e.Id == elsewhere);
        var days = Assert.Single(week.Experts, e => e.Id == here).Days;
        Assert.Empty(days[0].Free);
        // The clock stands at 9:20; what is past is not free.
        Assert.Equal("9:20-17:00", Spans(days[1]));
        var booked = Assert.Single(days[2].Visits);
        Assert.Equal((visit.Id, "予定を見る社", (CaseId?)id), (booked.Visit, booked.Organisation, booked.Case));
        Assert.True(booked.Leave < booked.Start && booked.End < booked.Back);
        Assert.Equal([booked.Leave, booked.Back], days[2].Free.SelectMany(f => new[] { f.From, f.To }).Where(t => t != At(11, 25, 9) && t != At(11, 25, 17)).Order());
        Assert.Equal("", Assert.Single(days[3].Absences).Reason);
        Assert.Empty(days[3].Free);
        Assert.Equal("9:00-17:00", Spans(days[4]));
        Assert.Empty(days[5].Free);
    }

    [Fact]
    public async Task J25_what_the_experts_own_calendar_says_is_not_free_and_a_visit_in_it_is_flagged()
    {
        var expert = await app.ExpertNamedAsync("四国の 兼業", prefecture: "37");
        var me = await app.ExpertAsync(expert);
        var id = await app.HeldCaseAsync("兼業と重なる社", (Track.Mic, expert));
        await app.Send(Visit(id, At(11, 26, 13)));
        const string File = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//diary//test//\r\nBEGIN:VEVENT\r\nUID:own@example.jp\r\nDTSTAMP:20261101T000000Z\r\nDTSTART:20261126T030000Z\r\nDTEND:20261126T060000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        await app.Send(new TakeCalendarFile(expert, System.Text.Encoding.UTF8.GetBytes(File)), me);

        var own = (await app.Send(new LookAtDiary(expert, Monday, 7), me)).Days[3];
        var seen = Assert.Single((await app.Send(new LookAtDistrict("shikoku", Monday, 7), await app.CentreAsync())).Experts, e => e.Id == expert).Days[3];
        foreach (var day in new[] { own, seen })
        {
            Assert.Equal("9:00-12:00 15:00-17:00", Spans(day));
            Assert.Equal((At(11, 26, 12), At(11, 26, 15)), (Assert.Single(day.Elsewhere).From, day.Elsewhere[0].To));
            Assert.True(Assert.Single(day.Visits).IsElsewhere);
        }
    }

    [Fact]
    public async Task Of_another_districts_case_the_time_stands_and_nothing_else()
    {
        var expert = await app.ExpertNamedAsync("四国の 専門家", prefecture: "36");
        var id = await app.HeldCaseAsync("東北の相談企業", (Track.Mic, expert));
        await app.Send(Visit(id, At(11, 27, 10)));

        var visit = Assert.Single(Assert.Single((await app.Send(new LookAtDistrict(null, Monday, 7), await app.DeskAsync("shikoku"))).Experts, e => e.Id == expert).Days[4].Visits);

        Assert.Equal((null, null, null), (visit.Case, visit.Organisation, visit.Number));
        Assert.Equal(At(11, 27, 10), visit.Start);
    }

    [Fact]
    public async Task A_desk_looks_at_its_own_district_the_centre_and_supervisors_at_any_and_experts_and_ministries_at_none()
    {
        var desk = await app.DeskAsync("tohoku");
        Assert.Equal("tohoku", (await app.Send(new LookAtDistrict(null, Monday, 1), desk)).District);
        await Assert.ThrowsAsync<NotFound>(async () => await app.Send(new LookAtDistrict("okinawa", Monday, 1), desk));
        foreach (var actor in new[] { await app.CentreAsync(), await app.SupervisorAsync(), await app.SupervisorAsync("tohoku") })
        {
            Assert.Equal("okinawa", (await app.Send(new LookAtDistrict("okinawa", Monday, 1), actor)).District);
        }

        foreach (var actor in new[] { await app.ExpertAsync(await app.ExpertNamedAsync("見られない 専門家")), await app.OfAsync(Role.Ministry) })
        {
            await Assert.ThrowsAsync<Forbidden>(async () => await app.Send(new LookAtDistrict("tohoku", Monday, 1), actor));
        }
    }

    [Fact]
    public async Task The_audit_names_the_cases_that_were_shown_and_no_others()
    {
        var expert = await app.ExpertNamedAsync("九州の 専門家", prefecture: "40");
        var own = await app.HeldCaseAsync("東北の社", (Track.Mic, expert));
        await app.Send(Visit(own, At(11, 27, 9)));
        await app.Send(new LookAtDistrict("kyushu", Monday, 7), await app.CentreAsync());
        await app.Send(new LookAtDistrict("kyushu", Monday, 7), await app.DeskAsync("kyushu"));

        Assert.Equal(
            (string)(await app.SqlAsync($"select number from cases where id = '{own}'"))!,
            await app.SqlAsync("select string_agg(details, '|' order by id) from audit_entry where action = 'diary.district_viewed' and subject_id = (select id from desks where slug = 'kyushu')"));
    }

    [Fact]
    public async Task Many_experts_come_page_by_page_and_none_twice()
    {
        for (var n = 0; n < 5; n++)
        {
            await app.ExpertNamedAsync("同じ 名前", prefecture: "17");
        }

        var (centre, seen, after) = (await app.CentreAsync(), new List<ExpertId>(), (string?)null);
        do
        {
            var page = await app.Send(new LookAtDistrict("hokuriku", Monday, 1, after, 2), centre);
            seen.AddRange(page.Experts.Select(e => e.Id));
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal(5, seen.Distinct().Count());
        Assert.Equal(5, seen.Count);
    }

    [Fact]
    public async Task A_free_time_leads_to_the_cases_that_wait_for_a_date()
    {
        var expert = await app.ExpertNamedAsync("空きのある 専門家");
        var waiting = await app.HeldCaseAsync("日程を待つ社", (Track.Mic, expert), (Track.Mhlw, await app.ExpertNamedAsync("合同の 相手", Affiliation.Mhlw)));
        var booked = await app.HeldCaseAsync("予約のある社", (Track.Mic, expert));
        await app.Send(Visit(booked, At(12, 2, 10)));

        var one = Assert.Single((await app.Send(new ListCasesToBook(expert), await app.ExpertAsync(expert))).Cases);
        Assert.Equal((waiting, "合同の 相手"), (one.Id, Assert.Single(one.Others)));
        Assert.Empty((await app.Send(new ListCasesToBook(expert), await app.DeskAsync("okinawa"))).Cases);
        var other = await app.ExpertAsync(await app.ExpertNamedAsync("他人の 専門家"));
        await Assert.ThrowsAsync<NotFound>(async () => await app.Send(new ListCasesToBook(expert), other));
    }

    private static string Spans(DiaryDay day) => string.Join(' ', day.Free.Select(f => $"{f.From:H:mm}-{f.To:H:mm}"));
}
