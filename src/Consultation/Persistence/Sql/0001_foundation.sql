-- What every room stands on: the one clock, idempotency, the audit and its seals.
create extension if not exists btree_gist;

create table installation (
  id int primary key default 1 check (id = 1),
  demo boolean not null default false,
  clock_shift interval not null default interval '0',
  seeded_at timestamptz,
  mail_held boolean not null default false,
  calendar_no bigint not null default 0
);
insert into installation default values;

-- Jobs on every node judge by this clock, whatever their machine believes (design §4).
create function app_now() returns timestamptz language sql volatile parallel safe
  as $$ select clock_timestamp() + clock_shift from installation $$;

create table idempotency (
  caller text not null,
  path text not null,
  key text not null,
  body_hash text not null,
  result jsonb,
  answer text,
  created_at timestamptz not null,
  primary key (caller, path, key)
);
create index idempotency_age on idempotency (created_at);

create table audit_entry (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  staff_id uuid,
  actor text not null,
  role text not null,
  action text not null,
  subject text not null,
  subject_id uuid not null,
  details text,
  written_by xid8 not null default pg_current_xact_id()
);
create index audit_entry_subject on audit_entry (subject_id, id);
-- The sealer goes on from where it stopped.
create index audit_entry_written on audit_entry (written_by, id);
-- Rows lie in the order of their time: a coarse index finds a period and costs the writers next to nothing.
create index audit_entry_at on audit_entry using brin (at);

create table audit_seal (
  seal_no bigint primary key,
  audit_id bigint not null unique references audit_entry (id) deferrable initially deferred,
  hash text not null
);
