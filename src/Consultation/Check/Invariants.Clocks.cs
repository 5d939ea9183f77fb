namespace Consultation.Check;

/// <summary>I4: no deadline and no follow-up missing, shifted, fired twice, too early or – while a worker is up – too late.</summary>
internal static partial class Invariants
{
    private static Invariant[] Clocks =>
    [
        new("deadline.missing_assignment", "I4", "割当ての期限がありません",
            """
            select c.number || ' ' || t.track from case_tracks t join cases c on c.id = t.case_id where t.state = 'wanted'
              and not exists (select 1 from deadlines d where d.case_id = t.case_id and d.track = t.track and d.kind = 'assignment' and d.state in ('open', 'paused'))
            """),
        new("deadline.missing_acceptance", "I4", "受諾の期限がありません",
            """
            select c.number || ' ' || t.track from case_tracks t join cases c on c.id = t.case_id where t.state = 'offered'
              and not exists (select 1 from deadlines d where d.case_id = t.case_id and d.track = t.track and d.kind = 'acceptance' and d.state in ('open', 'paused'))
            """),
        new("deadline.missing_first_visit", "I4", "日程調整の期限がありません",
            """
            select c.number || ' ' || t.track from case_tracks t join cases c on c.id = t.case_id where t.state = 'held' and c.closed_at is null
              and not exists (
                select 1 from visits v join visit_experts e on e.visit_id = v.id and e.track = t.track
                  left join session_reports r on r.visit_id = v.id and r.track = e.track and r.state <> 'returned'
                where v.case_id = c.id and (v.state in ('held', 'confirmed') or (v.state = 'took_place' and r.id is null and e.expert_id = t.expert_id)))
              and not exists (select 1 from deadlines d where d.case_id = c.id and d.track = t.track and d.kind = 'first_visit' and d.state in ('open', 'paused'))
            """),
        new("deadline.missing_report", "I4", "報告の期限がありません",
            """
            select c.number || ' ' || e.track from visits v join visit_experts e on e.visit_id = v.id join cases c on c.id = v.case_id
            where v.state = 'took_place' and c.closed_at is null
              and not exists (select 1 from session_reports r where r.visit_id = v.id and r.track = e.track and r.state <> 'returned')
              and not exists (select 1 from deadlines d where d.case_id = c.id and d.kind = 'report' and d.track = e.track and d.subject = v.id and d.state in ('open', 'paused'))
            """),
        new("report.call_left", "I4", "提出済みの報告を催促する電話が残っています",
            """
            select c.number || ' ' || r.track from call_backs b join cases c on c.id = b.case_id
            join session_reports r on r.case_id = c.id and b.event_key like 'report-call/' || r.visit_id || '/' || initcap(r.track) || '/%'
            where b.state = 'open' and r.state <> 'returned'
            """),
        new("deadline.missing_call", "I4", "約束した電話の期限がありません",
            """
            select c.number from call_backs b join cases c on c.id = b.case_id where b.state = 'open' and c.closed_at is null
              and not exists (select 1 from deadlines d where d.case_id = c.id and d.kind = 'call_back' and d.subject = b.id and d.state in ('open', 'paused'))
            """),
        new("call.offer_answered", "I4", "答えの出た打診の電話が残っています",
            """
            select c.number from call_backs b join cases c on c.id = b.case_id join offers o on o.case_id = b.case_id
              and split_part(b.event_key, '/', 1) = 'offer-made' and split_part(b.event_key, '/', 3) = o.id::text
            where b.state = 'open' and o.state <> 'open'
            """),
        // A call to the client names its template twice, one to an expert once; visit and its sequence follow.
        new("call.visit_past", "I4", "終わった、または変わった予約の電話が残っています",
            """
            select c.number from call_backs b join cases c on c.id = b.case_id
              cross join lateral (select string_to_array(b.event_key, '/') as k) a
              cross join lateral (select case when k[1] = k[2] then k[3:] else k[2:] end as about) r
              join visits v on v.case_id = b.case_id
            where b.state = 'open' and ((k[1] in ('visit-confirmed', 'visit-moved', 'visit-reminder', 'visit-late') and v.id::text = about[1]
                and (v.state not in ('held', 'confirmed') or about[2] <> v.sequence::text))
              or (k[1] = 'expert-absent' and v.id::text = k[3] and v.state not in ('held', 'confirmed')))
            """),
        new("deadline.first_response", "I4", "初回応答の期限の記録がありません",
            "select number from cases c where not exists (select 1 from deadlines d where d.case_id = c.id and d.kind = 'first_response')"),
        new("deadline.after_end", "I4", "完了した案件に動いている期限があります",
            "select distinct c.number from cases c join deadlines d on d.case_id = c.id where c.closed_at is not null and d.state in ('open', 'paused')"),
        new("deadline.hold", "I4", "保留と期限の停止が合いません",
            "select distinct c.number from cases c join deadlines d on d.case_id = c.id where d.state = case when c.on_hold then 'open' else 'paused' end and d.kind <> 'call_back'"),
        new("deadline.twice", "I4", "同じ期限が二つ動いています",
            "select case_id || ' ' || kind from deadlines where state in ('open', 'paused') group by case_id, kind, track, subject having count(*) > 1"),
        new("deadline.escalated_early", "I4", "期限の前に督促したことになっています",
            "select c.number || ' ' || d.kind from deadlines d join cases c on c.id = d.case_id where d.state in ('open', 'paused') and d.escalated_at < d.due_at"),
        // In the opening hours of the desk; the longest stretch of closing days is over within a fortnight.
        new("deadline.not_escalated", "I4", "過ぎた期限の督促が行われていません",
            """
            select c.number || ' ' || d.kind from deadlines d join cases c on c.id = d.case_id
            where d.state = 'open' and not c.on_hold and d.escalate_at >= d.due_at
              and d.escalate_at + interval '14 days' < (select last_started from work_runs where name = 'escalate-overdue' and last_outcome = 'done')
            """),
        new("deadline.ended_without_time", "I4", "終わった期限に時刻がありません", "select id::text from deadlines where (state in ('met', 'cancelled')) <> (ended_at is not null)"),
        new("deadline.next_wrong", "I4", "次の期限が期限の行と合いません",
            """
            select c.number from cases c left join (select case_id, min(due_at) as due from deadlines where state = 'open' group by case_id) d on d.case_id = c.id
            where c.next_due_at is distinct from d.due
            """),
        // A case that was handed over keeps what the first desk had promised; a limit that ran out before the day was closed stays.
        new("deadline.on_closed_day", "I4", "期限が窓口の臨時休業か祝日にあります",
            """
            with holidays as materialized (
              select (h->>'on')::date as closed_on from holiday_tables t cross join jsonb_array_elements(t.days) h where t.version = (select max(version) from holiday_tables))
            select c.number || ' ' || d.kind from deadlines d join cases c on c.id = d.case_id
              cross join lateral (select (d.due_at at time zone 'Asia/Tokyo')::date as due_on) o
            where d.state = 'open' and d.counting is not null and d.due_at > app_now()
              and (exists (select 1 from closures k where k.closed_on = due_on and k.desk_id = c.desk_id)
                or ((due_on in (select closed_on from closures where desk_id is null) or due_on in (select closed_on from holidays))
                  and not exists (select 1 from openings s where s.open_on = due_on and (s.desk_id is null or s.desk_id = c.desk_id))))
              and not exists (select 1 from case_history h where h.case_id = c.id and h.kind = 'handed_over')
            """),
        // What the expert was told may have moved since, by a hold or a changed calendar; the clock is the acceptance deadline.
        new("offer.expired_early", "I4", "期限より前に期限切れになった打診があります",
            """
            select o.id::text from offers o where o.state = 'expired' and not exists (
              select 1 from deadlines d where d.case_id = o.case_id and d.track = o.track and d.kind = 'acceptance'
                and d.started_at between o.offered_at - interval '60 seconds' and o.offered_at + interval '60 seconds' and d.due_at <= o.answered_at + interval '60 seconds')
            """),
        new("offer.not_expired", "I4", "期限を過ぎても打診が開いたままです",
            """
            select o.id::text from offers o join deadlines d on d.case_id = o.case_id and d.track = o.track and d.kind = 'acceptance' and d.state = 'open'
            where o.state = 'open' and d.due_at + interval '120 seconds' < (select last_started from work_runs where name = 'expire-offers' and last_outcome = 'done')
            """),
        new("visit.hold_not_expired", "I4", "期限を過ぎても仮押さえが残っています",
            "select id::text from visits where state = 'held' and hold_expires_at + interval '120 seconds' < (select last_started from work_runs where name = 'expire-holds' and last_outcome = 'done')"),
    ];

    private static Invariant[] FollowUpPlans =>
    [
        new("follow_up.missing", "I4", "実施した案件にフォローアップの予定がありません",
            """
            select c.number from cases c where c.closed_at is null and exists (select 1 from visits v where v.case_id = c.id and v.state = 'took_place')
              and not exists (select 1 from follow_ups f where f.case_id = c.id)
            """),
        new("follow_up.twice", "I4", "同じ月のフォローアップが二つあります", "select case_id || ' ' || kind from follow_ups group by case_id, kind having count(*) > 1"),
        new("follow_up.anchor", "I4", "フォローアップの起点が最後の実施日と違います",
            """
            select c.number || ' ' || f.kind from follow_ups f join cases c on c.id = f.case_id
              join (select case_id, max((starts_at at time zone 'Asia/Tokyo')::date) as last_on from visits where state = 'took_place' group by case_id) v on v.case_id = c.id
            where f.state in ('planned', 'due') and f.base_on <> v.last_on
            """),
        new("follow_up.not_suspended", "I4", "次の相談の予約があるのにフォローアップが動いています",
            """
            select c.number || ' ' || f.kind from follow_ups f join cases c on c.id = f.case_id
            where f.state in ('planned', 'due') and exists (select 1 from visits v where v.case_id = c.id and v.state in ('held', 'confirmed'))
            """),
        // For each ministry its newest consultation speaks.
        new("follow_up.suspended_for_nothing", "I4", "次の相談の予定も希望もないのにフォローアップが止まっています",
            """
            select c.number || ' ' || f.kind from follow_ups f join cases c on c.id = f.case_id
            where f.state = 'suspended' and c.status not in ('closed', 'received')
              and not exists (select 1 from visits v where v.case_id = c.id and v.state in ('held', 'confirmed'))
              and not exists (
                select 1 from session_reports r join visits v on v.id = r.visit_id and v.state = 'took_place'
                where r.case_id = c.id and r.next = 'another' and r.state in ('submitted', 'approved')
                  and not exists (select 1 from visits n join visit_experts e on e.visit_id = n.id and e.track = r.track where n.case_id = c.id and n.state = 'took_place' and n.starts_at > v.starts_at))
            """),
        new("follow_up.fired_early", "I4", "期日より前にフォローアップの期日が来たことになっています",
            """
            select f.id::text from follow_ups f
              left join (select subject_id, max(at) as at from audit_entry where action = 'follow_up.raised' group by subject_id) e on e.subject_id = f.id
            where f.state = 'due' and (e.at is null or (e.at at time zone 'Asia/Tokyo')::date < f.due_on)
            """),
        // Raised in the opening hours of the day; the longest stretch of closing days is over within a fortnight.
        new("follow_up.not_fired", "I4", "期日を過ぎてもフォローアップが予定のままです",
            """
            select f.id::text from follow_ups f join cases c on c.id = f.case_id
            where f.state = 'planned' and c.status not in ('closed', 'received') and not c.on_hold
              and f.due_on + 14 < (select (last_started at time zone 'Asia/Tokyo')::date from work_runs where name = 'raise-follow-ups' and last_outcome = 'done')
            """),
        // Letters and calls of the day it stands on; one that was put off begins anew.
        new("follow_up.approaches", "I4", "フォローアップのおたずねの回数が、送ったメール・電話と合いません",
            """
            with told as (
              select split_part(event_key, '/', 2) as follow_up, split_part(event_key, '/', 3) as approach from outgoing_mail where template in ('follow-up-due', 'follow-up-again')
              union
              select split_part(event_key, '/', 3), split_part(event_key, '/', 4) from call_backs where event_key like 'follow-up-due/%' or event_key like 'follow-up-again/%')
            select f.id::text from follow_ups f
              left join told t on t.follow_up = f.id::text and left(t.approach, 8) = to_char(f.due_on, 'YYYYMMDD')
            where f.state = 'due' group by f.id, f.asked having count(t.approach) <> f.asked
            """),
        new("follow_up.asked_after_end", "I4", "回答・取消のあとにフォローアップのおたずねをしています",
            """
            select f.id::text from outgoing_mail m join follow_ups f on f.id::text = split_part(m.event_key, '/', 2)
            where m.template in ('follow-up-due', 'follow-up-again') and f.state in ('done', 'cancelled') and m.created_at > f.ended_at
            """),
        new("follow_up.call_left", "I4", "終わったフォローアップの電話が残っています",
            """
            select c.number from call_backs b join cases c on c.id = b.case_id join follow_ups f on f.case_id = b.case_id and strpos(b.event_key, f.id::text) > 0
            where b.state = 'open' and f.state in ('done', 'cancelled')
            """),
        new("follow_up.not_asked_again", "I4", "返事のないフォローアップのおたずねがくり返されていません",
            """
            select f.id::text from follow_ups f join cases c on c.id = f.case_id
            where f.state = 'due' and c.status not in ('closed', 'received') and not c.on_hold
              and f.next_ask_on + 14 < (select (last_started at time zone 'Asia/Tokyo')::date from work_runs where name = 'ask-follow-ups-again' and last_outcome = 'done')
              and not exists (select 1 from call_backs b where b.case_id = f.case_id and b.state = 'open' and strpos(b.event_key, f.id::text) > 0)
            """),
        new("follow_up.beyond_contract", "I4", "契約終了日より後のフォローアップが引継ぎになっていません", "select id::text from follow_ups where state in ('planned', 'suspended', 'due') and due_on > last_on"),
        new("follow_up.ended_without_time", "I4", "終わったフォローアップに時刻がありません", "select id::text from follow_ups where (state in ('done', 'cancelled')) <> (ended_at is not null)"),
    ];
}
