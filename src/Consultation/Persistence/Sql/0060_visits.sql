-- Visits (相談・コンサルティング) with their experts and the reports they owe. What keeps two visits of one expert apart is the expert's diary.
create table visits (
  id uuid primary key,
  case_id uuid not null references cases (id) deferrable initially deferred,
  organisation_id uuid not null references organisations (id) deferrable initially deferred,
  ordinal int not null check (ordinal > 0),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  mode text not null check (mode in ('visit', 'web', 'phone')),
  place text,
  stage text not null check (stage in ('assess', 'prepare', 'follow_up')),
  state text not null check (state in ('held', 'confirmed', 'took_place', 'cancelled', 'no_show')),
  hold_expires_at timestamptz,
  fiscal_year int not null,
  quota_units int not null check (quota_units between 0 and 2),
  -- Units of these that a supervisor granted beyond the limit; and whether the visit counts although it fell through, by the programme's rule.
  quota_extra int not null default 0 check (quota_extra between 0 and quota_units),
  quota_kept boolean not null default false,
  quota_reason text,
  minutes int,
  source text,
  recorded_by text,
  recorded_at timestamptz,
  cancelled_by text check (cancelled_by in ('client', 'expert', 'desk', 'disaster')),
  reason text,
  sequence int not null default 0,
  booked_by text not null,
  booked_at timestamptz not null,
  reminded_at timestamptz,
  -- When the client said that the date is known and stands; a new date is to be confirmed anew.
  client_confirmed_at timestamptz,
  constraint visits_forward check (starts_at < ends_at),
  constraint visits_quota_told check ((quota_units > 0 and quota_extra = 0) or quota_reason is not null),
  constraint visits_quota_kept check (not quota_kept or state in ('cancelled', 'no_show')),
  constraint visits_held_expires check ((state = 'held') = (hold_expires_at is not null))
);
create index visits_case on visits (case_id, starts_at);
create index visits_took_place on visits (starts_at) where state = 'took_place';
create index visits_holds on visits (hold_expires_at) where state = 'held';
create index visits_to_remind on visits (starts_at) where state = 'confirmed' and reminded_at is null;

create table visit_experts (
  visit_id uuid not null references visits (id) deferrable initially deferred,
  track text not null check (track in ('mic', 'mhlw')),
  expert_id uuid not null references experts (id) deferrable initially deferred,
  report_reminded_at timestamptz,
  report_called_at timestamptz,
  primary key (visit_id, track)
);
create index visit_experts_expert on visit_experts (expert_id, visit_id);

-- The links of letters, by the hash of their secret; each is bound to its visit and to the address it was mailed to.
create table visit_links (
  id uuid primary key,
  visit_id uuid not null references visits (id) deferrable initially deferred,
  secret_hash bytea not null unique,
  address_hash bytea not null,
  issued_at timestamptz not null
);
create index visit_links_visit on visit_links (visit_id);

-- The calendar an expert subscribes to; its address is the secret.
create table calendar_feeds (
  expert_id uuid primary key references experts (id) deferrable initially deferred,
  secret_hash bytea not null unique,
  issued_by text not null,
  issued_at timestamptz not null
);

create table session_reports (
  id uuid primary key,
  visit_id uuid not null references visits (id) deferrable initially deferred,
  case_id uuid not null references cases (id) deferrable initially deferred,
  track text not null check (track in ('mic', 'mhlw')),
  expert_id uuid not null references experts (id) deferrable initially deferred,
  text text not null,
  topics text[] not null default '{}',
  next text not null check (next in ('another', 'done')),
  advice jsonb not null default '[]',
  status_before text check (status_before in ('introduced', 'planned', 'none', 'trial', 'stopped', 'unknown')),
  status_after text check (status_after in ('introduced', 'planned', 'none', 'trial', 'stopped', 'unknown')),
  minutes int check (minutes between 1 and 1440),
  travel_km int check (travel_km between 0 and 5000),
  expense_note text,
  fee_minutes int check (fee_minutes between 0 and 1440),
  state text not null check (state in ('submitted', 'returned', 'approved', 'not_filed')),
  source text,
  confirmed boolean not null,
  filed_by text not null,
  filed_at timestamptz not null,
  reviewed_by text,
  reviewed_at timestamptz,
  review text,
  constraint session_reports_one_per_track unique (visit_id, track)
);
create index session_reports_case on session_reports (case_id, filed_at desc);
create index session_reports_to_review on session_reports (filed_at) where state = 'submitted';

-- Clients who wait for a time that somebody else gives up (空き待ち).
create table slot_wishes (
  id uuid primary key,
  case_id uuid not null references cases (id) deferrable initially deferred,
  mode text not null check (mode in ('visit', 'web', 'phone')),
  minutes int not null check (minutes between 15 and 480),
  from_on date not null,
  to_on date not null check (from_on <= to_on),
  day_from time,
  day_to time,
  replaces uuid references visits (id) deferrable initially deferred,
  state text not null check (state in ('waiting', 'offered', 'met', 'ended')),
  offered_visit uuid references visits (id) deferrable initially deferred,
  passed timestamptz[] not null default '{}',
  made_by text not null,
  made_at timestamptz not null,
  ended_by text,
  ended_at timestamptz,
  ended_why text,
  constraint slot_wishes_offer check ((state = 'offered') = (offered_visit is not null)),
  constraint slot_wishes_end check ((state in ('met', 'ended')) = (ended_at is not null))
);
create unique index slot_wishes_one_open on slot_wishes (case_id) where state in ('waiting', 'offered');
create index slot_wishes_waiting on slot_wishes (made_at, id) where state in ('waiting', 'offered');
create index slot_wishes_offered on slot_wishes (offered_visit) where offered_visit is not null;

-- Experts of whom something may be free again, written by whatever path frees it; a job offers it to those who wait, and takes the row away.
create table freed_times (
  id bigint generated always as identity primary key,
  expert_id uuid not null references experts (id) deferrable initially deferred,
  freed_at timestamptz not null
);

create function time_freed() returns trigger language plpgsql as $$
begin
  insert into freed_times (expert_id, freed_at)
  select old.expert_id, app_now()
  where exists (
    select 1 from slot_wishes w join case_tracks t on t.case_id = w.case_id and t.expert_id = old.expert_id where w.state = 'waiting');
  return null;
end $$;
create trigger expert_diary_freed after update on expert_diary for each row
  when (old.state in ('held', 'confirmed') and (new.state not in ('held', 'confirmed', 'completed', 'away') or not (old.busy <@ new.busy)))
  execute function time_freed();

-- What somebody wrote of a report so far, for nobody else; it goes with the filing.
create table report_drafts (
  visit_id uuid not null references visits (id) deferrable initially deferred,
  track text not null check (track in ('mic', 'mhlw')),
  staff_id uuid not null references staff (id) deferrable initially deferred,
  content jsonb not null,
  kept_at timestamptz not null,
  primary key (visit_id, track, staff_id)
);
