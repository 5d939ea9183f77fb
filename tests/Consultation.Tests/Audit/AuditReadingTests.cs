using Consultation.Audit;
using Consultation.CaseFile;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Tests.Visits;
using Consultation.Topics;
using Consultation.Visits;

namespace Consultation.Tests.Audit;

/// <summary>Journey J43: who read this case, and is the record as it was written?</summary>
public sealed class AuditReadingTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task J43_who_read_this_case_is_answered_with_views_searches_and_lists()
    {
        var clerk = await app.DeskAsync("tohoku");
        var stranger = await app.DeskAsync("kyushu");
        var auditor = await app.OfAsync(Role.Auditor);
        var logged = await app.Send(new LogInquiry(Channel.Email, "始め方を知りたい。"), clerk);
        await app.Send(new GetCase(logged.Id), clerk);
        await app.Send(new GetCase(logged.Id), stranger);
        await app.Send(new ListCases("始め方"), clerk);
        await app.Send(new AddNote(logged.Id, "折り返し待ち"), clerk);

        var traced = (await app.Send(new TraceCase(logged.Number), auditor))!;
        var day = new DateOnly(2026, 11, 24);
        var reads = await app.Send(new SearchAudit(day, day, Reads: true, About: traced.Rows, Listed: traced.Number), auditor);
        Assert.Equal(["cases.searched", "case.viewed", "case.viewed"], reads.Items.Select(row => row.Action));
        Assert.Equal([clerk.Staff, stranger.Staff, clerk.Staff], reads.Items.Select(row => row.Staff));

        var all = await app.Send(new SearchAudit(About: traced.Rows, Listed: traced.Number), auditor);
        Assert.Contains(all.Items, row => row.Action == "case.logged");
        Assert.Contains(all.Items, row => row.Action == "note.added");
        Assert.Empty((await app.Send(new SearchAudit(day.AddDays(1), About: traced.Rows, Listed: traced.Number), auditor)).Items);
        Assert.Equal(logged.Number, (await app.Send(new NameSubjects([.. all.Items.Select(row => row.SubjectId)]), auditor))[Ref.To(logged.Id)]);
    }

    [Fact]
    public async Task J43_an_experts_own_lists_and_a_previewed_answer_are_reads_of_the_case()
    {
        var expert = await app.ExpertNamedAsync("閲覧 太郎");
        var reader = await app.ExpertAsync(expert);
        var auditor = await app.OfAsync(Role.Auditor);
        var id = await app.HeldCaseAsync("株式会社閲覧", (Track.Mic, expert));
        await app.Send(Scene.Visit(id, Scene.At(11, 27, 10)));
        await app.Send(new ListOwnVisits(), reader);
        await app.Send(new LookAtDiary(expert, new(2026, 11, 27), 1), reader);
        await app.SqlAsync($"insert into audit_entry (at, actor, role, action, subject, subject_id) values (app_now(), 'x', 'desk', 'answer.previewed', 'Case', '{id}')");

        var number = (string)(await app.SqlAsync($"select number from cases where id = '{id}'"))!;
        var traced = (await app.Send(new TraceCase(number), auditor))!;
        var reads = await app.Send(new SearchAudit(Reads: true, About: traced.Rows, Listed: number), auditor);
        Assert.Equal(["answer.previewed", "diary.viewed", "visits.own_listed"], reads.Items.Select(row => row.Action));
        var changes = await app.Send(new SearchAudit(Reads: false, About: traced.Rows, Listed: number), auditor);
        Assert.DoesNotContain(changes.Items, row => row.Action == "answer.previewed");
    }

    [Fact]
    public async Task Reading_the_audit_leaves_a_row_that_names_no_person_who_was_looked_for()
    {
        var auditor = await app.OfAsync(Role.Auditor);
        await app.Send(new SearchAudit(Actor: "山田花子", Kind: "case"), auditor);
        Assert.Equal("actor; case", await app.SqlAsync($"select details from audit_entry where action = 'audit.viewed' and staff_id = '{auditor.Staff}'"));
    }

    [Fact]
    public async Task Pages_follow_each_other_without_gap_and_only_the_auditor_turns_them()
    {
        var auditor = await app.OfAsync(Role.Auditor);
        await app.OfAsync(Role.Centre);
        var first = await app.Send(new SearchAudit(Kind: "token", Limit: 1), auditor);
        var second = await app.Send(new SearchAudit(Kind: "token", After: long.Parse(first.Next!), Limit: 1), auditor);
        Assert.True(second.Items[0].Id < first.Items[0].Id);
        foreach (var role in new[] { Role.Administrator, Role.Supervisor, Role.Centre, Role.Ministry })
        {
            var other = await app.OfAsync(role);
            await Assert.ThrowsAsync<Forbidden>(() => app.Send(new SearchAudit(), other));
            await Assert.ThrowsAsync<Forbidden>(() => app.Send(new VerifyAudit(), other));
            await Assert.ThrowsAsync<Forbidden>(() => app.Send(new TraceCase("R08-000001"), other));
        }
    }

    [Fact]
    public async Task J43_the_chain_holds_and_after_one_row_was_changed_by_SQL_it_names_that_row()
    {
        await using var own = new TestApp();
        await own.InitializeAsync();
        var auditor = await own.OfAsync(Role.Auditor);
        await own.DeskAsync("tohoku");
        // A row is sealed once no transaction of the whole server is older, and the tests beside this one have theirs.
        for (var patience = 0; patience < 600 && (long)(await own.SqlAsync("select count(*) from audit_seal"))! < 2; patience++)
        {
            await own.Send(new SealAudit());
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        var sound = await own.Send(new VerifyAudit(), auditor);
        Assert.True(sound is { BrokenAt: null, Sealed: >= 2, LastHash: not null });

        var row = (long)(await own.SqlAsync("select max(audit_id) from audit_seal"))!;
        await own.SqlAsync($"update audit_entry set details = 'forged' where id = {row}");
        var broken = await own.Send(new VerifyAudit(), auditor);
        Assert.Equal((row, "forged"), (broken.BrokenAt, broken.BrokenRow!.Details));
        Assert.Equal($"broken {row}", await own.SqlAsync("select details from audit_entry where action = 'audit.verified' order by id desc limit 1"));
    }
}
