namespace Consultation.Check;

/// <summary>I1 an acknowledged write is there, I2 one resource per idempotency key, I3 notifications.</summary>
internal static partial class Invariants
{
    // An audit row is written with the commit that was acknowledged: whatever it names must still be there.
    private static Invariant[] Writes =>
    [
        new("case.lost", "I1", "記録された案件がありません", Lost("case.logged", "cases")),
        new("offer.lost", "I1", "記録された打診がありません", Lost("offer.made", "offers")),
        new("visit.lost", "I1", "記録された予約がありません", Lost("visit.booked", "visits")),
        new("report.lost", "I1", "記録された報告がありません",
            """
            select distinct e.subject_id || ' ' || lower(e.details) from audit_entry e where e.action in ('report.filed', 'report.not_filed')
              and not exists (select 1 from session_reports r where r.visit_id = e.subject_id and r.track = lower(e.details))
            """),
        new("contact.lost", "I1", "対応記録の数が操作記録より少なくなっています",
            """
            select c.number from cases c
              join (select subject_id, count(*) as told from audit_entry where action in ('case.logged', 'contact.recorded') group by subject_id) e on e.subject_id = c.id
              left join (select case_id, count(*) as kept from contacts group by case_id) k on k.case_id = c.id
            where coalesce(k.kept, 0) < e.told
            """),
        new("note.lost", "I1", "内部メモの数が操作記録より少なくなっています",
            """
            select c.number from cases c
              join (select subject_id, count(*) as told from audit_entry where action = 'note.added' group by subject_id) e on e.subject_id = c.id
              left join (select case_id, count(*) as kept from case_notes group by case_id) k on k.case_id = c.id
            where coalesce(k.kept, 0) < e.told
            """),

        new("load.unfinished", "I1", "測定用データの投入が途中で止まったか、続いています。索引と外部キーが外れたままです（もう一度 load を実行すると戻ります）",
            "select 'load_set_aside' where to_regclass('public.load_set_aside') is not null"),

        new("idempotency.unanswered", "I2", "冪等キーに結果がありません", "select path || ' ' || caller from idempotency where result is null"),
        new("idempotency.without_case", "I2", "冪等キーの結果の案件がありません",
            """
            select i.path || ' ' || i.caller from idempotency i where i.path like '%/inquiries' and i.result is not null
              and not exists (select 1 from cases c where c.id::text = i.result ->> 'id')
            """),
        new("idempotency.shared", "I2", "二つの冪等キーが同じ案件を指しています",
            "select result ->> 'id' from idempotency where path like '%/inquiries' and result is not null group by result ->> 'id' having count(*) > 1"),
    ];

    private static Invariant[] Letters =>
    [
        new("mail.twice", "I3", "同じ通知のメールが二つあります",
            "select event_key || ' ' || template from outgoing_mail group by event_key, recipient, template having count(*) > 1"),
        new("mail.message_id", "I3", "同じ Message-ID のメールが二つあります", "select message_id from outgoing_mail group by message_id having count(*) > 1"),
        new("mail.reminder_twice", "I3", "同じ日程の前日連絡が二回あります", SentTwice("visit-reminder")),
        new("mail.follow_up_twice", "I3", "同じフォローアップの連絡が二回あります", SentTwice("follow-up-due")),
        new("mail.follow_up_again_twice", "I3", "同じフォローアップの同じ回のおたずねが二回あります", SentTwice("follow-up-again")),
        new("survey.twice", "I3", "一回の相談にアンケートが二つあります", "select visit_id::text from surveys group by visit_id having count(*) > 1"),
        new("survey.untold", "I3", "送ったはずのアンケートのメールがありません",
            "select s.id::text from surveys s where s.secret_hash is not null and not exists (select 1 from outgoing_mail m where m.event_key = 'visit-survey/' || s.id)"),
        new("survey.incomplete", "I6", "アンケートの回答がそろっていません",
            "select id::text from surveys where (state = 'answered') <> (answered_at is not null and satisfaction is not null and achievement is not null and intent is not null)"),
        new("survey.late_answer", "I6", "期限の後か、送る前のアンケートの回答があります", "select id::text from surveys where answered_at >= expires_at or answered_at < sent_at"),
        new("survey.not_visited", "I6", "実施していない相談のアンケートがあります", "select s.id::text from surveys s join visits v on v.id = s.visit_id where v.state <> 'took_place'"),
        new("mail.gap", "I3", "メールに埋まっていない項目があります", "select id::text from outgoing_mail where subject like '%{{%' or body like '%{{%'"),
        new("mail.sent_without_time", "I3", "送信済みなのに送信時刻がありません", "select id::text from outgoing_mail where (state = 'sent') <> (sent_at is not null)"),
        new("mail.sent_untried", "I3", "送信していないのに送信済みのメールがあります", "select id::text from outgoing_mail where state = 'sent' and attempts = 0"),
        new("mail.stuck", "I3", "期限を大きく過ぎた未送信メールがあります",
            "select outgoing_mail.id::text from outgoing_mail, installation where not mail_held and state in ('waiting', 'attempting', 'deferred') and created_at < app_now() - interval '96 hours' and next_attempt_at < app_now() - interval '96 hours' and attempts > 0"),
        // One that is still to be told of is a fault where that failed, or where a whole run began after it was lost and has ended.
        new("mail.bounced_without_call", "I3", "届かなかったメールに電話の作業がありません",
            """
            select m.id::text from outgoing_mail m left join cases c on c.id = m.reference where m.state in ('bounced', 'dead')
              and case when m.untold_since is null then c.id is not null and not exists (select 1 from call_backs b where b.case_id = c.id and b.event_key = m.template || '/' || m.event_key || '/' || m.id)
                else exists (select 1 from work_failures f where f.row_id = m.id::text)
                  or m.untold_since + interval '120 seconds' < (select last_started from work_runs where name = 'tell-lost-mail' and last_outcome in ('done', 'failed') and last_finished >= last_started) end
            """),
        new("mail.offer_untold", "I3", "打診が専門家に知らされていません",
            """
            select o.id::text from offers o where o.state = 'open'
              and not exists (select 1 from outgoing_mail m where m.event_key = 'offer/' || o.id)
              and not exists (select 1 from call_backs b where b.case_id = o.case_id and b.event_key = 'offer-made/offer/' || o.id)
            """),
        // The client and each expert who comes: by mail, or by a call with the same text.
        new("mail.visit_untold", "I3", "確定した予約が全員には知らされていません",
            """
            with told as (
              select reference as case_id, split_part(event_key, '/', 2) as visit from outgoing_mail where template = 'visit-confirmed'
              union all
              select case_id, case when event_key like 'visit-confirmed/visit-confirmed/%' then split_part(event_key, '/', 3) else split_part(event_key, '/', 2) end
              from call_backs where event_key like 'visit-confirmed/%'),
            letters as (select visit, count(*) as written from told group by visit),
            due as (select v.id, 1 + count(distinct e.expert_id) as owed from visits v join visit_experts e on e.visit_id = v.id where v.state = 'confirmed'
                -- Of a visit that was handed over at an absence the letters of the hand-over tell.
                and not exists (select from handover_plans p where strpos(p.done::text, v.id::text) > 0) group by v.id)
            select d.id::text from due d left join letters l on l.visit = d.id::text where coalesce(l.written, 0) < d.owed
            """),
        new("mail.follow_up_untold", "I3", "期日の来たフォローアップが知らされていません",
            """
            with told as (
              select split_part(event_key, '/', 2) as follow_up from outgoing_mail where template = 'follow-up-due'
              union select split_part(event_key, '/', 3) from call_backs where event_key like 'follow-up-due/%')
            select f.id::text from follow_ups f where f.state = 'due' and not exists (select 1 from told t where t.follow_up = f.id::text)
            """),
    ];

    private static string Lost(string action, string table) =>
        $"select e.subject_id::text from audit_entry e where e.action = '{action}' and not exists (select 1 from {table} x where x.id = e.subject_id)";

    /// <summary>The event's key begins with what happened, its id and its occurrence; nobody hears of one occurrence twice.</summary>
    private static string SentTwice(string template) =>
        $"""
        select min(event_key) from outgoing_mail where template = '{template}'
        group by recipient, split_part(event_key, '/', 1), split_part(event_key, '/', 2), split_part(event_key, '/', 3) having count(*) > 1
        """;
}
