using System.Text;
using System.Text.Json.Nodes;
using Consultation.Cases;
using Consultation.Check;
using Consultation.FollowUps;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Tests.Check;
using Consultation.Tests.Visits;
using Consultation.Topics;
using Consultation.Visits;
using Consultation.YearEnd;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.YearEnd;

/// <summary>The end of a contract: what lies beyond it, out of one installation and into an empty one (J62).</summary>
public sealed class HandOverTests(SeededDemo demo) : IClassFixture<SeededDemo>
{
    [Fact]
    public async Task J62_a_whole_house_loads_into_an_empty_one_counts_agree_nothing_is_mailed_and_both_are_sound()
    {
        var exported = await demo.Send(new ExportHandOver());
        Assert.True(exported.Head.Open > 50);
        Assert.Equal((long)exported.Head.Open, await demo.SqlAsync("select count(*) from cases where closed_at is null"));
        Assert.Equal(1L, await demo.SqlAsync($"select count(*) from audit_entry where action = 'hand_over.exported' and subject_id = '{exported.Head.Id}'"));
        Assert.Empty((await demo.Send(new RunCheck())).Broken);

        await using var empty = await EmptyHouse.OpenAsync(TestApp.Start);
        var loaded = await empty.Send(new LoadHandOver(exported.Content));
        Assert.False(loaded.Again);
        Assert.Equal(exported.Head.Counts.OrderBy(c => c.Key), loaded.Counts.OrderBy(c => c.Key));
        foreach (var table in new[] { "cases", "organisations", "contacts", "follow_ups", "case_notes", "visits", "case_history" })
        {
            var there = await demo.SqlAsync($"select count(*) from {table} where {table switch { "cases" => "id", "organisations" => "id in (select organisation_id from cases where organisation_id is not null) and id", _ => "case_id" }} in ({(table == "organisations" ? Going.Replace("select id from", "select organisation_id from", StringComparison.Ordinal) : Going)})");
            Assert.Equal((table, there), (table, await empty.SqlAsync($"select count(*) from {table}")));
        }

        Assert.Equal(0L, await empty.SqlAsync("select count(*) from outgoing_mail where state in ('waiting', 'attempting', 'deferred')"));
        Assert.True((bool)(await empty.SqlAsync("select mail_held from installation"))!);
        Assert.Empty(await empty.Send(new LeaseMail(100)));
        Assert.Equal(0L, await empty.SqlAsync("select count(*) from experts where offers_stopped_at is null"));
        Assert.Equal(1L, await empty.SqlAsync($"select count(*) from audit_entry where action = 'hand_over.loaded' and subject_id = '{exported.Head.Id}'"));
        Assert.Empty((await empty.Send(new RunCheck())).Broken);

        var again = await empty.Send(new LoadHandOver(exported.Content));
        Assert.True(again.Again);
        Assert.Equal((long)exported.Head.Counts["cases"], await empty.SqlAsync("select count(*) from cases"));

        // The house works: a new inquiry gets a number of its own, and an old case is taken up.
        var last = (string)(await empty.SqlAsync("select max(number) from cases where number like 'R08-%'"))!;
        var logged = await empty.Send(new LogInquiry(Channel.Phone, "VPNの相談", Desk: "tohoku"));
        Assert.True(string.CompareOrdinal(last, logged.Number) < 0);
        var old = CaseId.Parse((await empty.SqlAsync("select id from cases where status = 'assigned' order by number limit 1"))!.ToString()!, null);
        await empty.Send(new RecordContact(old, ContactDirection.In, Channel.Phone, ContactResult.Answered, Text: "引き続きお願いします"));
        Assert.Empty((await empty.Send(new RunCheck())).Broken);

        Assert.Equal("hand_over.not_empty", (await Assert.ThrowsAsync<RuleViolation>(async () => await empty.Send(new LoadHandOver((await demo.Send(new ExportHandOver())).Content)))).Code);
    }

    [Fact]
    public async Task J62_what_lay_beyond_the_contract_stands_on_the_list_and_is_planned_by_the_successor()
    {
        await using var old = await EmptyHouse.OpenAsync(TestApp.Start, demo: true);
        var id = await old.HeldCaseAsync("株式会社年度越え", (Track.Mic, await old.ExpertNamedAsync("年度 太郎")));
        var booked = await old.Send(Visit(id, At(11, 30, 10)));
        await old.MoveClockAsync(At(11, 30, 12));
        await old.Send(new CompleteVisit(booked.Id, VisitOutcome.TookPlace, Source: "電話で確認"));
        await old.Send(new FileReport(booked.Id, Track.Mic, "助言した。", ReportNext.Done, Source: "電話で口述"));
        await old.Send(new AddNote(id, "社内の事情があり慎重に"));
        var beyond = await old.Send(new ListBeyond(), await old.SupervisorAsync());
        Assert.Equal((BeyondKind.FollowUp, "m6", new DateOnly(2027, 5, 31), new DateOnly(2027, 3, 31)), Assert.Single(beyond.Lines, l => l.Case == id) is var line ? (line.Kind, line.What, line.On, line.Limit) : default);
        Assert.Empty((await old.Send(new ListBeyond(), (await old.SupervisorAsync()) with { District = "kyushu", Desk = (await old.DeskAsync("kyushu")).Desk })).Lines);
        await old.MoveClockAsync(At(3, 30, 10, year: 2027));
        await old.Send(new RaiseDueFollowUps());
        // Of the two that were asked, one letter has left the house and the other has not.
        await old.SqlAsync("update outgoing_mail set state = 'sent', attempts = 1, sent_at = created_at where event_key like (select 'follow-up-due/' || id || '/%' from follow_ups where kind = 'm1')");
        var exported = await old.Send(new ExportHandOver());

        await using var successor = await EmptyHouse.OpenAsync(At(4, 1, 9, 30, 2027));
        await successor.Send(new OpenNextYear());
        var loaded = await successor.Send(new LoadHandOver(exported.Content));
        Assert.Equal(3, loaded.Planned);
        Assert.Equal("m1 planned 2028-03-31, m3 planned 2028-03-31, m6 planned 2028-03-31", await successor.SqlAsync(
            "select string_agg(kind || ' ' || state || ' ' || last_on, ', ' order by due_on) from follow_ups"));
        Assert.Equal(1L, await successor.SqlAsync("select count(*) from case_notes where text = '社内の事情があり慎重に' and staff_id is null"));
        Assert.Equal("tohoku", await successor.SqlAsync("select d.slug from cases c join desks d on d.id = c.desk_id"));
        Assert.Empty((await successor.Send(new RunCheck())).Broken);

        // Whoever got the letter in the old year does not get the same; who did not, and the coming one, are asked, and it leaves when mail is let go.
        await successor.SqlAsync("update installation set demo = true");
        await successor.MoveClockAsync(At(5, 31, 10, year: 2027));
        await successor.Send(new RaiseDueFollowUps());
        Assert.Equal("m3,m6", await successor.SqlAsync(
            "select string_agg(f.kind, ',' order by f.kind) from outgoing_mail m join follow_ups f on f.id::text = split_part(m.event_key, '/', 2) where m.state = 'waiting' and m.template = 'follow-up-due'"));
        Assert.Empty(await successor.Send(new LeaseMail(100)));
        await successor.Send(new ReleaseMail());
        Assert.NotEmpty(await successor.Send(new LeaseMail(100)));
        Assert.Empty((await successor.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task The_file_tells_no_secret_of_a_letter_no_person_of_this_house_and_nothing_of_who_stays()
    {
        await using var old = await EmptyHouse.OpenAsync(TestApp.Start, demo: true);
        var expert = await old.ExpertNamedAsync("秘密 太郎");
        var (going, staying) = (await old.HeldCaseAsync("株式会社秘密", (Track.Mic, expert)), await old.HeldCaseAsync("株式会社残留", (Track.Mic, await old.ExpertNamedAsync("残留 花子"))));
        await old.Send(new CloseCase(staying, CaseOutcome.Withdrawn, CloseOpenWork: true));
        var (visit, survey) = (new string('v', 32), new string('s', 31) + "_");
        await old.Send(Visit(going, At(11, 30, 10)));
        await old.SqlAsync($"update outgoing_mail set body = body || E'\nhttps://desk.example/visit/{visit}\nhttps://desk.example/survey/{survey}' where reference = '{going}'");
        await old.Send(new RecordContact(going, ContactDirection.In, Channel.Phone, ContactResult.Answered, Text: "折り返しを頼まれた", CallBackAt: At(11, 24, 14)));
        await old.SqlAsync($"update call_backs set reason = reason || ' https://desk.example/visit/{visit}' where case_id = '{going}'");
        var clerk = await old.DeskAsync("tohoku");
        await old.Send(new AddNote(going, "引き継ぐメモ"), clerk);

        var text = string.Join('\n', Said(JsonNode.Parse((await old.Send(new ExportHandOver())).Content)));
        Assert.Contains("引き継ぐメモ", text, StringComparison.Ordinal);
        Assert.True(System.Text.RegularExpressions.Regex.Count(text, "/visit/（削除）") >= 2, "In the letter and in the call.");
        Assert.All([visit, survey, clerk.Staff!.Value.ToString(), staying.ToString(), "残留"], secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
        Assert.Contains("/survey/（削除）", text, StringComparison.Ordinal);

        static IEnumerable<string> Said(JsonNode? node) => node switch
        {
            JsonObject fields => fields.SelectMany(field => Said(field.Value)),
            JsonArray rows => rows.SelectMany(Said),
            JsonValue value when value.TryGetValue<string>(out var said) => [said],
            _ => [],
        };
    }

    [Theory]
    [InlineData("bounced")]
    [InlineData("dead")]
    public async Task Letters_in_a_digest_that_was_lost_and_told_nobody_are_told_by_the_successor(string lost)
    {
        await using var old = await EmptyHouse.OpenAsync(TestApp.Start, demo: true);
        var expert = await old.ExpertNamedAsync("まとめ 太郎");
        var id = await old.HeldCaseAsync("株式会社まとめ", (Track.Mic, expert));
        await old.SqlAsync("update outgoing_mail set state = 'sent', attempts = 1, sent_at = created_at");
        string Letter(string key, string state, string more, string values) =>
            $"insert into outgoing_mail (id, event_key, recipient, person, template, reference, subject, body, message_id, next_attempt_at, created_at, state{more}) values (gen_random_uuid(), '{key}', 'matome@example.jp', '{expert}', '{(key == "digest" ? "mail-digest" : "report-late")}', '{(key == "digest" ? expert.ToString() : id.ToString())}', '{key}の件', 'b', '{key}', app_now(), app_now(), '{state}'{values})";
        await old.SqlAsync(Letter("digest", lost, ", attempts, untold_since, address_is_wrong", ", 1, app_now(), true"));
        await old.SqlAsync(Letter("inside", "gathered", ", digest", ", (select id from outgoing_mail where event_key = 'digest')"));
        await old.SqlAsync(Letter("next", "gathered", "", ""));
        var exported = await old.Send(new ExportHandOver());

        await using var successor = await EmptyHouse.OpenAsync(At(12, 1, 9));
        await successor.Send(new LoadHandOver(exported.Content));
        Assert.Equal($"inside {lost}, next discarded", await successor.SqlAsync(
            "select string_agg(event_key || ' ' || state, ', ' order by event_key) from outgoing_mail where event_key in ('inside', 'next', 'digest')"));
        Assert.Equal("引継ぎのため送信しない", await successor.SqlAsync("select discard_reason from outgoing_mail where event_key = 'next'"));
        Assert.Empty((await successor.Send(new RunCheck())).Broken);
        Assert.Equal(1, await successor.Send(new TellLostMails()));
        Assert.Equal(1L, await successor.SqlAsync($"select count(*) from call_backs where case_id = '{id}' and state = 'open' and reason like '%届かなかったため電話で: insideの件%'"));
        Assert.Empty((await successor.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task A_file_that_is_broken_of_another_version_or_short_of_rows_changes_nothing()
    {
        var content = (await demo.Send(new ExportHandOver())).Content;
        await using var empty = await EmptyHouse.OpenAsync(TestApp.Start);
        Assert.Equal("hand_over.unreadable", await RefusedAsync(empty, Encoding.UTF8.GetBytes("{\"head\":{}")));
        Assert.Equal("hand_over.unreadable", await RefusedAsync(empty, content[..(content.Length / 2)]));
        Assert.Equal("hand_over.unreadable", await RefusedAsync(empty, Changed(content, json => json["head"]!["format"] = "other")));
        Assert.Equal("hand_over.other_version", await RefusedAsync(empty, Changed(content, json => json["head"]!["version"] = 99)));
        Assert.Equal("hand_over.other_version", await RefusedAsync(empty, Changed(content, json => json["head"]!["schema"] = "other")));
        Assert.Equal("hand_over.counts", await RefusedAsync(empty, Changed(content, json => json["tables"]!["contacts"]!.AsArray().RemoveAt(0))));
        Assert.Equal((0L, 0L), ((long)(await empty.SqlAsync("select count(*) from cases"))!, (long)(await empty.SqlAsync("select count(*) from hand_over_loads"))!));
        Assert.False((bool)(await empty.SqlAsync("select mail_held from installation"))!);
    }

    [Fact]
    public async Task The_list_names_visits_and_promises_that_the_changed_dates_leave_behind_and_the_holders_whose_term_is_over()
    {
        await using var app = await EmptyHouse.OpenAsync(TestApp.Start, demo: true);
        var (early, late) = (await app.ExpertNamedAsync("終了 太郎"), await app.ExpertNamedAsync("継続 太郎"));
        var id = await app.HeldCaseAsync("株式会社期限外", (Track.Mic, late));
        await app.Send(Visit(id, At(12, 10, 10)));
        await app.Send(new RecordContact(id, ContactDirection.Out, Channel.Phone, ContactResult.Answered, CallBackAt: At(12, 9, 10)));
        var left = await app.HeldCaseAsync("株式会社任期", (Track.Mic, early));
        await app.SqlAsync($"update experts set term_to = '2026-11-20' where id = '{early}'");
        await app.SqlAsync("update programme_years set last_visit_on = '2026-12-04', contract_ends_on = '2026-12-07' where fiscal_year = 2026");
        var beyond = await app.Send(new ListBeyond(), await app.SupervisorAsync());
        Assert.Equal(
            [(left, BeyondKind.HoldersTerm, new DateOnly(2026, 11, 20)), (id, BeyondKind.Promise, new(2026, 12, 9)), (id, BeyondKind.Visit, new(2026, 12, 10))],
            beyond.Lines.Select(l => (l.Case, l.Kind, l.On)));
        await Assert.ThrowsAsync<Forbidden>(async () => await app.Send(new ListBeyond(), await app.DeskAsync("tohoku")));
    }

    [Fact]
    public async Task Of_every_table_is_said_whether_it_goes_along()
    {
        var tables = ((string)(await demo.SqlAsync("select string_agg(tablename, ',') from pg_tables where schemaname = 'public' and tablename not like 'qrtz\\_%' and tablename not in ('schema_migration')"))!).Split(',');
        Assert.Empty(tables.Except(CarriedTable.All.Select(t => t.Name)).Except(CarriedTable.LeftBehind.Keys));
        Assert.Empty(CarriedTable.All.Select(t => t.Name).Except(tables));
    }

    private const string Going =
        "select id from cases where closed_at is null or organisation_id in (select organisation_id from cases where closed_at is null) or id in (select case_id from follow_ups where state = 'hand_over')";

    private static async Task<string> RefusedAsync(TestApp app, byte[] content) =>
        (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new LoadHandOver(content)))).Errors[0].Code;

    private static byte[] Changed(byte[] content, Action<JsonNode> change)
    {
        var json = JsonNode.Parse(content)!;
        change(json);
        return Encoding.UTF8.GetBytes(json.ToJsonString());
    }

    /// <summary>Another installation: desks, rules and programme years, and nobody in it.</summary>
    private sealed class EmptyHouse : TestApp
    {
        public static async Task<EmptyHouse> OpenAsync(DateTimeOffset now, bool demo = false)
        {
            var house = new EmptyHouse();
            await house.InitializeAsync();
            await house.MoveClockAsync(now);
            await house.SqlAsync($"update installation set demo = {demo}");
            return house;
        }
    }
}
