namespace Consultation.Tests.Check;

/// <summary>Faults done behind the product's back, each with the code it must be found by and how it is taken back.</summary>
internal static class Planted
{
    private const string Other = "(select id from experts where id <> {0} order by id limit 1)";

    public static IEnumerable<TheoryDataRow<string, string, string>> Faults =>
    [
        // I1, I2
        Told("case.lost", "case.logged", null), Told("offer.lost", "offer.made", null), Told("visit.lost", "visit.booked", null), Told("report.lost", "report.filed", "Mic"),
        Gone("contact.lost", "contacts", "true"), Gone("note.lost", "case_notes", "true"),
        Row("load.unfinished", "create table load_set_aside ()", "drop table load_set_aside"),
        Key("idempotency.unanswered", "null"), Key("idempotency.without_case", """'{"id": "gone"}'"""),
        Row("idempotency.shared",
            "insert into idempotency (caller, path, key, body_hash, result, created_at) select 'planted', '/api/v1/inquiries', k, 'h', jsonb_build_object('id', (select min(id::text) from cases)), now() from unnest(array['a', 'b']) k",
            "delete from idempotency where caller = 'planted'"),

        // I3
        Doubled("mail.twice", "outgoing_mail", "true", "message_id = message_id || 'x'", "drop index outgoing_mail_once", "create unique index outgoing_mail_once on outgoing_mail (event_key, recipient, template)"),
        Doubled("mail.message_id", "outgoing_mail", "true", "event_key = event_key || '/x/y/z'",
            "alter table outgoing_mail drop constraint outgoing_mail_message_id_key", "alter table outgoing_mail add constraint outgoing_mail_message_id_key unique (message_id)"),
        Again("mail.reminder_twice", "visit-reminder"), Again("mail.follow_up_twice", "follow-up-due"), Again("mail.follow_up_again_twice", "follow-up-again"),
        Changed("mail.gap", "outgoing_mail", "true", "body = body || '{{name}} 様'"),
        Changed("mail.sent_without_time", "outgoing_mail", "state <> 'sent'", "sent_at = now()"),
        Changed("mail.sent_untried", "outgoing_mail", "true", "state = 'sent', sent_at = now(), attempts = 0"),
        Changed("mail.stuck", "outgoing_mail", "true", "state = 'deferred', sent_at = null, attempts = 3, created_at = app_now() - interval '5 days', next_attempt_at = app_now() - interval '5 days'"),
        Changed("mail.bounced_without_call", "outgoing_mail", "true", "state = 'bounced', sent_at = null"),
        Row("mail.bounced_without_call", UntoldLetter("gen_random_uuid()") + WorkRan("tell-lost-mail"), "delete from outgoing_mail where message_id = 'planted'; delete from work_runs where last_error_code = 'planted'"),
        Row("mail.bounced_without_call", UntoldLetter("(select min(id::text)::uuid from cases)") + "insert into work_failures (job, row_id, code, tries, first_at, last_at) select 'planted', id, 'planted', 1, app_now(), app_now() from outgoing_mail where message_id = 'planted'",
            "delete from outgoing_mail where message_id = 'planted'; delete from work_failures where job = 'planted'"),
        Changed("mail.offer_untold", "outgoing_mail", "event_key in (select 'offer/' || id from offers where state = 'open')", "event_key = 'planted'"),
        Changed("mail.visit_untold", "outgoing_mail", "template = 'visit-confirmed' and split_part(event_key, '/', 2) in (select id::text from visits where state = 'confirmed')", "event_key = 'visit-confirmed/planted/0'"),
        Changed("mail.follow_up_untold", "follow_ups", "state = 'planned'", "state = 'due'"),

        Doubled("survey.twice", "surveys", "true", "state = 'planned', secret_hash = null", "alter table surveys drop constraint surveys_one_per_visit", "alter table surveys add constraint surveys_one_per_visit unique (visit_id)"),
        Changed("survey.untold", "surveys", "true", "state = 'sent', secret_hash = 'planted', sent_at = app_now(), expires_at = app_now() + interval '1 day'"),
        Changed("survey.incomplete", "surveys", "true", "state = 'answered', answered_at = app_now(), satisfaction = 'satisfied'"),
        Changed("survey.late_answer", "surveys", "true",
            "state = 'answered', satisfaction = 'satisfied', achievement = 'partly', intent = 'not_now', sent_at = app_now(), expires_at = app_now() + interval '1 day', answered_at = app_now() + interval '2 days'"),
        Changed("survey.not_visited", "surveys", "true", "visit_id = (select id from visits where state = 'confirmed' limit 1)"),

        // I4
        Gone("deadline.missing_assignment", "deadlines", "kind = 'assignment' and state = 'open'"),
        Gone("deadline.missing_acceptance", "deadlines", "kind = 'acceptance' and state = 'open'"),
        Gone("deadline.missing_first_visit", "deadlines", "kind = 'first_visit' and state = 'open'"),
        Gone("deadline.missing_report", "deadlines", "kind = 'report' and state = 'open'"),
        Gone("deadline.missing_call", "deadlines", "kind = 'call_back' and state = 'open'"),
        Row("deadline.on_closed_day",
            "insert into closures select gen_random_uuid(), c.desk_id, (d.due_at at time zone 'Asia/Tokyo')::date, 'planted' from deadlines d join cases c on c.id = d.case_id where d.state = 'open' and d.counting is not null and d.due_at > app_now() order by d.due_at desc limit 1",
            "delete from closures where reason = 'planted'"),
        Row("deadline.on_closed_day",
            "insert into holiday_tables select version + 1, source, file_name, file_hash, official_until, days || (select jsonb_build_array(jsonb_build_object('on', (d.due_at at time zone 'Asia/Tokyo')::date, 'kind', 'national', 'name', 'planted')) from deadlines d where d.state = 'open' and d.counting is not null and d.due_at > app_now() order by d.due_at desc limit 1), imported_at, 'planted' from holiday_tables order by version desc limit 1",
            "delete from holiday_tables where imported_by = 'planted'"),
        Row("report.call_left",
            "insert into call_backs (id, case_id, desk_id, kind, call_from, due_at, reason, event_key, state) select '00000000-0000-0000-0000-00000000ca11', r.case_id, c.desk_id, 'colleague', app_now(), app_now(), '催促', 'report-call/' || r.visit_id || '/' || initcap(r.track) || '/x', 'open' from session_reports r join cases c on c.id = r.case_id where r.state = 'submitted' limit 1",
            "delete from call_backs where id = '00000000-0000-0000-0000-00000000ca11'"),
        Owed("call.offer_answered", "'offer-made/offer/' || o.id", "offers o join cases c on c.id = o.case_id where o.state = 'accepted'"),
        Owed("call.visit_past", "'visit-reminder/visit-reminder/' || v.id || '/' || v.sequence", "visits v join cases c on c.id = v.case_id where v.state = 'took_place'"),
        Owed("call.visit_past", "'visit-confirmed/' || v.id || '/9/x'", "visits v join cases c on c.id = v.case_id where v.state = 'confirmed'"),
        Gone("deadline.first_response", "deadlines", "kind = 'first_response'"),
        Changed("deadline.after_end", "deadlines", "case_id in (select id from cases where closed_at is not null)", "state = 'open', ended_at = null"),
        Changed("deadline.hold", "cases", "id in (select case_id from deadlines where state = 'open')", "on_hold = true"),
        Doubled("deadline.twice", "deadlines", "state = 'open'", "started_at = started_at", "drop index deadlines_one_open",
            "create unique index deadlines_one_open on deadlines (case_id, kind, coalesce(track, ''), coalesce(subject, '00000000-0000-0000-0000-000000000000')) where state in ('open', 'paused')"),
        Changed("deadline.escalated_early", "deadlines", "state = 'open'", "escalated = 'holder', escalated_at = due_at - interval '1 hour'"),
        Ran("deadline.not_escalated", "escalate-overdue"),
        Changed("deadline.ended_without_time", "deadlines", "state = 'met'", "ended_at = null"),
        Changed("deadline.next_wrong", "cases", "next_due_at is not null", "next_due_at = next_due_at + interval '1 day'"),
        Changed("deadline.shifted", "deadlines", "state = 'open'", "due_at = due_at + interval '3 days'"),
        Changed("offer.expired_early", "offers", "state = 'declined'", "state = 'expired', answered_at = offered_at + interval '1 minute'"),
        Ran("offer.not_expired", "expire-offers"),
        Row("visit.hold_not_expired",
            "create table kept as select * from visits where state = 'confirmed' limit 1; update visits set state = 'held', hold_expires_at = '2026-11-24 00:00+09' where id in (select id from kept); " + WorkRan("expire-holds"),
            "update visits v set state = k.state, hold_expires_at = null from kept k where v.id = k.id; drop table kept; delete from work_runs where last_error_code = 'planted'"),
        Gone("follow_up.missing", "follow_ups", "state = 'planned'", "case_id"),
        Doubled("follow_up.twice", "follow_ups", "true", "version = 1", "alter table follow_ups drop constraint follow_ups_one_per_kind", "alter table follow_ups add constraint follow_ups_one_per_kind unique (case_id, kind)"),
        Changed("follow_up.anchor", "follow_ups", "state = 'planned'", "base_on = base_on + 1"),
        Doubled("follow_up.not_suspended", "follow_ups", "state = 'planned'", "case_id = (select case_id from visits v where state = 'confirmed' and not exists (select 1 from follow_ups f where f.case_id = v.case_id) limit 1)"),
        Changed("follow_up.suspended_for_nothing", "follow_ups", "state = 'planned'", "state = 'suspended'"),
        Changed("follow_up.fired_early", "follow_ups", "state = 'planned'", "state = 'due'"),
        Ran("follow_up.not_fired", "raise-follow-ups"),
        Changed("follow_up.approaches", "follow_ups", "state = 'planned'", "state = 'due', asked = 2"),
        Row("follow_up.asked_after_end",
            "create table kept as select * from follow_ups where state = 'planned' limit 1; update follow_ups set state = 'cancelled', ended_at = app_now(), ended_by = 'planted' where id in (select id from kept); "
            + "insert into outgoing_mail (id, event_key, recipient, template, reference, subject, body, message_id, next_attempt_at, created_at) select gen_random_uuid(), 'follow-up-again/' || id || '/20260101-2', 'a@firm.example', 'follow-up-again', case_id, 's', 'b', 'planted', app_now(), app_now() + interval '1 minute' from kept",
            "delete from outgoing_mail where message_id = 'planted'; delete from follow_ups where id in (select id from kept); insert into follow_ups select * from kept; drop table kept"),
        Row("follow_up.call_left",
            "create table kept as select * from follow_ups where state = 'planned' limit 1; update follow_ups set state = 'cancelled', ended_at = app_now(), ended_by = 'planted' where id in (select id from kept); "
            + "insert into call_backs (id, case_id, desk_id, kind, call_from, due_at, reason, event_key, state) select '00000000-0000-0000-0000-00000000ca11', case_id, desk_id, 'letter', app_now(), app_now(), 'planted', 'follow-up-call/' || id || '/20260101', 'open' from kept",
            "delete from call_backs where id = '00000000-0000-0000-0000-00000000ca11'; delete from follow_ups where id in (select id from kept); insert into follow_ups select * from kept; drop table kept"),
        Row("follow_up.not_asked_again",
            "create table kept as select * from follow_ups where state = 'planned' limit 1; update follow_ups set state = 'due', asked = 1, next_ask_on = '2026-01-05' where id in (select id from kept); " + WorkRan("ask-follow-ups-again"),
            "delete from work_runs where last_error_code = 'planted'; delete from follow_ups where id in (select id from kept); insert into follow_ups select * from kept; drop table kept"),
        Changed("follow_up.beyond_contract", "follow_ups", "state = 'planned'", "last_on = due_on - 1"),
        Changed("follow_up.ended_without_time", "follow_ups", "state = 'planned'", "ended_at = now()"),
        Changed("follow_up.shifted", "follow_ups", "state = 'planned'", "due_on = due_on + 1"),

        // I5
        Doubled("diary.overlap", "expert_diary", "state = 'confirmed'", "prefecture = prefecture", "alter table expert_diary drop constraint expert_diary_no_overlap",
            "alter table expert_diary add constraint expert_diary_no_overlap exclude using gist (expert_id with =, busy with &&) where (state in ('held', 'confirmed', 'completed'))"),
        Gone("diary.visit_missing", "expert_diary", "state = 'confirmed'"),
        Changed("diary.visit_missing", "expert_diary", "state = 'completed'", "state = 'cancelled'"),
        Changed("diary.orphan", "expert_diary", "state = 'confirmed'", "visit = gen_random_uuid()"),
        Doubled("diary.twice", "expert_diary", "state = 'confirmed'", "starts_at = starts_at + interval '5 years', ends_at = ends_at + interval '5 years', busy = tstzrange(starts_at + interval '5 years', ends_at + interval '5 years')"),
        Changed("diary.without_travel", "expert_diary", "state = 'confirmed' and visit in (select id from visits where mode = 'visit')", "busy = tstzrange(starts_at, ends_at)"),
        Doubled("visit.client_twice", "visits", "state = 'confirmed'", "ordinal = 9"),

        // I6
        Doubled("track.two_offers", "offers", "state = 'open'", "offered_by = 'planted'", "drop index offers_one_open", "create unique index offers_one_open on offers (case_id, track) where state = 'open'"),
        Doubled("track.two_holders", "offers", "state = 'accepted'", "offered_by = 'planted'"),
        Changed("track.offer_mismatch", "offers", "state = 'accepted'", "state = 'withdrawn'"),
        Changed("track.lead", "cases", "closed_at is null and id in (select case_id from case_tracks where state <> 'dropped' group by case_id having count(*) = 1)", "lead = case lead when 'mic' then 'mhlw' else 'mic' end"),
        Doubled("offer.orphan", "offers", "state = 'accepted'", "state = 'open', answered_at = null, answered_by = null"),
        Row("assignment.halved",
            """insert into assignment_plans (id, made_at, made_by, rule_version, content_hash, content, state, choice, applied_at, applied_by, version) values (gen_random_uuid(), now(), 'planted', '', '', '{"optimal": {"assigned": 1}}', 'applied', 'optimal', now(), 'planted', 2)""",
            "delete from assignment_plans where made_by = 'planted'"),
        Row("visit.not_holder",
            $"create table kept as select * from visit_experts where visit_id in (select id from visits where state = 'confirmed') limit 1; update visit_experts e set expert_id = {string.Format(System.Globalization.CultureInfo.InvariantCulture, Other, "e.expert_id")} from kept k where e.visit_id = k.visit_id and e.track = k.track",
            "update visit_experts e set expert_id = k.expert_id from kept k where e.visit_id = k.visit_id and e.track = k.track; drop table kept"),
        Gone("visit.without_expert", "visit_experts", "true", "visit_id"),
        Changed("case.status_wrong", "cases", "closed_at is null", "status = 'closed'"),
        Changed("case.visits_miscounted", "cases", "true", "open_visits = open_visits + 1"),
        Changed("case.reports_miscounted", "cases", "true", "reports_owed = reports_owed + 1"),
        Changed("case.end_incomplete", "cases", "closed_at is not null", "outcome = null"),
        Gone("case.illegal_path", "case_history", "kind = 'routed' and case_id in (select case_id from case_history where kind = 'offered')", "case_id"),
        Gone("visit.without_history", "case_history", "kind = 'visit_booked'"),
        Gone("offer.without_history", "case_history", "kind = 'offered'"),
        Changed("visit.misnumbered", "visits", "state = 'took_place'", "ordinal = ordinal + 1"),
        Row("slot_wish.offer_gone", Wish("offered", "v.id", "v.state = 'confirmed'"), "delete from slot_wishes where made_by = 'planted'"),
        Row("slot_wish.case_closed", Wish("waiting", "null", "exists (select 1 from cases c where c.id = v.case_id and c.closed_at is not null)"), "delete from slot_wishes where made_by = 'planted'"),
        Changed("visit.recorded_early", "visits", "state = 'took_place'", "recorded_at = starts_at - interval '1 hour'"),
        Changed("report.without_visit", "session_reports", "true", "track = case track when 'mic' then 'mhlw' else 'mic' end"),
        Changed("case.consent_unrecorded", "consents", "withdrawn_at is null", "withdrawn_at = recorded_at"),
        Gone("case.search_missing", "case_search", "true", "case_id"),
        Row("case.search_misplaced",
            "create table kept as select * from case_search order by case_id desc limit 1; update case_search set district = 'planted' where case_id in (select case_id from kept)",
            "update case_search s set district = k.district from kept k where s.case_id = k.case_id; drop table kept"),
        Changed("case.search_stale", "cases", "organisation_name is not null", "organisation_name = '書換え商事'"),
        Row("quota.over",
            """create table kept as select * from quota_accounts limit 1; alter table quota_accounts drop constraint quota_within_limit; update quota_accounts set used = "limit" + 1 where id in (select id from kept)""",
            """update quota_accounts a set used = k.used from kept k where a.id = k.id; drop table kept; alter table quota_accounts add constraint quota_within_limit check (held + used <= "limit" + extra)"""),
        Changed("quota.ledger", "quota_accounts", """held + used < "limit" """, "used = used + 1"),
        Changed("quota.visits", "visits", "state = 'confirmed' and quota_units = 1", "quota_units = 2"),
        Changed("quota.granted_unseen", "visits", "state = 'confirmed' and quota_units = 1", "quota_extra = 1, quota_reason = 'planted'"),
        Changed("quota.visit_ledger", "quota_ledger", "kind = 'hold'", "visit_id = gen_random_uuid()"),

        Changed("decision.replay", "match_decisions", "true", "facts = jsonb_set(facts, '{0,load}', '99')"),
        Changed("decision.replay", "match_decisions", "auto", "chosen = (select x.id from experts x where x.id <> match_decisions.chosen limit 1)"),
        Changed("decision.replay", "match_decisions", "true", "verdicts = verdicts #- '{0}'"),

        // I7, I8
        Unsaid("audit.missing", "case.logged"), Unsaid("audit.missing_offer", "offer.made"), Unsaid("audit.missing_visit", "visit.booked"), Unsaid("audit.missing_outcome", "visit.completed"),
        Unsaid("audit.missing_report", "report.filed"), Unsaid("audit.missing_close", "case.closed"), Unsaid("audit.missing_follow_up", "follow_up.planned"),
        Row("audit.chain",
            "update audit_entry set actor = actor || '?' where id = (select audit_id from audit_seal order by seal_no limit 1)",
            "update audit_entry set actor = rtrim(actor, '?') where id = (select audit_id from audit_seal order by seal_no limit 1)"),
        Gone("audit.chain", "audit_seal", "seal_no = 1", "seal_no"),
        Changed("case.district", "cases", "district <> 'okinawa'", "district = 'okinawa'"),
        Changed("follow_up.desk", "follow_ups", "state = 'planned'", "desk_id = (select id from desks d where d.id <> follow_ups.desk_id limit 1)"),
        Row("case_load.miscounted", "update case_load_sums set n = n + 1 where by = 'total' and figure = 'visits'", "update case_load_sums set n = n - 1 where by = 'total' and figure = 'visits'"),
        Row("case_load.miscounted",
            "insert into case_load_marks (case_id) select id from cases where closed_at is null order by number limit 1", "delete from case_load_marks where id = (select max(id) from case_load_marks)"),
        Changed("staff.role", "staff", "role = 'desk'", "desk_id = null"),
    ];

    private static string Wish(string state, string offered, string where) =>
        $"insert into slot_wishes (id, case_id, mode, minutes, from_on, to_on, state, offered_visit, made_by, made_at) select gen_random_uuid(), v.case_id, 'web', 60, '2026-12-01', '2026-12-11', '{state}', {offered}, 'planted', app_now() from visits v where {where} limit 1";

    private static TheoryDataRow<string, string, string> Row(string code, string plant, string undo) => new(code, plant, undo);

    /// <summary>A row is no longer there, with all that share its key.</summary>
    private static TheoryDataRow<string, string, string> Gone(string code, string table, string where, string key = "id") => Row(code,
        $"create table kept as select * from {table} where {key} = (select {key} from {table} where {where} order by {key} desc limit 1){(key == "case_id" ? "" : $" and {where}")}; delete from {table} where {key} in (select {key} from kept)",
        $"insert into {table} select * from kept; drop table kept");

    /// <summary>A row says something else.</summary>
    private static TheoryDataRow<string, string, string> Changed(string code, string table, string where, string set) => Row(code,
        $"create table kept as select * from {table} where {where} order by id desc limit 1; update {table} set {set} where id in (select id from kept)",
        $"delete from {table} where id in (select id from kept); insert into {table} select * from kept; drop table kept");

    /// <summary>A row is there twice, against the index that forbids it.</summary>
    private static TheoryDataRow<string, string, string> Doubled(string code, string table, string where, string set, string before = "select 1", string after = "select 1") => Row(code,
        $"create table kept as select * from {table} where {where} order by id desc limit 1; update kept set id = gen_random_uuid(), {set}; {before}; insert into {table} select * from kept",
        $"delete from {table} where id in (select id from kept); drop table kept§{after}");

    /// <summary>A call is still owed whose reason has gone.</summary>
    private static TheoryDataRow<string, string, string> Owed(string code, string key, string about) => Row(code,
        $"insert into call_backs (id, case_id, desk_id, kind, call_from, due_at, reason, event_key, state) select '00000000-0000-0000-0000-00000000ca11', c.id, c.desk_id, 'letter', app_now(), app_now(), 'planted', {key}, 'open' from {about} order by c.number desc limit 1",
        "delete from call_backs where id = '00000000-0000-0000-0000-00000000ca11'");

    private static TheoryDataRow<string, string, string> Told(string code, string action, string? details) => Row(code,
        $"insert into audit_entry (at, actor, role, action, subject, subject_id, details) values (now(), 'planted', 'desk', '{action}', 'x', gen_random_uuid(), {(details is null ? "null" : $"'{details}'")})",
        "delete from audit_entry where actor = 'planted'");

    private static TheoryDataRow<string, string, string> Unsaid(string code, string action) => Row(code,
        $"create table kept as select id, subject_id from audit_entry where action = '{action}' order by id desc limit 1; update audit_entry set subject_id = gen_random_uuid() where id in (select id from kept)",
        "update audit_entry e set subject_id = k.subject_id from kept k where e.id = k.id; drop table kept");

    private static TheoryDataRow<string, string, string> Key(string code, string result) => Row(code,
        $"insert into idempotency (caller, path, key, body_hash, result, created_at) values ('planted', '/api/v1/inquiries', 'k', 'h', {result}, now())",
        "delete from idempotency where caller = 'planted'");

    private static TheoryDataRow<string, string, string> Again(string code, string template) => Row(code,
        $"insert into outgoing_mail (id, event_key, recipient, template, reference, subject, body, message_id, next_attempt_at, created_at) select gen_random_uuid(), '{template}/planted/0' || more, 'a@firm.example', '{template}', gen_random_uuid(), 's', 'b', 'planted' || more, app_now(), app_now() from unnest(array['', '/again']) more",
        "delete from outgoing_mail where message_id like 'planted%'");

    private static TheoryDataRow<string, string, string> Ran(string code, string job) => Row(code, WorkRan(job), "delete from work_runs where last_error_code = 'planted'");

    /// <summary>The job says that it has run, long after everything was due.</summary>
    private static string WorkRan(string job) =>
        $"insert into work_runs (name, last_started, last_finished, last_outcome, last_error_code) values ('{job}', '2035-01-01', '2035-01-01', 'done', 'planted')";

    /// <summary>A letter that was lost just now, and nobody has been told.</summary>
    private static string UntoldLetter(string about) =>
        $"insert into outgoing_mail (id, event_key, recipient, template, reference, subject, body, message_id, next_attempt_at, created_at, state, attempts, untold_since) values (gen_random_uuid(), 'planted', 'a@firm.example', 'offer-made', {about}, 's', 'b', 'planted', app_now(), app_now(), 'bounced', 1, app_now()); ";
}
