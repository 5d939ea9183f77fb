-- Organisations (the key of the quota, never the contact or the branch), programme years with their settings, quota ledger (domain.md §6).
create table organisations (
  id uuid primary key,
  name text not null,
  name_key text not null,
  corporate_number text,
  prefecture text,
  created_at timestamptz not null
);
create unique index organisations_corporate_number on organisations (corporate_number) where corporate_number is not null;
create index organisations_name_key on organisations (name_key);

create table programme_years (
  id uuid primary key,
  programme text not null,
  fiscal_year int not null,
  quota_limit int not null check (quota_limit >= 0),
  opens_on date not null,
  closes_on date not null,
  last_visit_on date not null,
  contract_ends_on date not null,
  visit_opens time not null,
  visit_closes time not null,
  first_response_hours int not null,
  assignment_days int not null,
  acceptance_days int not null,
  first_visit_days int not null,
  report_days int not null,
  escalate_desk_hours int not null default 4 check (escalate_desk_hours between 1 and 80),
  escalate_supervisor_hours int not null default 8 check (escalate_supervisor_hours between 1 and 80),
  follow_up_months int[] not null,
  follow_up_daily_limit int not null,
  follow_up_approaches int not null default 3,
  follow_up_interval_days int not null default 5,
  next_year_survey_on date,
  survey_days int not null default 30,
  joint_counts_twice boolean not null default false,
  late_cancel_counts boolean not null default false,
  late_cancel_days int not null default 1 check (late_cancel_days between 1 and 10),
  no_show_counts boolean not null default false,
  offers_when_free boolean not null default false,
  applicant_ranks boolean not null default false,
  waiting_weight int not null default 100,
  rural_weight int not null default 0,
  version int not null default 1,
  lunch_from time,
  lunch_to time,
  unique (programme, fiscal_year),
  check (opens_on <= closes_on and last_visit_on <= contract_ends_on),
  check ((lunch_from is null) = (lunch_to is null) and lunch_from < lunch_to)
);

create trigger programme_years_changed after insert or update or delete on programme_years for each statement execute function calendar_changed();

create table quota_accounts (
  id uuid primary key,
  organisation_id uuid not null references organisations (id) deferrable initially deferred,
  programme text not null,
  fiscal_year int not null,
  "limit" int not null,
  -- What supervisors granted beyond the limit, each unit for one visit that stands.
  extra int not null default 0,
  held int not null default 0,
  used int not null default 0,
  unique (organisation_id, programme, fiscal_year),
  constraint quota_not_negative check (held >= 0 and used >= 0 and extra >= 0),
  constraint quota_within_limit check (held + used <= "limit" + extra)
);

create table quota_ledger (
  id uuid primary key,
  account_id uuid not null references quota_accounts (id) deferrable initially deferred,
  kind text not null check (kind in ('hold', 'consume', 'release', 'adjust', 'move')),
  units int not null,
  case_id uuid,
  visit_id uuid,
  visit_on date,
  reason text not null,
  actor text not null,
  at timestamptz not null
);
create index quota_ledger_account on quota_ledger (account_id, at);
