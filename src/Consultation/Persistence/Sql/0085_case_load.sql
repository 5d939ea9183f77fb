-- 担当・滞留状況, counted ahead. What holds now is the sums, with each marked case taken away as it was counted and added as it is: exact in every
-- snapshot. A change only adds a mark, so that nobody waits for a counter; a job folds the marks into the sums.

create function fiscal_year_of(instant timestamptz) returns timestamptz language sql stable
return (date_trunc('year', instant at time zone 'Asia/Tokyo' - interval '3 months') + interval '3 months') at time zone 'Asia/Tokyo';

-- Whose visit each one is, that took place: by what a row of the case load stands for.
create view case_load_visits as
select v.case_id, v.starts_at, k.by, k.key, c.district
from visits v join cases c on c.id = v.case_id
cross join lateral (
  select 'total' as by, '' as key
  union all select 'desk', c.desk_id::text
  union all select 'district', c.district
  union all select 'prefecture', coalesce(c.prefecture, 'none')
  union all (select distinct 'topic', t from unnest(case when cardinality(c.topics) = 0 then array['none'] else c.topics end) t)
  union all select 'ministry', e.track from visit_experts e where e.visit_id = v.id
  union all (select distinct 'expert', e.expert_id::text from visit_experts e where e.visit_id = v.id)) k
where v.state = 'took_place';

-- What a case counts by: itself, its tracks, and its visits as the rows they count for.
create view case_load_facts as
select c.id as case_id, c.status, c.on_hold, c.received_at, c.next_due_at, c.desk_id, c.district, c.prefecture, c.topics, t.tracks, t.states, t.experts, v.visits
from cases c
cross join lateral (
  select array_agg(t.track) as tracks, array_agg(t.state) as states, array_agg(t.expert_id) as experts from case_tracks t where t.case_id = c.id and t.state <> 'dropped') t
cross join lateral (select array_agg(v) as visits from case_load_visits v where v.case_id = c.id) v;

-- Everything a case counts for, a row for one: in the figure of its status and others while it is open (on_hold, joint; asked, of an expert; waits, by the
-- day of receipt; due, by the next deadline), in visits by their month for good. Days and months are Japan's. A body of one select, that a statement takes in as its own part.
create function case_load_rows(f case_load_facts) returns table (by text, figure text, at timestamptz, key text, district text) language sql stable as $$
  select k.by, g.figure, g.at, k.key, f.district
  from (
    select b.by, b.key, false as asked from unnest(array['total', 'desk', 'district', 'prefecture'], array['', f.desk_id::text, f.district, coalesce(f.prefecture, 'none')]) b (by, key)
    union all (select distinct 'topic', t, false from unnest(case when cardinality(f.topics) = 0 then array['none'] else f.topics end) t)
    union all select 'ministry', t, false from unnest(coalesce(f.tracks, array['none'])) t
    union all (
      select 'expert', e.expert::text, bool_or(e.state = 'offered') from unnest(f.experts, f.states) e (expert, state)
      where e.expert is not null and e.state in ('offered', 'held') group by e.expert)) k
  cross join lateral unnest(
    array[f.status, 'on_hold', 'joint', 'asked', 'waits', 'due'],
    array['-infinity', '-infinity', '-infinity', '-infinity', date_trunc('day', f.received_at, 'Asia/Tokyo'), f.next_due_at],
    array[true, f.on_hold, cardinality(f.tracks) > 1, k.asked, f.status in ('received', 'waiting', 'offered'), f.next_due_at is not null]) g (figure, at, holds)
  where f.status <> 'closed' and g.holds
  union all
  select v.by, g.figure, g.at, v.key, f.district
  from unnest(f.visits) v cross join lateral (values ('visits', date_trunc('month', v.starts_at, 'Asia/Tokyo')), ('visits_of_year', fiscal_year_of(v.starts_at))) g (figure, at)
$$;

create table case_load_sums (
  by text not null,
  figure text not null,
  at timestamptz not null,
  key text not null,
  district text not null,
  n int not null,
  primary key (by, figure, at, key, district)
);

create table case_load_marks (
  id bigint generated always as identity primary key,
  case_id uuid not null,
  written_by xid8 not null default pg_current_xact_id(),
  -- Null where the case counted for nothing: it was not there yet.
  counted case_load_facts
);
create index case_load_marks_case on case_load_marks (case_id, id);

-- The first change of a case in a transaction finds it as it was counted. By the index and with one plan, like all that follows: on small tables a planner
-- left alone would scan them, and change its mind as they grow.
create function mark_case_load() returns trigger
language plpgsql set enable_seqscan = off set enable_bitmapscan = off set jit = off set plan_cache_mode = force_generic_plan as $$
declare
  changed record := case when tg_op = 'DELETE' then old else new end;
  one uuid;
begin
  if tg_table_name = 'cases' then
    one := changed.id;
  else
    one := changed.case_id;
  end if;

  if tg_table_name = 'cases' and tg_op = 'INSERT' then
    insert into case_load_marks (case_id) values (one);
  elsif not exists (select from case_load_marks m where m.case_id = one and m.written_by = pg_current_xact_id()) then
    insert into case_load_marks (case_id, counted) values (one, (select f from case_load_facts f where f.case_id = one));
  end if;

  return changed;
end $$;

create trigger case_load_new before insert or delete on cases for each row execute function mark_case_load();
create trigger case_load_changed before update on cases for each row
  when ((old.status, old.on_hold, old.next_due_at, old.received_at, old.desk_id, old.district, old.prefecture, old.topics)
    is distinct from (new.status, new.on_hold, new.next_due_at, new.received_at, new.desk_id, new.district, new.prefecture, new.topics))
  execute function mark_case_load();
create trigger case_load_new before insert or delete on case_tracks for each row execute function mark_case_load();
create trigger case_load_changed before update on case_tracks for each row
  when ((old.state, old.expert_id) is distinct from (new.state, new.expert_id)) execute function mark_case_load();
create trigger case_load_inserted before insert on visits for each row when (new.state = 'took_place') execute function mark_case_load();
create trigger case_load_deleted before delete on visits for each row when (old.state = 'took_place') execute function mark_case_load();
create trigger case_load_changed before update on visits for each row
  when (old.state is distinct from new.state and 'took_place' in (old.state, new.state)) execute function mark_case_load();

-- What a view of the case load adds up: by what its rows stand for, with the total (an empty key). Of deadlines only those before tonight, as overdue
-- and due_today; of visits those of a period, whose years are counted and the months and days outside it taken away again (of a year until today there are none).
-- Null where they are not asked for.
create function case_load_lines(asked text, instant timestamptz, tonight timestamptz, since timestamptz, until timestamptz)
returns table (key text, figure text, at timestamptz, district text, n bigint)
language plpgsql stable set enable_seqscan = off set enable_bitmapscan = off set jit = off set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  final timestamptz := until - interval '1 microsecond';
  first_year timestamptz := fiscal_year_of(since);
  last_year timestamptz := fiscal_year_of(final);
  first_month timestamptz := date_trunc('month', since, 'Asia/Tokyo');
  last_month timestamptz := date_trunc('month', final, 'Asia/Tokyo');
  next_month timestamptz := (last_month at time zone 'Asia/Tokyo' + interval '1 month') at time zone 'Asia/Tokyo';
  next_year timestamptz := last_year + interval '1 year';
begin
  return query
    with marked as materialized (select distinct on (m.case_id) m.case_id, m.counted from case_load_marks m order by m.case_id, m.id),
    changed as (
      select r.*, 1 as n from marked m join case_load_facts f on f.case_id = m.case_id cross join lateral case_load_rows(f) r
      union all
      select r.*, -1 from marked m cross join lateral case_load_rows(m.counted) r),
    counted as (
      select s.by, s.figure, s.at, s.key, s.district, s.n from case_load_sums s where s.by in ('total', asked)
        and s.figure in ('received', 'waiting', 'offered', 'assigned', 'booked', 'report_due', 'following_up', 'on_hold', 'joint', 'asked', 'waits')
      union all
      select s.by, s.figure, s.at, s.key, s.district, s.n from case_load_sums s where s.by in ('total', asked) and s.figure = 'due' and s.at < tonight
      union all
      select s.by, s.figure, s.at, s.key, s.district, s.n from case_load_sums s where s.by in ('total', asked) and s.figure = 'visits_of_year' and s.at between first_year and last_year
      union all
      select s.by, s.figure, s.at, s.key, s.district, s.n from case_load_sums s where s.by in ('total', asked) and s.figure = 'visits' and s.at >= first_year and s.at < first_month
      union all
      select s.by, s.figure, s.at, s.key, s.district, s.n from case_load_sums s where s.by in ('total', asked) and s.figure = 'visits' and s.at >= next_month and s.at < next_year
      union all
      select c.by, c.figure, c.at, c.key, c.district, c.n from changed c where c.by in ('total', asked) and case c.figure
        when 'due' then c.at < tonight
        when 'visits_of_year' then c.at between first_year and last_year
        when 'visits' then c.at >= first_year and c.at < first_month or c.at >= next_month and c.at < next_year
        else true end
      union all
      select v.by, 'visits', null, v.key, v.district, 1 from case_load_visits v where v.by in ('total', asked) and v.starts_at >= first_month and v.starts_at < since
      union all
      select v.by, 'visits', null, v.key, v.district, 1 from case_load_visits v where v.by in ('total', asked) and v.starts_at >= until and v.starts_at < next_month)
    select c.key, f.figure, f.at, c.district, sum(c.n * f.sign)
    from counted c
    cross join lateral (select
      case c.figure when 'visits_of_year' then 'visits' when 'due' then case when c.at <= instant then 'overdue' else 'due_today' end else c.figure end as figure,
      case when c.figure = 'waits' then c.at end as at,
      case when c.figure = 'visits' then -1 else 1 end as sign) f
    group by c.key, f.figure, f.at, c.district having sum(c.n * f.sign) <> 0;
end $$;

-- Folds the marks of the longest marked cases, all marks of a case together; one at a time. Returns how many marks it took.
create function fold_case_load(most int) returns int
language plpgsql set enable_seqscan = off set enable_bitmapscan = off set jit = off set plan_cache_mode = force_generic_plan as $$
declare
  marks int;
  emptied jsonb;
begin
  perform pg_advisory_xact_lock(5527159);
  with taken as (
    delete from case_load_marks m where m.case_id in (select x.case_id from case_load_marks x order by x.id limit most) returning m.id, m.case_id, m.counted),
  marked as materialized (select distinct on (t.case_id) t.case_id, t.counted from taken t order by t.case_id, t.id),
  changed as (
    select r.*, 1 as n from marked m join case_load_facts f on f.case_id = m.case_id cross join lateral case_load_rows(f) r
    union all
    select r.*, -1 from marked m cross join lateral case_load_rows(m.counted) r),
  folded as (
    insert into case_load_sums as s (by, figure, at, key, district, n)
    select c.by, c.figure, c.at, c.key, c.district, sum(c.n) from changed c group by 1, 2, 3, 4, 5 having sum(c.n) <> 0
    on conflict (by, figure, at, key, district) do update set n = s.n + excluded.n returning s.*)
  select (select count(*) from taken), (select coalesce(jsonb_agg(f), '[]') from folded f where f.n = 0) into marks, emptied;

  delete from case_load_sums s using jsonb_to_recordset(emptied) as e (by text, figure text, at timestamptz, key text, district text)
  where s.by = e.by and s.figure = e.figure and s.at = e.at and s.key = e.key and s.district = e.district;
  return marks;
end $$;

-- Counts everything anew from the rows: after a load, and should the sums ever be wrong (check: case_load.miscounted). Right after a load nothing is known of the
-- tables, and a planner that takes them for empty ones would read all visits for every case.
create function recount_case_load() returns void language plpgsql set work_mem = '64MB' set jit = off as $$
begin
  analyze cases, case_tracks, visits, visit_experts;
  lock table case_load_marks in exclusive mode;
  delete from case_load_marks;
  delete from case_load_sums;
  insert into case_load_sums (by, figure, at, key, district, n)
  select r.by, r.figure, r.at, r.key, r.district, count(*) from case_load_facts f cross join lateral case_load_rows(f) r group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5;
end $$;
