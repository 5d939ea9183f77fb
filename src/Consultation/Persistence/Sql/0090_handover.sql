-- Hand-overs at an absence (journey J14): what stood in it, who could come instead, and what was approved.
create table handover_plans (
  id uuid primary key,
  expert_id uuid not null references experts (id) deferrable initially deferred,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  made_at timestamptz not null,
  made_by text not null,
  -- Whose cases were looked at; null for the whole country.
  district text,
  elsewhere int not null,
  items jsonb not null,
  follow_ups jsonb not null,
  content jsonb not null,
  done jsonb not null,
  state text not null check (state in ('proposed', 'approved', 'undone')),
  source text,
  approved_at timestamptz,
  approved_by text,
  undone_at timestamptz,
  undone_by text,
  version int not null,
  check (starts_at < ends_at),
  check ((state = 'proposed') = (approved_at is null)),
  check ((source is null) = (approved_at is null)),
  check ((state = 'undone') = (undone_at is not null))
);
create index handover_plans_expert on handover_plans (expert_id, made_at desc, id desc);
