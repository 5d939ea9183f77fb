namespace Consultation.Check;

/// <summary>
/// What must hold, as SQL that finds where it does not (reliability.md, I2–I7). Each statement yields the id or number of what is broken and
/// re-derives the truth from the rows themselves, never from the code that wrote them.
/// </summary>
/// <param name="Mark">The mark of reliability.md.</param>
internal sealed record Invariant(string Code, string Mark, string Text, string Sql);

internal static class Invariants
{
    public static readonly IReadOnlyList<Invariant> All =
    [
        new("idempotency.unanswered", "I2", "冪等キーに結果がありません", "select path || ' ' || caller from idempotency where result is null"),

        new("mail.twice", "I3", "同じ通知のメールが二つあります",
            "select event_key || ' ' || template from outgoing_mail group by event_key, recipient, template having count(*) > 1"),
        new("mail.message_id", "I3", "同じ Message-ID のメールが二つあります", "select message_id from outgoing_mail group by message_id having count(*) > 1"),
        new("mail.sent_without_time", "I3", "送信済みなのに送信時刻がありません", "select id::text from outgoing_mail where (state = 'sent') <> (sent_at is not null)"),
        new("mail.stuck", "I3", "期限を大きく過ぎた未送信メールがあります",
            "select outgoing_mail.id::text from outgoing_mail, installation where not mail_held and state in ('waiting', 'attempting', 'deferred') and created_at < app_now() - interval '96 hours' and next_attempt_at < app_now() - interval '96 hours' and attempts > 0"),
        new("mail.bounced_without_call", "I3", "戻ってきた利用者あてメールに電話の作業がありません",
            """
            select m.id::text from outgoing_mail m join cases c on c.id = m.reference and c.email = m.recipient
            where m.state = 'bounced' and not exists (select 1 from call_backs b where b.case_id = c.id)
            """),
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
        new("deadline.first_response", "I4", "初回応答の期限の記録がありません",
            "select number from cases c where not exists (select 1 from deadlines d where d.case_id = c.id and d.kind = 'first_response')"),
        new("deadline.after_end", "I4", "完了した案件に動いている期限があります",
            "select c.number from cases c join deadlines d on d.case_id = c.id where c.closed_at is not null and d.state in ('open', 'paused')"),
        new("deadline.next_wrong", "I4", "次の期限が期限の行と合いません",
            """
            select c.number from cases c
            where c.next_due_at is distinct from (select min(d.due_at) from deadlines d where d.case_id = c.id and d.state = 'open')
            """),
        // A case that was handed over keeps what the first desk had promised; a limit that ran out before the day was closed stays.
        new("deadline.on_closed_day", "I4", "期限が窓口の臨時休業の日にあります",
            """
            select c.number || ' ' || d.kind from deadlines d join cases c on c.id = d.case_id
              join closures k on k.closed_on = (d.due_at at time zone 'Asia/Tokyo')::date and (k.desk_id is null or k.desk_id = c.desk_id)
            where d.state = 'open' and d.counting is not null and d.due_at > app_now()
              and not exists (select 1 from case_history h where h.case_id = c.id and h.kind = 'handed_over')
            """),
        new("follow_up.missing", "I4", "実施した案件にフォローアップの予定がありません",
            """
            select c.number from cases c where c.closed_at is null and exists (select 1 from visits v where v.case_id = c.id and v.state = 'took_place')
              and not exists (select 1 from follow_ups f where f.case_id = c.id)
            """),
        new("follow_up.anchor", "I4", "フォローアップの起点が最後の実施日と違います",
            """
            select c.number || ' ' || f.kind from follow_ups f join cases c on c.id = f.case_id where f.state in ('planned', 'due')
              and f.base_on <> (select max((v.starts_at at time zone 'Asia/Tokyo')::date) from visits v where v.case_id = c.id and v.state = 'took_place')
            """),
        new("follow_up.not_suspended", "I4", "次の相談の予約があるのにフォローアップが動いています",
            """
            select c.number || ' ' || f.kind from follow_ups f join cases c on c.id = f.case_id
            where f.state in ('planned', 'due') and exists (select 1 from visits v where v.case_id = c.id and v.state in ('held', 'confirmed'))
            """),

        new("diary.overlap", "I5", "専門家の予定が重なっています",
            """
            select a.expert_id::text from expert_diary a join expert_diary b on a.expert_id = b.expert_id and a.id < b.id and a.busy && b.busy
            where a.state in ('held', 'confirmed', 'completed') and b.state in ('held', 'confirmed', 'completed')
            """),
        new("diary.visit_missing", "I5", "予約に専門家の予定の行がありません",
            """
            select v.id::text from visits v join visit_experts e on e.visit_id = v.id where v.state in ('held', 'confirmed')
              and not exists (select 1 from expert_diary d where d.visit = v.id and d.expert_id = e.expert_id and d.state = v.state and d.starts_at = v.starts_at and d.ends_at = v.ends_at)
            """),
        new("diary.orphan", "I5", "予約のない専門家の予定があります",
            """
            select d.id::text from expert_diary d where d.state in ('held', 'confirmed')
              and not exists (select 1 from visits v join visit_experts e on e.visit_id = v.id where v.id = d.visit and e.expert_id = d.expert_id and v.state in ('held', 'confirmed'))
            """),

        new("track.two_offers", "I6", "一つの省に打診が二つ開いています", "select case_id::text || ' ' || track from offers where state = 'open' group by case_id, track having count(*) > 1"),
        new("track.offer_mismatch", "I6", "案件と打診の状態が合いません",
            """
            select c.number || ' ' || t.track from case_tracks t join cases c on c.id = t.case_id left join offers o on o.id = t.offer_id
            where (t.state = 'offered' and (o.state is distinct from 'open' or o.expert_id <> t.expert_id))
               or (t.state in ('held', 'done') and (t.expert_id is null or (t.offer_id is not null and (o.state <> 'accepted' or o.expert_id <> t.expert_id))))
               or (t.state in ('wanted', 'later', 'dropped') and t.expert_id is not null)
            """),
        new("offer.orphan", "I6", "案件が知らない打診が開いています",
            "select o.id::text from offers o where o.state = 'open' and not exists (select 1 from case_tracks t where t.offer_id = o.id and t.state = 'offered')"),
        new("case.status_wrong", "I6", "案件の状態が事実と合いません",
            """
            select c.number from cases c where c.status <> case
              when c.closed_at is not null then 'closed'
              when not exists (select 1 from case_tracks t where t.case_id = c.id and t.state <> 'dropped') then 'received'
              when exists (select 1 from case_tracks t where t.case_id = c.id and t.state = 'wanted') then 'waiting'
              when exists (select 1 from case_tracks t where t.case_id = c.id and t.state = 'offered') then 'offered'
              when exists (select 1 from visits v where v.case_id = c.id and v.state in ('held', 'confirmed')) then 'booked'
              when exists (select 1 from visits v join visit_experts e on e.visit_id = v.id where v.case_id = c.id and v.state = 'took_place'
                   and not exists (select 1 from session_reports r where r.visit_id = v.id and r.track = e.track and r.state <> 'returned')) then 'report_due'
              when c.consulting_done then 'following_up'
              else 'assigned' end
            """),
        new("case.visits_miscounted", "I6", "予約の数が合いません",
            "select c.number from cases c where c.open_visits <> (select count(*) from visits v where v.case_id = c.id and v.state in ('held', 'confirmed'))"),
        new("case.consent_unrecorded", "I6", "同意の記録と案件の同意が合いません",
            "select c.number from cases c where (c.consented_at is not null) <> exists (select 1 from consents s where s.case_id = c.id and s.withdrawn_at is null)"),
        new("case.search_missing", "I6", "検索の行がありません", "select c.number from cases c where not exists (select 1 from case_search s where s.case_id = c.id)"),

        new("quota.over", "I6", "無料回数が上限を超えています", """select id::text from quota_accounts where held + used > "limit" or held < 0 or used < 0"""),
        new("quota.ledger", "I6", "無料回数が台帳と合いません",
            """
            select a.id::text from quota_accounts a left join quota_ledger l on l.account_id = a.id group by a.id, a.held, a.used
            having a.held <> coalesce(sum(case l.kind when 'hold' then l.units when 'consume' then -l.units when 'release' then -l.units else 0 end), 0)
                or a.used <> coalesce(sum(case l.kind when 'consume' then l.units else 0 end), 0)
            """),
        new("quota.visits", "I6", "無料回数が予約・実施の数と合いません",
            """
            select a.id::text from quota_accounts a
            where a.held <> (select coalesce(sum(v.quota_units), 0) from visits v where v.organisation_id = a.organisation_id and v.fiscal_year = a.fiscal_year and v.state in ('held', 'confirmed'))
               or a.used <> (select coalesce(sum(v.quota_units), 0) from visits v where v.organisation_id = a.organisation_id and v.fiscal_year = a.fiscal_year and v.state = 'took_place')
            """),

        new("audit.missing", "I7", "操作記録のない案件があります",
            "select c.number from cases c where not exists (select 1 from audit_entry e where e.subject_id = c.id and e.action = 'case.logged')"),
    ];
}
