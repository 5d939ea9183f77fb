-- The case, its tracks, what was said, what is due, notes, history and the search row.
create function next_case_sequence(fiscal_year int) returns bigint language plpgsql as $$
begin
  return nextval(format('case_number_%s', fiscal_year)::regclass);
end $$;

do $$
begin
  for y in 2015..2050 loop
    execute format('create sequence case_number_%s cache 1', y);
  end loop;
end $$;

create table cases (
  id uuid primary key,
  number text not null unique,
  desk_id uuid not null references desks (id) deferrable initially deferred,
  district text not null,
  status text not null,
  on_hold boolean not null default false,
  channel text not null,
  received_at timestamptz not null,
  logged_at timestamptz not null,
  text text not null,
  organisation_id uuid references organisations (id) deferrable initially deferred,
  organisation_name text,
  organisation_key text,
  kana text,
  corporate_number text,
  prefecture text,
  place_as_typed text,
  city text,
  industry text,
  employees int,
  capital_yen bigint,
  contact_name text,
  contact_role text,
  phone text,
  phone_digits text,
  email text,
  telework_status text not null,
  telework_status_after text,
  preferred_mode text,
  wishes text[] not null default '{}' check (cardinality(wishes) <= 3),
  source text,
  holder uuid references staff (id) deferrable initially deferred,
  topics text[] not null default '{}',
  doubtful text[] not null default '{}',
  suggestion jsonb not null,
  lead text,
  open_visits int not null default 0,
  reports_owed int not null default 0,
  consulting_done boolean not null default false,
  consented_at timestamptz,
  next_due_at timestamptz,
  next_due_kind text,
  next_due_track text,
  next_due_why text,
  queue_at timestamptz not null,
  closed_at timestamptz,
  outcome text,
  import_key text,
  version int not null
);
create unique index cases_import_key on cases (import_key) where import_key is not null;
create index cases_queue on cases (queue_at, id) where status in ('received', 'waiting', 'offered', 'assigned', 'report_due');
create index cases_queue_district on cases (district, queue_at, id) where status in ('received', 'waiting', 'offered', 'assigned', 'report_due');
create index cases_recent on cases (received_at desc, id desc);
create index cases_recent_district on cases (district, received_at desc, id desc);
create index cases_status on cases (status, received_at desc, id desc);
create index cases_open on cases (district, received_at desc, id desc) where status <> 'closed';
create index cases_open_prefecture on cases (prefecture, received_at desc, id desc) where status <> 'closed';
create index cases_open_due on cases (next_due_at, id) where status <> 'closed';
create index cases_closed_at on cases (closed_at) where closed_at is not null;
create index cases_organisation on cases (organisation_id);
create index cases_key on cases (organisation_key);
create index cases_phone on cases (phone_digits);
create index cases_corporate_number on cases (corporate_number) where corporate_number is not null;
create index cases_holder on cases (holder) where status <> 'closed';

create table case_tracks (
  case_id uuid not null references cases (id) deferrable initially deferred,
  track text not null check (track in ('mic', 'mhlw')),
  state text not null check (state in ('wanted', 'later', 'offered', 'held', 'done', 'dropped')),
  offer_id uuid,
  expert_id uuid,
  respond_by timestamptz,
  primary key (case_id, track)
);
create index case_tracks_expert on case_tracks (expert_id, state) where expert_id is not null;

create table deadlines (
  id uuid primary key,
  case_id uuid not null references cases (id) deferrable initially deferred,
  kind text not null,
  track text,
  subject uuid,
  started_at timestamptz not null,
  due_at timestamptz not null,
  why text not null,
  state text not null check (state in ('open', 'paused', 'met', 'cancelled')),
  ended_at timestamptz,
  paused_left interval,
  paused_days int,
  counting jsonb,
  escalated text check (escalated in ('holder', 'desk', 'supervisor')),
  escalated_at timestamptz,
  escalate_at timestamptz,
  escalate_left interval
);
create index deadlines_case on deadlines (case_id);
create index deadlines_due on deadlines (due_at) where state = 'open';
create unique index deadlines_one_open on deadlines (case_id, kind, coalesce(track, ''), coalesce(subject, '00000000-0000-0000-0000-000000000000')) where state in ('open', 'paused');

create table contacts (
  id uuid primary key,
  case_id uuid not null references cases (id) deferrable initially deferred,
  direction text not null check (direction in ('in', 'out')),
  channel text not null,
  at timestamptz not null,
  minutes int,
  person text,
  result text not null check (result in ('answered', 'no_answer', 'message')),
  text text,
  staff_id uuid,
  actor text not null,
  desk_id uuid
);
create index contacts_case on contacts (case_id, at desc);
create index contacts_at on contacts (at);

create table call_backs (
  id uuid primary key,
  case_id uuid not null references cases (id) deferrable initially deferred,
  desk_id uuid not null references desks (id) deferrable initially deferred,
  kind text not null check (kind in ('promise', 'letter', 'colleague')),
  call_from timestamptz not null,
  due_at timestamptz not null,
  phone text,
  attempts int not null default 0,
  title text,
  last_attempt_at timestamptz,
  reason text not null,
  event_key text,
  state text not null check (state in ('open', 'kept', 'dropped')),
  ended_at timestamptz
);
create index call_backs_open on call_backs (desk_id, due_at) where state = 'open';
create index call_backs_case on call_backs (case_id);
create unique index call_backs_once on call_backs (case_id, event_key) where event_key is not null;

create table consents (
  id uuid primary key,
  case_id uuid not null references cases (id) deferrable initially deferred,
  given_at timestamptz not null,
  given_by text,
  channel text not null,
  text_version text not null,
  staff_id uuid,
  recorded_by text not null,
  recorded_at timestamptz not null,
  withdrawn_at timestamptz,
  withdrawn_by text,
  withdrawn_why text
);
create unique index consents_one_standing on consents (case_id) where withdrawn_at is null;
create index consents_case on consents (case_id);

-- What another desk did to a case, for the desk that holds it.
create table desk_news (
  id uuid primary key,
  case_id uuid not null references cases (id) deferrable initially deferred,
  desk_id uuid not null references desks (id) deferrable initially deferred,
  kind text not null check (kind in ('contact', 'handed_over')),
  at timestamptz not null,
  actor text not null,
  text text,
  seen_at timestamptz,
  seen_by text
);
create index desk_news_unseen on desk_news (desk_id, at desc) where seen_at is null;
create index desk_news_case on desk_news (case_id);

create table referrals (
  id uuid primary key,
  case_id uuid not null references cases (id) deferrable initially deferred,
  target text not null,
  target_name text not null,
  channel text not null,
  note text,
  at timestamptz not null,
  staff_id uuid,
  actor text not null
);
create index referrals_case on referrals (case_id, at desc);

create table case_notes (
  id uuid primary key,
  case_id uuid not null references cases (id) deferrable initially deferred,
  at timestamptz not null,
  staff_id uuid,
  actor text not null,
  text text not null
);
create index case_notes_case on case_notes (case_id, at desc);

create table case_history (
  id uuid primary key,
  case_id uuid not null references cases (id) deferrable initially deferred,
  at timestamptz not null,
  actor text not null,
  kind text not null,
  text text not null
);
create index case_history_case on case_history (case_id, at desc, id desc);

-- Windows of time that hold a moment, from one hour to thirty years, each four times as wide as the one before, as numbers for an index of arrays.
create function search_window(at timestamptz, level int) returns int language sql immutable parallel safe
  return ((floor(extract(epoch from at - timestamptz 'epoch') / 3600)::int >> (2 * level)) << 4) | level;

create function search_windows(at timestamptz) returns int[] language sql immutable parallel safe
  return array[search_window(at, 0), search_window(at, 1), search_window(at, 2), search_window(at, 3), search_window(at, 4),
    search_window(at, 5), search_window(at, 6), search_window(at, 7), search_window(at, 8), search_window(at, 9)];

-- District and time of receipt repeat what the case says, so that the index can be asked for the newest and for one's own; what may be seen is
-- asked of the case all the same.
create table case_search (
  case_id uuid primary key references cases (id) deferrable initially deferred,
  received_at timestamptz not null,
  district text not null,
  folded text not null,
  -- Numbers, one half for each of two characters: the index compares hundreds of them for every case, and as texts they cost thrice as much.
  grams int[] not null
);
-- The text is read, the grams are only ever written: they make room for it.
alter table case_search alter column folded set storage main, alter column grams set storage external;
-- What waits to be sorted into the index is read by every search, window by window.
create index case_search_grams on case_search using gin (grams, search_windows(received_at), (array[district])) with (gin_pending_list_limit = 512);

-- The newest cases after a place whose text holds the words, from the newest on: windows are asked for one after the other, wider ones while little
-- is found, until there are enough. So what is looked at is bounded by what is wanted and not by what is there, and a word that stands nowhere
-- costs some eight looks at the index. By that index alone, whatever the planner thinks of the grams: it takes them for independent of each other.
-- The first window holds some hundreds of cases, however long ago the last ones came. Where even an hour holds more (a bulk of cases), they are walked
-- through one after the other while that promises to fill the page; a word that is left for the index then stands in few of them.
create function search_cases(asked int[], words text[], own text, place timestamptz, place_id uuid, wanted int) returns table (id uuid, at timestamptz)
  language plpgsql stable rows 50
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan as $$
declare
  oldest timestamptz := (select c.received_at from cases c order by c.received_at limit 1);
  newest timestamptz := (select c.received_at from cases c order by c.received_at desc limit 1);
  missing int := wanted;
  walks boolean := true;
  stretch int := 256;
  level int := 0;
  within timestamptz;
  beginning timestamptz;
  last_at timestamptz;
  last_id uuid;
  got int;
begin
  if place > newest then
    place := newest;
    place_id := 'ffffffff-ffff-ffff-ffff-ffffffffffff';
  end if;
  within := place;
  while missing > 0 and within >= oldest loop
    beginning := to_timestamp(((search_window(within, level) >> 4) << (2 * level))::bigint * 3600);
    if walks then
      last_at := null;
      select c.received_at, c.id into last_at, last_id from cases c where (c.received_at, c.id) < (place, place_id)
      order by c.received_at desc, c.id desc offset stretch - 1 limit 1;
      walks := last_at >= beginning;
      if walks is true then
        return query
          select c.id, c.received_at from (
            select c.id, c.received_at from cases c where (c.received_at, c.id) < (place, place_id) order by c.received_at desc, c.id desc limit stretch) c
          join case_search s on s.case_id = c.id
          where strpos(s.folded, words[1]) > 0 and not exists (select from unnest(words[2:]) w where strpos(s.folded, w) = 0)
            and (own is null or s.district = own and exists (select from cases o where o.id = c.id and o.district = own))
          order by c.received_at desc, c.id desc limit missing;
        get diagnostics got = row_count;
        missing := missing - got;
        place := last_at;
        place_id := last_id;
        within := place;
        walks := 4 * got >= missing;
        stretch := 4 * stretch;
        continue;
      end if;

      level := least(9, greatest(0, ceil(log(4, extract(epoch from within - coalesce(last_at, oldest)) / 3600 + 0.001))::int));
      beginning := to_timestamp(((search_window(within, level) >> 4) << (2 * level))::bigint * 3600);
    end if;

    -- Said twice, because to ask for any district costs the index as much as for one.
    if own is null then
      return query
        with holding as materialized (
          select s.case_id, s.received_at from case_search s
          where s.grams @> asked and search_windows(s.received_at) @> array[search_window(within, level)] and (s.received_at, s.case_id) < (place, place_id)
            and strpos(s.folded, words[1]) > 0 and not exists (select from unnest(words[2:]) w where strpos(s.folded, w) = 0))
        select h.case_id, h.received_at from holding h order by h.received_at desc, h.case_id desc limit missing;
    else
      return query
        with holding as materialized (
          select s.case_id, s.received_at from case_search s
          where s.grams @> asked and search_windows(s.received_at) @> array[search_window(within, level)] and array[s.district] @> array[own]
            and (s.received_at, s.case_id) < (place, place_id)
            and strpos(s.folded, words[1]) > 0 and not exists (select from unnest(words[2:]) w where strpos(s.folded, w) = 0))
        select h.case_id, h.received_at from holding h where exists (select from cases c where c.id = h.case_id and c.district = own)
        order by h.received_at desc, h.case_id desc limit missing;
    end if;

    get diagnostics got = row_count;
    missing := missing - got;
    place := beginning;
    place_id := '00000000-0000-0000-0000-000000000000';
    within := place - interval '1 microsecond';
    level := least(9, level + case when got = 0 then 1 when got * 8 < missing then 2 when got * 2 < missing then 1 else 0 end);
  end loop;
end $$;

create table tallies (
  id uuid primary key,
  desk_id uuid not null references desks (id) deferrable initially deferred,
  channel text not null,
  kind text not null,
  at timestamptz not null,
  actor text not null
);

create index tallies_at on tallies (at);

create table rule_bases (
  version int primary key,
  body jsonb not null,
  created_at timestamptz not null,
  created_by text not null,
  note text not null default ''
);

-- One unfinished change of the 振り分け基準 for each person; kept until it is saved as a version or given up.
create table rule_drafts (
  staff_id uuid primary key references staff (id) deferrable initially deferred,
  based_on int not null references rule_bases (version) deferrable initially deferred,
  body jsonb not null,
  changed_at timestamptz not null
);
