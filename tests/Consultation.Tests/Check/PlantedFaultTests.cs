using Consultation.Audit;
using Consultation.Check;
using Consultation.Demo;

namespace Consultation.Tests.Check;

/// <summary>A lifelike database: the seeded demo, with its audit sealed.</summary>
public sealed class SeededDemo : TestApp
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await SqlAsync("update installation set demo = false, clock_shift = '0'");
        await Send(new SeedDemo());
        while (await Send(new SealAudit()) > 0)
        {
            continue;
        }
    }
}

/// <summary>The checker checked: every planted fault is found by its name, and once it is taken back nothing is left (reliability.md).</summary>
public sealed class PlantedFaultTests(SeededDemo app) : IClassFixture<SeededDemo>
{
    // Each row: the code that must be found, what is done behind the product's back, and how it is undone.
    public static TheoryData<string, string, string> Faults => new()
    {
        {
            "follow_up.shifted",
            "update follow_ups set due_on = due_on + 1 where id = (select min(id::text)::uuid from follow_ups where state = 'planned')",
            "update follow_ups set due_on = due_on - 1 where id = (select min(id::text)::uuid from follow_ups where state = 'planned')"
        },
        {
            "case.consent_unrecorded",
            "update consents set withdrawn_at = recorded_at where id = (select min(id::text)::uuid from consents)",
            "update consents set withdrawn_at = null where id = (select min(id::text)::uuid from consents)"
        },
        {
            "follow_up.missing",
            "create table kept as select * from follow_ups where case_id = (select case_id from follow_ups where state = 'planned' limit 1); delete from follow_ups where id in (select id from kept)",
            "insert into follow_ups select * from kept; drop table kept"
        },
        {
            "deadline.shifted",
            "update deadlines set due_at = due_at + interval '3 days' where id = (select id from deadlines where state = 'open' order by due_at desc limit 1)",
            "update deadlines set due_at = due_at - interval '3 days' where id = (select id from deadlines where state = 'open' order by due_at desc limit 1)"
        },
        {
            "deadline.on_closed_day",
            "insert into closures select gen_random_uuid(), c.desk_id, (d.due_at at time zone 'Asia/Tokyo')::date, 'planted' from deadlines d join cases c on c.id = d.case_id where d.state = 'open' and d.counting is not null and d.due_at > app_now() order by d.due_at desc limit 1",
            "delete from closures where reason = 'planted'"
        },
        {
            "deadline.missing_assignment",
            "create table kept as select * from deadlines where kind = 'assignment' and state = 'open' limit 1; delete from deadlines where id in (select id from kept)",
            "insert into deadlines select * from kept; drop table kept"
        },
        {
            "deadline.missing_report",
            "create table kept as select * from deadlines where kind = 'report' and state = 'open' limit 1; delete from deadlines where id in (select id from kept)",
            "insert into deadlines select * from kept; drop table kept"
        },
        {
            "report.call_left",
            "insert into call_backs (id, case_id, desk_id, due_at, reason, event_key, state) select '00000000-0000-0000-0000-00000000ca11', r.case_id, c.desk_id, app_now(), '催促', 'report-call/' || r.visit_id || '/' || initcap(r.track) || '/x', 'open' from session_reports r join cases c on c.id = r.case_id where r.state = 'submitted' limit 1",
            "delete from call_backs where id = '00000000-0000-0000-0000-00000000ca11'"
        },
        {
            "mail.twice",
            "drop index outgoing_mail_once; insert into outgoing_mail select gen_random_uuid(), event_key, recipient, template, reference, subject, body, message_id || 'x', state, attempts, next_attempt_at, lease_until, fence, possibly_twice, error_code, created_at, sent_at from outgoing_mail limit 1",
            "delete from outgoing_mail where message_id like '%x'; create unique index outgoing_mail_once on outgoing_mail (event_key, recipient, template)"
        },
        {
            "diary.overlap",
            "alter table expert_diary drop constraint expert_diary_no_overlap; insert into expert_diary select gen_random_uuid(), expert_id, visit, busy, starts_at, ends_at, state, prefecture from expert_diary where state = 'confirmed' limit 1",
            "delete from expert_diary a using expert_diary b where a.visit = b.visit and a.expert_id = b.expert_id and a.id > b.id; alter table expert_diary add constraint expert_diary_no_overlap exclude using gist (expert_id with =, busy with &&) where (state in ('held', 'confirmed', 'completed'))"
        },
        {
            "diary.visit_missing",
            "create table kept as select * from expert_diary where state = 'confirmed' limit 1; delete from expert_diary where id in (select id from kept)",
            "insert into expert_diary select * from kept; drop table kept"
        },
        {
            "track.offer_mismatch",
            "create table kept as select id from offers where state = 'accepted' limit 1; update offers set state = 'withdrawn' where id in (select id from kept)",
            "update offers set state = 'accepted' where id in (select id from kept); drop table kept"
        },
        {
            "case.status_wrong",
            "update cases set status = 'closed' where number = (select min(number) from cases where closed_at is null)",
            "update cases set status = 'received' where status = 'closed' and closed_at is null; update cases set status = (case when exists (select 1 from visits v join visit_experts e on e.visit_id = v.id where v.case_id = cases.id and v.state = 'took_place' and not exists (select 1 from session_reports r where r.visit_id = v.id and r.track = e.track)) then 'report_due' when consulting_done then 'following_up' else status end) where number = (select min(number) from cases where closed_at is null)"
        },
        {
            "case.search_missing",
            "create table kept as select * from case_search limit 1; delete from case_search where case_id in (select case_id from kept)",
            "insert into case_search select * from kept; drop table kept"
        },
        {
            "quota.ledger",
            "update quota_accounts set used = used + 1 where id = (select id from quota_accounts where used = 1 order by id limit 1)",
            "update quota_accounts set used = used - 1 where used = 2"
        },
        {
            "idempotency.unanswered",
            "insert into idempotency (caller, path, key, body_hash, created_at) values ('planted', '/x', 'k', 'h', now())",
            "delete from idempotency where caller = 'planted'"
        },
        {
            "audit.chain",
            "update audit_entry set actor = actor || '?' where id = (select audit_id from audit_seal order by seal_no limit 1)",
            "update audit_entry set actor = rtrim(actor, '?') where id = (select audit_id from audit_seal order by seal_no limit 1)"
        },
        {
            "audit.chain",
            "create table kept as select * from audit_seal order by seal_no limit 1; delete from audit_seal where seal_no in (select seal_no from kept)",
            "insert into audit_seal select * from kept; drop table kept"
        },
        {
            "audit.missing",
            "create table kept as select id, subject_id from audit_entry where action = 'case.logged' order by id desc limit 1; update audit_entry set subject_id = gen_random_uuid() where id in (select id from kept)",
            "update audit_entry e set subject_id = k.subject_id from kept k where e.id = k.id; drop table kept"
        },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_planted_fault_is_found_by_name_and_gone_when_taken_back(string code, string plant, string undo)
    {
        await app.SqlAsync(plant);
        var found = await app.Send(new RunCheck());
        Assert.Contains(found.Broken, b => b.Code == code);
        Assert.All(found.Broken, b => Assert.NotEqual("", b.Subject));

        await app.SqlAsync(undo);
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task A_sound_database_breaks_nothing_and_its_audit_is_sealed()
    {
        var result = await app.Send(new RunCheck());
        Assert.Empty(result.Broken);
        Assert.True(result.SealedAuditRows > 100);
    }
}
