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
  check (opens < closes)
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
  created_at timestamptz not null
);
create unique index staff_email on staff (lower(email)) where email is not null;

create table access_tokens (
  id uuid primary key,
  staff_id uuid not null references staff (id) deferrable initially deferred,
  hash bytea not null unique,
  name text not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz
);

create table closures (
  id uuid primary key,
  desk_id uuid references desks (id) deferrable initially deferred,
  closed_on date not null,
  reason text not null
);
create unique index closures_day on closures (closed_on, coalesce(desk_id, '00000000-0000-0000-0000-000000000000'));
