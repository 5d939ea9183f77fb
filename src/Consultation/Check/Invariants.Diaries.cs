namespace Consultation.Check;

/// <summary>I5: nobody in two places at once, travel included; a joint visit stands in every diary or in none.</summary>
internal static partial class Invariants
{
    private static Invariant[] Diaries =>
    [
        new("diary.overlap", "I5", "専門家の予定が重なっています",
            """
            select expert_id::text from (
              select expert_id, lower(busy) as starts, max(upper(busy)) over (partition by expert_id order by lower(busy), id rows between unbounded preceding and 1 preceding) as busy_until
              from expert_diary where state in ('held', 'confirmed', 'completed', 'away')) d
            where starts < busy_until
            """),
        new("diary.visit_missing", "I5", "予約・実施に専門家の予定の行がありません",
            """
            select v.id::text from visits v join visit_experts e on e.visit_id = v.id where v.state in ('held', 'confirmed', 'took_place')
              and not exists (select 1 from expert_diary d where d.visit = v.id and d.expert_id = e.expert_id
                and d.state = case v.state when 'took_place' then 'completed' else v.state end and d.starts_at = v.starts_at and d.ends_at = v.ends_at)
            """),
        new("diary.orphan", "I5", "予約のない専門家の予定があります",
            """
            select d.id::text from expert_diary d where d.state in ('held', 'confirmed')
              and not exists (select 1 from visits v join visit_experts e on e.visit_id = v.id where v.id = d.visit and e.expert_id = d.expert_id and v.state in ('held', 'confirmed'))
            """),
        new("diary.twice", "I5", "一つの予約が同じ専門家の予定に二度あります",
            "select visit::text from expert_diary where state in ('held', 'confirmed', 'completed') group by visit, expert_id having count(*) > 1"),
        new("diary.without_travel", "I5", "訪問の予定に移動時間がありません",
            """
            select d.id::text from expert_diary d join visits v on v.id = d.visit where v.mode = 'visit' and d.state in ('held', 'confirmed')
              and (lower(d.busy) >= d.starts_at and not exists (select 1 from expert_diary b where b.expert_id = d.expert_id and upper(b.busy) = d.starts_at and b.state in ('held', 'confirmed', 'completed', 'away'))
                or upper(d.busy) <= d.ends_at and not exists (select 1 from expert_diary a where a.expert_id = d.expert_id and lower(a.busy) = d.ends_at and a.state in ('held', 'confirmed', 'completed', 'away')))
            """),
        new("visit.client_twice", "I5", "同じ案件の予約が重なっています",
            """
            select case_id::text from (
              select case_id, starts_at, max(ends_at) over (partition by case_id order by starts_at, id rows between unbounded preceding and 1 preceding) as busy_until
              from visits where state in ('held', 'confirmed')) v
            where starts_at < busy_until
            """),
    ];
}
