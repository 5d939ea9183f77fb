-- Visits of a prefecture that a disaster turned into web meetings or put off (journey J26), and what became of each case.
create table disaster_plans (
  id uuid primary key,
  -- JIS code.
  prefecture text not null,
  from_on date not null,
  to_on date not null,
  way text not null check (way in ('web', 'put_off')),
  reason text not null,
  -- Whose cases were looked at; null for the whole country.
  district text,
  items jsonb not null,
  made_at timestamptz not null,
  made_by text not null,
  undone_at timestamptz,
  undone_by text,
  version int not null,
  check (from_on <= to_on),
  check ((undone_at is null) = (undone_by is null))
);
create index disaster_plans_age on disaster_plans (made_at desc, id desc);
