namespace Consultation.Check;

/// <summary>I6: what is counted ahead is what the rows say, a marked case as it was counted.</summary>
internal static partial class Invariants
{
    private static Invariant[] CaseLoad =>
    [
        new("case_load.miscounted", "I6", "担当・滞留状況の集計が案件・実施と合いません（recount_case_load() で数え直せます）",
            """
            with sides as (
              select case_id, count(*) as wanted, array_agg(track) as tracks from case_tracks where state <> 'dropped' group by case_id),
            hands as (
              select case_id, expert_id, bool_or(state = 'offered') as asked from case_tracks where state in ('offered', 'held') and expert_id is not null group by case_id, expert_id),
            open_cases as (
              select c.*, coalesce(s.wanted, 0) as wanted, s.tracks, case c.topics when '{}' then '{none}' else c.topics end as known
              from cases c left join sides s on s.case_id = c.id where c.closed_at is null),
            keyed as (
              select id, k.by, k.key, false as asked from open_cases
                join lateral (values ('total', ''), ('desk', desk_id::text), ('district', district), ('prefecture', coalesce(prefecture, 'none'))) k (by, key) on true
              union all select distinct id, 'topic', topic, false from open_cases, unnest(known) topic
              union all select id, 'ministry', track, false from open_cases, unnest(coalesce(tracks, '{none}')) track
              union all select case_id, 'expert', expert_id::text, asked from hands),
            met as (
              select v.id, v.case_id, c.desk_id, c.district, c.prefecture, case c.topics when '{}' then '{none}' else c.topics end as known,
                to_char(v.starts_at at time zone 'Asia/Tokyo', 'YYYY-MM-01')::timestamp as month, v.fiscal_year
              from visits v join cases c on c.id = v.case_id where v.state = 'took_place'),
            met_keyed as (
              select m.*, k.by, k.key from met m
                join lateral (values ('total', ''), ('desk', desk_id::text), ('district', district), ('prefecture', coalesce(prefecture, 'none'))) k (by, key) on true
              union all select distinct m.*, 'topic', topic from met m, unnest(known) topic
              union all select distinct m.*, e.by, e.key from met m join (
                select visit_id, 'ministry' as by, track as key from visit_experts union all select visit_id, 'expert', expert_id::text from visit_experts) e on e.visit_id = m.id),
            is_so as (
              select k.id as case_id, k.by, f.figure, f.at, k.key, c.district from keyed k join open_cases c on c.id = k.id
                join lateral (values
                  (c.status, '-infinity'::timestamptz, true), ('on_hold', '-infinity', c.on_hold), ('joint', '-infinity', c.wanted = 2), ('asked', '-infinity', k.asked),
                  ('waits', (c.received_at at time zone 'Asia/Tokyo')::date::timestamp at time zone 'Asia/Tokyo', c.status in ('received', 'waiting', 'offered')),
                  ('due', c.next_due_at, c.next_due_at is not null)) f (figure, at, holds) on f.holds
              union all
              select m.case_id, m.by, f.figure, f.at at time zone 'Asia/Tokyo', m.key, m.district from met_keyed m
                join lateral (values ('visits', m.month), ('visits_of_year', make_date(m.fiscal_year, 4, 1)::timestamp)) f (figure, at) on true)
            select concat_ws(' ', by, key, figure, district) from (
              select by, figure, at, key, district, n from case_load_sums
              union all
              select by, figure, at, key, district, -count(*) from is_so where not exists (select from case_load_marks m where m.case_id = is_so.case_id)
              group by by, figure, at, key, district
              union all
              select r.by, r.figure, r.at, r.key, r.district, -1 from (select distinct on (case_id) counted from case_load_marks order by case_id, id) m
                cross join lateral case_load_rows(m.counted) r) l
            group by by, figure, at, key, district having sum(n) <> 0
            """),
    ];
}
