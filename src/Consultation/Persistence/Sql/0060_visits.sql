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
  constraint visits_forward check (starts_at < ends_at),
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

-- What somebody wrote of a report so far, for nobody else; it goes with the filing.
create table report_drafts (
  visit_id uuid not null references visits (id) deferrable initially deferred,
  track text not null check (track in ('mic', 'mhlw')),
  staff_id uuid not null references staff (id) deferrable initially deferred,
  content jsonb not null,
  kept_at timestamptz not null,
  primary key (visit_id, track, staff_id)
);
