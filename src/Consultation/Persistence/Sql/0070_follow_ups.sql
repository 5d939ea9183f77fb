-- Follow-ups: one plan per case, at most one row of each kind (design §2).
create table follow_ups (
  id uuid primary key,
  case_id uuid not null references cases (id) deferrable initially deferred,
  kind text not null check (kind = 'next_year' or kind ~ '^m([1-9]|1[0-9]|2[0-4])$'),
  base_on date not null,
  due_on date not null,
  last_on date not null,
  why text not null,
  state text not null check (state in ('planned', 'suspended', 'due', 'done', 'cancelled', 'hand_over')),
  desk_id uuid not null references desks (id) deferrable initially deferred,
  expert_id uuid references experts (id) deferrable initially deferred,
  result text check (result in ('improved', 'unchanged', 'needs_advice', 'no_answer')),
  telework_status text,
  ended_at timestamptz,
  ended_by text,
  ended_with_case boolean not null default false,
  -- How often the client was asked for this day, and when that is to happen again.
  asked int not null default 0,
  next_ask_on date,
  version int not null,
  constraint follow_ups_one_per_kind unique (case_id, kind)
);
-- The satisfaction survey of a visit that took place; its link holds a secret of which only the hash is here.
create table surveys (
  id uuid primary key,
  visit_id uuid not null references visits (id) deferrable initially deferred,
  case_id uuid not null references cases (id) deferrable initially deferred,
  visited_on date not null,
  ask_on date not null,
  state text not null check (state in ('planned', 'sent', 'answered', 'unsent')),
  secret_hash text,
  sent_at timestamptz,
  expires_at timestamptz,
  answered_at timestamptz,
  satisfaction text check (satisfaction in ('very_satisfied', 'satisfied', 'neither', 'dissatisfied', 'very_dissatisfied')),
  achievement text check (achievement in ('achieved', 'partly', 'not_achieved')),
  intent text check (intent in ('actively', 'some_day', 'not_now')),
  version int not null,
  constraint surveys_one_per_visit unique (visit_id)
);
create unique index surveys_secret on surveys (secret_hash) where secret_hash is not null;
create index surveys_due on surveys (ask_on, id) where state = 'planned';
create index surveys_sent on surveys (sent_at) where sent_at is not null;
create index surveys_case on surveys (case_id);

create index follow_ups_ask on follow_ups (next_ask_on, id) where state = 'due';
create index follow_ups_due on follow_ups (due_on, id) where state = 'planned';
create index follow_ups_open on follow_ups (desk_id, due_on, id) where state in ('planned', 'suspended', 'due', 'hand_over');
