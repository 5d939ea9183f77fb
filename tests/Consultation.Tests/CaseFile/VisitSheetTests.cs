using Consultation.CaseFile;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Tests.Visits;
using Consultation.Topics;
using Consultation.Visits;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.CaseFile;

/// <summary>The 相談票 (journey J54): what stands on it, and what never does.</summary>
public sealed class VisitSheetTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task J54_the_sheet_tells_route_quota_of_the_visits_year_and_the_last_advice_of_each_ministry()
    {
        var (mic, mhlw) = (await app.ExpertNamedAsync("相談票 機器"), await app.ExpertNamedAsync("相談票 規程", Affiliation.Mhlw));
        var id = await app.HeldCaseAsync("株式会社相談票", (Track.Mic, mic), (Track.Mhlw, mhlw));
        var first = await app.Send(Visit(id, At(11, 24, 10)));
        await app.MoveClockAsync(At(11, 24, 12));
        await app.Send(new CompleteVisit(first.Id, VisitOutcome.TookPlace, Source: "電話で確認"));
        await app.Send(new FileReport(first.Id, Track.Mic, "回線を二重にする。", ReportNext.Another), await app.ExpertAsync(mic));
        await app.Send(new FileReport(first.Id, Track.Mhlw, "規程の案を作る。", ReportNext.Another), await app.ExpertAsync(mhlw));
        await app.Send(new ReturnReport(first.Id, Track.Mhlw, "書き足してください。"), await app.SupervisorAsync());
        var second = await app.Send(Visit(id, At(12, 1, 10)));

        var sheet = await app.Send(new GetVisitSheet(id, second.Id), await app.DeskAsync("tohoku"));

        Assert.Equal((2, VisitStage.Assess), (sheet.Visit!.Ordinal, sheet.Visit.Stage));
        Assert.Equal((3, 1, 1, 1), (sheet.Quota!.Limit, sheet.Quota.Used, sheet.Quota.Held, sheet.Quota.Left));
        // A report that was sent back is no advice to build on.
        Assert.Equal((Track.Mic, "回線を二重にする。"), (Assert.Single(sheet.Advice).Track, sheet.Advice[0].Text));
        Assert.Contains("試験", sheet.RouteReason!, StringComparison.Ordinal);
        Assert.Equal(["相談票 機器", "相談票 規程"], sheet.Tracks.Select(t => t.Expert));
        // The first visit knew nothing of what was advised at it.
        Assert.Empty((await app.Send(new GetVisitSheet(id, first.Id), await app.DeskAsync("tohoku"))).Advice);
        Assert.Null((await app.Send(new GetVisitSheet(id), await app.DeskAsync("tohoku"))).Visit);
        await app.MoveClockAsync(TestApp.Start);
    }

    [Fact]
    public async Task J54_the_contact_stands_there_for_an_expert_only_with_consent_and_a_note_never()
    {
        var expert = await app.ExpertNamedAsync("相談票 同意");
        var me = await app.ExpertAsync(expert);
        var id = await app.HeldCaseAsync("株式会社相談票同意", (Track.Mic, expert));
        await app.Send(new EditCase(id, Contact: new("秘匿 花子", Phone: "022-222-3333")));
        await app.Send(new AddNote(id, "内部だけの話"));
        var visit = await app.Send(Visit(id, At(11, 27, 10), mode: VisitMode.Phone) with { Place = "022-222-3333" });

        var before = await app.Send(new GetVisitSheet(id, visit.Id), me);
        Assert.Null(before.Contact);
        Assert.Null(before.Visit!.Place);
        Assert.Equal("秘匿 花子", (await app.Send(new GetVisitSheet(id, visit.Id), await app.DeskAsync("tohoku"))).Contact!.Name);

        await app.Send(new RecordConsent(id, Channel.Phone));
        var after = await app.Send(new GetVisitSheet(id, visit.Id), me);
        Assert.Equal("022-222-3333", after.Contact!.Phone);
        Assert.DoesNotContain("内部だけの話", System.Text.Json.JsonSerializer.Serialize(after, Consultation.Persistence.StoredJson.Options), StringComparison.Ordinal);
    }

    [Fact]
    public async Task J54_who_may_not_see_the_case_gets_no_sheet_and_every_sheet_leaves_an_audit_row()
    {
        var expert = await app.ExpertNamedAsync("相談票 監査");
        var id = await app.HeldCaseAsync("株式会社相談票監査", (Track.Mic, expert));
        var visit = await app.Send(Visit(id, At(11, 30, 10)));
        var other = await app.HeldCaseAsync("株式会社相談票別件", (Track.Mic, expert));

        await app.Send(new GetVisitSheet(id, visit.Id), await app.ExpertAsync(expert));
        await Assert.ThrowsAsync<NotFound>(async () => await app.Send(new GetVisitSheet(id, visit.Id), await app.DeskAsync("okinawa")));
        await Assert.ThrowsAsync<NotFound>(async () => await app.Send(new GetVisitSheet(id, visit.Id), await app.ExpertAsync(await app.ExpertNamedAsync("相談票 他人"))));
        await Assert.ThrowsAsync<NotFound>(async () => await app.Send(new GetVisitSheet(other, visit.Id), await app.DeskAsync("tohoku")));

        Assert.Equal($"{visit.Id}", await app.SqlAsync($"select string_agg(details, '|') from audit_entry where action = 'case.sheet_viewed' and subject_id = '{id}'"));
    }
}
