namespace Consultation.Check;

/// <summary>I6: one holder a track, the status is what Settle says, no illegal path, the quota adds up.</summary>
internal static partial class Invariants
{
    private static Invariant[] Paths =>
    [
        new("track.two_offers", "I6", "一つの省に打診が二つ開いています", "select case_id::text || ' ' || track from offers where state = 'open' group by case_id, track having count(*) > 1"),
        new("track.two_holders", "I6", "一つの省を二人が受諾しています", "select case_id::text || ' ' || track from offers where state = 'accepted' group by case_id, track having count(*) > 1"),
        new("track.offer_mismatch", "I6", "案件と打診の状態が合いません",
            """
            select c.number || ' ' || t.track from case_tracks t join cases c on c.id = t.case_id left join offers o on o.id = t.offer_id
            where (t.state = 'offered' and (o.state is distinct from 'open' or o.expert_id <> t.expert_id))
               or (t.state in ('held', 'done') and (t.expert_id is null or (t.offer_id is not null and (o.state <> 'accepted' or o.expert_id <> t.expert_id))))
               or (t.state in ('wanted', 'later', 'dropped') and t.expert_id is not null)
            """),
        new("track.lead", "I6", "主担当の省が振り分け先にありません",
            "select c.number from cases c where c.lead is not null and c.closed_at is null and not exists (select 1 from case_tracks t where t.case_id = c.id and t.track = c.lead and t.state <> 'dropped')"),
        new("assignment.halved", "I6", "打診した割当て案の打診が、案の件数と合いません",
            """
            select p.id::text from assignment_plans p where p.state <> 'proposed'
              and (p.content -> p.choice ->> 'assigned')::int <> (select count(*) from assignment_plan_offers o where o.plan_id = p.id)
            """),
        new("offer.orphan", "I6", "案件が知らない打診が開いています",
            "select o.id::text from offers o where o.state = 'open' and not exists (select 1 from case_tracks t where t.offer_id = o.id and t.state = 'offered')"),
        new("visit.not_holder", "I6", "担当でない専門家の予約が残っています",
            """
            select v.id::text from visits v join visit_experts e on e.visit_id = v.id
              left join case_tracks t on t.case_id = v.case_id and t.track = e.track and t.state in ('held', 'done') and t.expert_id = e.expert_id
            where v.state in ('held', 'confirmed') and t.case_id is null
            """),
        new("visit.without_expert", "I6", "専門家のいない予約があります", "select v.id::text from visits v where not exists (select 1 from visit_experts e where e.visit_id = v.id)"),
        new("case.status_wrong", "I6", "案件の状態が事実と合いません",
            """
            with tracks as (
              select case_id, bool_or(state <> 'dropped') as any_left, bool_or(state = 'wanted') as wanted, bool_or(state = 'offered') as offered from case_tracks group by case_id),
            visiting as (
              select v.case_id, bool_or(v.state in ('held', 'confirmed')) as open, bool_or(v.state = 'took_place' and r.id is null) as owed
              from visits v join visit_experts e on e.visit_id = v.id
                left join session_reports r on r.visit_id = v.id and r.track = e.track and r.state <> 'returned' group by v.case_id)
            select c.number from cases c left join tracks t on t.case_id = c.id left join visiting v on v.case_id = c.id
            where c.status <> case
              when c.closed_at is not null then 'closed'
              when t.any_left is not true then 'received'
              when t.wanted then 'waiting'
              when t.offered then 'offered'
              when v.open then 'booked'
              when v.owed then 'report_due'
              when c.consulting_done then 'following_up'
              else 'assigned' end
            """),
        new("case.visits_miscounted", "I6", "予約の数が合いません",
            """
            select c.number from cases c left join (select case_id, count(*) as open from visits where state in ('held', 'confirmed') group by case_id) v on v.case_id = c.id
            where c.open_visits <> coalesce(v.open, 0)
            """),
        new("case.reports_miscounted", "I6", "提出待ちの報告の数が合いません",
            """
            select c.number from cases c left join (
              select v.case_id, count(*) as owed from visits v join visit_experts e on e.visit_id = v.id
                left join session_reports r on r.visit_id = v.id and r.track = e.track and r.state <> 'returned'
              where v.state = 'took_place' and r.id is null group by v.case_id) o on o.case_id = c.id
            where c.reports_owed <> coalesce(o.owed, 0)
            """),
        new("case.end_incomplete", "I6", "完了の理由や支援後の状況がありません",
            "select number from cases where (closed_at is null) <> (outcome is null) or (outcome = 'completed' and telework_status_after is null)"),
        // Each step of design §2 leaves a line in the story; a step without the one before it was never taken by the product.
        new("case.illegal_path", "I6", "手順を飛ばした案件があります",
            """
            with steps as (
              select case_id, bool_or(kind = 'logged') as logged, bool_or(kind = 'routed') as routed, bool_or(kind = 'offered') as offered, bool_or(kind = 'accepted') as accepted,
                bool_or(kind = 'visit_booked') as booked, bool_or(kind = 'visit_took_place') as took_place, bool_or(kind = 'reported') as reported, bool_or(kind = 'closed') as closed
              from case_history group by case_id)
            select c.number from cases c left join steps s on s.case_id = c.id
            where s.logged is not true or (s.offered and not s.routed) or (s.accepted and not s.offered) or (s.booked and not s.accepted)
               or (s.took_place and not s.booked) or (s.reported and not s.took_place) or (c.closed_at is not null and not s.closed)
            """),
        new("visit.without_history", "I6", "経過のない予約があります", WithoutHistory("visits", "visit_booked")),
        new("offer.without_history", "I6", "経過のない打診があります", WithoutHistory("offers", "offered")),
        new("visit.misnumbered", "I6", "第何回かの番号が相談の日付の順になっていません",
            """
            select id::text from (
              select id, ordinal, row_number() over (partition by case_id order by starts_at, id) as by_date from visits where state in ('held', 'confirmed', 'took_place')) v
            where ordinal <> by_date
            """),
        new("slot_wish.offer_gone", "I6", "空き待ちに打診中の仮押さえがありません",
            "select w.id::text from slot_wishes w left join visits v on v.id = w.offered_visit and v.case_id = w.case_id and v.state = 'held' where w.state = 'offered' and v.id is null"),
        new("slot_wish.case_closed", "I6", "完了した案件が空きを待っています",
            "select w.id::text from slot_wishes w join cases c on c.id = w.case_id where w.state in ('waiting', 'offered') and c.closed_at is not null"),
        new("visit.recorded_early", "I6", "始まる前に実施が記録されています", "select id::text from visits where state in ('took_place', 'no_show') and (recorded_at is null or recorded_at < starts_at)"),
        new("report.without_visit", "I6", "実施していない相談の報告があります",
            """
            select r.id::text from session_reports r left join visits v on v.id = r.visit_id and v.state = 'took_place' and v.case_id = r.case_id
              left join visit_experts e on e.visit_id = r.visit_id and e.track = r.track and e.expert_id = r.expert_id
            where v.id is null or e.visit_id is null
            """),
        new("case.consent_unrecorded", "I6", "同意の記録と案件の同意が合いません",
            "select c.number from cases c where (c.consented_at is not null) <> exists (select 1 from consents s where s.case_id = c.id and s.withdrawn_at is null)"),
        new("case.search_missing", "I6", "検索の行がありません", "select c.number from cases c where not exists (select 1 from case_search s where s.case_id = c.id)"),
        new("case.search_misplaced", "I6", "検索の行の受付日時か地区が案件と違います",
            "select c.number from cases c join case_search s on s.case_id = c.id where s.received_at <> c.received_at or s.district <> c.district"),
    ];

    private static Invariant[] Quota =>
    [
        new("quota.over", "I6", "利用可能回数が上限を超えています", """select id::text from quota_accounts where held + used > "limit" + extra or held < 0 or used < 0 or extra < 0"""),
        new("quota.ledger", "I6", "利用可能回数が台帳と合いません",
            """
            select a.id::text from quota_accounts a left join quota_ledger l on l.account_id = a.id group by a.id, a.held, a.used
            having a.held <> coalesce(sum(case l.kind when 'hold' then l.units when 'consume' then -l.units when 'release' then -l.units else 0 end), 0)
                or a.used <> coalesce(sum(case l.kind when 'consume' then l.units else 0 end), 0)
            """),
        new("quota.visits", "I6", "利用可能回数が予約・実施の数と合いません",
            """
            select a.id::text from quota_accounts a left join (
              select organisation_id, fiscal_year, sum(quota_units) filter (where state in ('held', 'confirmed')) as held, sum(quota_units) filter (where state = 'took_place' or quota_kept) as used,
                sum(quota_extra) as extra
              from visits group by organisation_id, fiscal_year) v on v.organisation_id = a.organisation_id and v.fiscal_year = a.fiscal_year
            where a.held <> coalesce(v.held, 0) or a.used <> coalesce(v.used, 0) or a.extra <> coalesce(v.extra, 0)
            """),
        new("quota.visit_ledger", "I6", "予約と台帳の動きが合いません",
            """
            select v.id::text from visits v left join (
              select visit_id, sum(case kind when 'hold' then units when 'adjust' then 0 when 'move' then 0 else -units end) as held, sum(case kind when 'consume' then units else 0 end) as used
              from quota_ledger group by visit_id) l on l.visit_id = v.id
            where coalesce(l.held, 0) <> case when v.state in ('held', 'confirmed') then v.quota_units else 0 end
               or coalesce(l.used, 0) <> case when v.state = 'took_place' or v.quota_kept then v.quota_units else 0 end
            """),
        new("quota.granted_unseen", "I6", "上限を超えた予約に監査の記録がありません",
            "select v.id::text from visits v where v.quota_extra > 0 and not exists (select 1 from audit_entry a where a.action = 'visit.beyond_quota' and a.subject_id = v.id)"),
    ];

    private static string WithoutHistory(string table, string kind) =>
        $"""
        select c.number from cases c join (select case_id, count(*) as made from {table} group by case_id) x on x.case_id = c.id
          left join (select case_id, count(*) as told from case_history where kind = '{kind}' group by case_id) h on h.case_id = c.id
        where coalesce(h.told, 0) < x.made
        """;
}
