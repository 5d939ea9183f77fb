-- Experts: cover, topics, working pattern, absence, and the diary in which nobody can be in two places at once.
create table experts (
  id uuid primary key,
  name text not null,
  affiliation text not null check (affiliation in ('mic', 'mhlw', 'both')),
  display_title text,
  email text,
  phone text,
  base_prefecture text not null,
  capacity int not null check (capacity >= 0),
  nationwide boolean not null,
  districts text[] not null,
  prefectures text[] not null,
  modes text[] not null,
  industries text[] not null,
  own_clients text[] not null default '{}',
  term_from date,
  term_to date,
  active boolean not null,
  offers_stopped_at timestamptz,
  offers_stopped_by text,
  offers_stopped_why text,
  created_at timestamptz not null,
  version int not null,
  check (term_from <= term_to),
  check ((offers_stopped_at is null) = (offers_stopped_why is null))
);
create index experts_name on experts (name, id);
create unique index experts_email on experts (lower(email)) where active;
alter table staff add constraint staff_expert foreign key (expert_id) references experts (id) deferrable initially deferred;

create table expert_topics (
  expert_id uuid not null references experts (id) deferrable initially deferred,
  topic text not null,
  level int not null check (level between 1 and 3),
  primary key (expert_id, topic)
);

create table expert_hours (
  id uuid primary key,
  expert_id uuid not null references experts (id) deferrable initially deferred,
  weekday int not null check (weekday between 0 and 6),
  starts time not null,
  ends time not null,
  modes text[] not null default '{}',
  check (starts < ends)
);
create index expert_hours_expert on expert_hours (expert_id);

-- Hours of a single day; where a day has some, the weekly pattern is not asked.
create table expert_days (
  id uuid primary key,
  expert_id uuid not null references experts (id) deferrable initially deferred,
  works_on date not null,
  starts time not null,
  ends time not null,
  modes text[] not null default '{}',
  check (starts < ends)
);
create index expert_days_expert on expert_days (expert_id, works_on);

create table expert_absences (
  id uuid primary key,
  expert_id uuid not null references experts (id) deferrable initially deferred,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  reason text not null,
  check (starts_at < ends_at)
);
create index expert_absences_expert on expert_absences (expert_id, ends_at);

-- Calendars that experts keep elsewhere, and when those say that they are busy: times alone, never what for.
create table expert_calendars (
  id uuid primary key,
  expert_id uuid not null references experts (id) deferrable initially deferred,
  source text not null check (source in ('file', 'feed')),
  address text,
  taken_at timestamptz,
  next_fetch_at timestamptz,
  fault text,
  unique (expert_id, source),
  check ((source = 'feed') = (address is not null))
);
create index expert_calendars_due on expert_calendars (next_fetch_at) where source = 'feed';

create table expert_elsewhere (
  id uuid primary key,
  expert_id uuid not null references experts (id) deferrable initially deferred,
  calendar_id uuid not null references expert_calendars (id) deferrable initially deferred,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  check (starts_at < ends_at)
);
create index expert_elsewhere_expert on expert_elsewhere (expert_id, ends_at);
create index expert_elsewhere_calendar on expert_elsewhere (calendar_id);

create table expert_diary (
  id uuid primary key,
  expert_id uuid not null references experts (id) deferrable initially deferred,
  visit uuid not null,
  busy tstzrange not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  state text not null check (state in ('held', 'confirmed', 'completed', 'away', 'cancelled', 'no_show')),
  prefecture text,
  spared tstzrange,
  arrives_at timestamptz,
  check (starts_at < ends_at and busy @> tstzrange(starts_at, ends_at)),
  constraint expert_diary_no_overlap exclude using gist (expert_id with =, busy with &&) where (state in ('held', 'confirmed', 'completed', 'away'))
);
create index expert_diary_visit on expert_diary (visit);
create index expert_diary_expert on expert_diary (expert_id, starts_at);

-- A row takes what it needs where nothing stands in the way; false where something does.
create function diary_row_takes(row_expert uuid, row_visit uuid, row_starts timestamptz, wanted tstzrange) returns boolean language plpgsql as $$
begin
  update expert_diary set busy = wanted
  where expert_id = row_expert and visit = row_visit and starts_at = row_starts and state in ('held', 'confirmed', 'completed', 'away');
  return true;
exception when exclusion_violation then
  return false;
end $$;
