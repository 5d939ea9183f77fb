-- Desks (effective-dated: their network changes, domain.md §1), people and integrations, access tokens, closures.
create table desks (
  id uuid primary key,
  slug text not null unique,
  name text not null,
  kind text not null check (kind in ('regional', 'national')),
  district text not null,
  opens time not null,
  closes time not null,
  lunch_from time,
  lunch_to time,
  phone text,
  effective_from date not null,
  effective_to date,
  -- When letters to clients may leave; at any time where null.
  mail_from time,
  mail_until time,
  mail_open_days_only boolean not null default false,
  version int not null default 1,
  check (opens < closes),
  check ((mail_from is null) = (mail_until is null) and mail_from < mail_until),
  check (effective_to is null or effective_from <= effective_to)
);

create table staff (
  id uuid primary key,
  name text not null,
  email text,
  role text not null,
  desk_id uuid references desks (id) deferrable initially deferred,
  expert_id uuid,
  organisation text not null,
  is_integration boolean not null default false,
  active boolean not null default true,
  created_at timestamptz not null,
  version int not null default 1
);
create unique index staff_email on staff (lower(email)) where email is not null;
create index staff_name on staff (name, id);

create table access_tokens (
  id uuid primary key,
  staff_id uuid not null references staff (id) deferrable initially deferred,
  hash bytea not null unique,
  name text not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz
);
create index access_tokens_staff on access_tokens (staff_id);
create index access_tokens_age on access_tokens (created_at, id);

create table closures (
  id uuid primary key,
  desk_id uuid references desks (id) deferrable initially deferred,
  closed_on date not null,
  reason text not null
);
create unique index closures_day on closures (closed_on, coalesce(desk_id, '00000000-0000-0000-0000-000000000000'));

-- Hours of a single day that are not those of the week; a desk's own day goes before one of all desks.
create table openings (
  id uuid primary key,
  desk_id uuid references desks (id) deferrable initially deferred,
  open_on date not null,
  opens time not null,
  closes time not null,
  lunch_from time,
  lunch_to time,
  reason text not null,
  check (opens < closes)
);
create unique index openings_day on openings (open_on, coalesce(desk_id, '00000000-0000-0000-0000-000000000000'));

-- The national holidays as published, every version whole: [{on, kind, name}]. The newest is in force.
create table holiday_tables (
  version int primary key,
  source text not null check (source in ('shipped', 'cabinet_office')),
  file_name text,
  file_hash text,
  official_until int not null,
  days jsonb not null,
  imported_at timestamptz not null,
  imported_by text not null
);

-- 年末年始 from a winter on; without a row 29 December to 3 January.
create table year_ends (
  first_winter int primary key,
  from_day int not null check (from_day between 24 and 31),
  to_day int not null check (to_day between 1 and 10),
  changed_at timestamptz not null,
  changed_by text not null
);

-- Every process keeps desks, the calendar and programme years for a few seconds; the number, read with the clock at the beginning of each command, tells it that
-- its copy is old.
create function calendar_changed() returns trigger language plpgsql as $$
begin
  update installation set calendar_no = calendar_no + 1;
  return null;
end $$;
create trigger desks_changed after insert or update or delete on desks for each statement execute function calendar_changed();
create trigger closures_changed after insert or update or delete on closures for each statement execute function calendar_changed();
create trigger openings_changed after insert or update or delete on openings for each statement execute function calendar_changed();
create trigger holiday_tables_changed after insert or update or delete on holiday_tables for each statement execute function calendar_changed();
create trigger year_ends_changed after insert or update or delete on year_ends for each statement execute function calendar_changed();
