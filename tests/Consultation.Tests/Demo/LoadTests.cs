using Consultation.Cases;
using Consultation.CaseFile;
using Consultation.Check;
using Consultation.Demo;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Staff;
using Consultation.Topics;
using Consultation.Work;

namespace Consultation.Tests.Demo;

/// <summary>What the measurements stand on: loaded data are valid, the same each time, and as many as were asked for.</summary>
public sealed class LoadTests : TestApp
{
    private const int Cases = 300;

    // Everything that a case is made of, without ids; in the order of the case's number.
    private const string Content = """
        select md5(string_agg(x, '|' order by x)) from (
          select concat_ws(' ', number, district, status, on_hold, channel, received_at, logged_at, text, organisation_name, corporate_number, prefecture, phone, email, suggestion, next_due_at, outcome) from cases
          union all select concat_ws(' ', c.number, h.at, h.actor, h.kind, h.text) from case_history h join cases c on c.id = h.case_id
          union all select concat_ws(' ', c.number, d.kind, d.track, d.due_at, d.why, d.state, d.ended_at) from deadlines d join cases c on c.id = d.case_id
          union all select concat_ws(' ', c.number, v.ordinal, v.starts_at, v.mode, v.state, v.recorded_at) from visits v join cases c on c.id = v.case_id
          union all select concat_ws(' ', c.number, f.kind, f.due_on, f.why, f.state, f.ended_at) from follow_ups f join cases c on c.id = f.case_id
          union all select concat_ws(' ', template, recipient, subject, body, sent_at) from outgoing_mail
          union all select concat_ws(' ', at, actor, action, details) from audit_entry) r (x)
        """;

    // Everything that a load may set aside, and what the tables are told about vacuuming.
    private const string Schema = """
        select string_agg(x, E'\n' order by x) from (
          select indexdef from pg_indexes where schemaname = 'public'
          union all select concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated) from pg_constraint where connamespace = 'public'::regnamespace
          union all select concat_ws(' ', relname, array_to_string(reloptions, ',')) from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r') r (x)
        """;

    [Fact]
    public async Task An_empty_installation_has_every_index_and_foreign_key_back_after_a_load_and_one_with_cases_keeps_them()
    {
        await using var owner = Npgsql.NpgsqlDataSource.Create(OwnerConnectionString);
        var before = await SqlAsync(Schema);
        object? first = null, second = null;
        await SealAsync();
        await LoadUpkeep.AroundAsync(owner, async () => first = await LoadAsync(), CancellationToken.None);
        Assert.Equal(before, await SqlAsync(Schema));
        Assert.Empty((await Send(new RunCheck())).Broken);
        await LoadUpkeep.AroundAsync(owner, async () => second = await LoadAsync(), CancellationToken.None);

        Assert.NotEqual(before, first);
        Assert.Equal(before, second);
        Assert.Equal(before, await SqlAsync(Schema));
        Assert.Equal(2L * Cases, await CountAsync("cases"));
        Assert.Equal((0L, (await Send(new RunCheck())).SealedAuditRows), ((await Send(new RunCheck())).UnsealedAuditRows, await CountAsync("audit_seal")));

        async Task<object?> LoadAsync()
        {
            await Send(new LoadData(Cases));
            return await SqlAsync(Schema);
        }
    }

    [Fact]
    public async Task A_load_seals_what_it_writes_after_what_was_there_and_the_sealer_goes_on_behind_it()
    {
        await Send(new ListCases());
        await SealAsync();
        var before = await CountAsync("audit_seal");
        await Send(new LoadData(Cases));

        var loaded = await Send(new RunCheck());
        Assert.Empty(loaded.Broken);
        Assert.Equal(0L, await CountAsync("audit_entry e where not exists (select from audit_seal s where s.audit_id = e.id)"));
        Assert.True(await CountAsync("audit_seal") > before + Cases);

        await Send(new ListCases());
        await SealAsync();
        Assert.Equal((0L, 0), ((await Send(new RunCheck())).UnsealedAuditRows, (await Send(new RunCheck())).Broken.Count));
    }

    [Fact]
    public async Task A_load_that_was_killed_is_found_by_check_and_mended_by_the_next_one_and_a_refused_one_leaves_nothing_behind()
    {
        await using var owner = Npgsql.NpgsqlDataSource.Create(OwnerConnectionString);
        var before = await SqlAsync(Schema);
        await new LoadShelf(owner).SetAsideAsync(CancellationToken.None);
        Assert.Contains((await Send(new RunCheck())).Broken, b => b.Code == "load.unfinished");

        await Assert.ThrowsAsync<RuleViolation>(() => LoadUpkeep.AroundAsync(owner, () => Send(new LoadData(10, Visits: 100)), CancellationToken.None));
        Assert.Equal(before, await SqlAsync(Schema));
        Assert.Empty((await Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task A_load_is_as_large_as_it_says_and_breaks_no_invariant_before_and_after_the_work_of_the_day()
    {
        var loaded = await Send(new LoadData(Cases));

        Assert.Equal((Cases, (long)Cases), (loaded.Cases, await CountAsync("cases")));
        Assert.Equal((loaded.Visits, loaded.FollowUps, loaded.Experts), (await CountAsync("visits"), await CountAsync("follow_ups"), await CountAsync("experts")));
        Assert.True(await CountAsync("cases where status = 'closed'") > Cases * 8 / 10);
        Assert.Equal(0L, await CountAsync("outgoing_mail where state <> 'sent'"));
        Assert.Empty((await Send(new RunCheck())).Broken);

        var work = await Send(new RunAllDue());
        Assert.Empty(work.Failed);
        Assert.DoesNotContain(work.Done, d => d.Value > 0 && d.Key is not ("fold-case-load" or "escalate-overdue") && !d.Key.StartsWith("seal-", StringComparison.Ordinal));
        Assert.Empty((await Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_content_and_another_one_another()
    {
        await using var other = new TestApp();
        await using var third = new TestApp();
        await other.InitializeAsync();
        await third.InitializeAsync();
        await Send(new LoadData(Cases, Seed: 7));
        await other.Send(new LoadData(Cases, Seed: 7));
        await third.Send(new LoadData(Cases, Seed: 8));

        Assert.Equal(await SqlAsync(Content), await other.SqlAsync(Content));
        Assert.NotEqual(await SqlAsync(Content), await third.SqlAsync(Content));
    }

    [Fact]
    public async Task A_second_load_adds_to_the_first()
    {
        await Send(new LoadData(Cases));
        await Send(new LoadData(40, Experts: 3, Visits: 30, FollowUps: 50));

        Assert.Equal(Cases + 40L, await CountAsync("cases"));
        Assert.Equal(27L, await CountAsync("experts"));
        Assert.Empty((await Send(new RunCheck())).Broken);
    }

    [Theory]
    [InlineData(100, 0, 0)]
    [InlineData(100, 90, 60)]
    [InlineData(100, 40, 150)]
    [InlineData(400, 330, 1000)]
    public async Task Visits_and_follow_ups_are_met_to_the_row(int cases, int visits, int followUps)
    {
        await Send(new LoadData(cases, Visits: visits, FollowUps: followUps));

        Assert.Equal(((long)visits, (long)followUps), (await CountAsync("visits"), await CountAsync("follow_ups")));
        Assert.Empty((await Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task What_cannot_be_is_refused_and_nothing_is_written()
    {
        Assert.Equal("load.impossible", (await Assert.ThrowsAsync<RuleViolation>(() => Send(new LoadData(10, Visits: 100)))).Code);
        Assert.Equal("load.impossible", (await Assert.ThrowsAsync<RuleViolation>(() => Send(new LoadData(10, Visits: 5, FollowUps: 0)))).Code);
        Assert.Equal(0L, await CountAsync("cases"));
    }

    [Fact]
    public async Task Where_people_work_nothing_is_loaded()
    {
        await SqlAsync("update installation set demo = false");
        await Send(new AddPerson("窓口 担当", null, Role.Desk, "kanto", null, "受託者"));

        Assert.Equal("load.not_for_measuring", (await Assert.ThrowsAsync<RuleViolation>(() => Send(new LoadData(10)))).Code);
        Assert.Equal(0L, await CountAsync("cases"));
    }

    [Fact]
    public async Task The_words_for_measuring_stand_in_the_promised_share_of_cases_and_the_search_finds_them()
    {
        await Send(new LoadData(1000));
        foreach (var term in LoadTerms.All)
        {
            var folded = CaseSearch.Fold(term.Text);
            Assert.Equal(1000L / term.OneOf, await CountAsync($"case_search where folded like '%{folded}%'"));
            Assert.NotEmpty((await Send(new ListCases(Query: term.Text))).Items);
        }
    }

    [Fact]
    public async Task A_word_that_stands_in_too_many_cases_for_the_index_is_found_page_by_page_all_the_same()
    {
        // Below five hundred every case is looked at.
        await Send(new LoadData(700));
        var everywhere = (string)(await SqlAsync($"select string_agg(c.number, ' ' order by c.received_at desc, c.id desc) from cases c join case_search s on s.case_id = c.id where strpos(s.folded, '{CaseSearch.Fold("の")}') > 0"))!;
        Assert.True(everywhere.Split(' ').Length > 500);

        var read = new List<string>();
        for (string? after = null, more = ""; more is not null && read.Count < 500; after = more)
        {
            var page = await Send(new ListCases(Query: "の", After: after, Limit: 200));
            read.AddRange(page.Items.Select(row => row.Number));
            more = page.Next;
        }

        Assert.Equal(everywhere.Split(' ')[..500], read[..500]);
        // Two frequent grams that no text holds side by side: the newest do not suffice, the index answers after all.
        Assert.Empty((await Send(new ListCases(Query: "の のの無い語"))).Items);
    }

    [Fact]
    public async Task Every_loaded_case_opens_and_its_suggestion_is_what_the_rules_say()
    {
        await Send(new LoadData(60));
        var suggester = new Suggester(RuleBase.Default);
        var rows = (await Send(new ListCases(Limit: 200))).Items;
        Assert.Equal(60, rows.Count);
        foreach (var row in rows)
        {
            var full = (await Send(new GetCase(row.Id))).Full!;
            Assert.Equal(Json(suggester.Suggest(full.Text)), Json(full.Suggestion));
            Assert.Contains(full.History, h => h.Kind == "logged");
        }
    }

    /// <summary>A seal waits for every transaction of the cluster that is older, and other tests have theirs.</summary>
    private async Task SealAsync()
    {
        for (var tries = 0; tries < 600 && await CountAsync("audit_entry e where not exists (select from audit_seal s where s.audit_id = e.id)") > 0; tries++)
        {
            await Send(new Consultation.Audit.SealAudit());
            await Task.Delay(50);
        }
    }

    private static string Json(Suggestion suggestion) => System.Text.Json.JsonSerializer.Serialize(suggestion, StoredJson.Options);

    private async Task<long> CountAsync(string rows) => (long)(await SqlAsync($"select count(*) from {rows}"))!;
}
