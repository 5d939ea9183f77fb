-- Offers (打診) and the match decisions behind them.
create table offers (
  id uuid primary key,
  case_id uuid not null references cases (id) deferrable initially deferred,
  track text not null check (track in ('mic', 'mhlw')),
  expert_id uuid not null references experts (id) deferrable initially deferred,
  state text not null check (state in ('open', 'accepted', 'declined', 'expired', 'withdrawn')),
  offered_at timestamptz not null,
  offered_by text not null,
  offer_reason text,
  respond_by timestamptz not null,
  answered_at timestamptz,
  answered_by text,
  source text,
  reason text,
  check ((state = 'open') = (answered_at is null)),
  check (state <> 'declined' or reason is not null)
);
create unique index offers_one_open on offers (case_id, track) where state = 'open';
create index offers_case on offers (case_id);
create index offers_expert on offers (expert_id, state, offered_at, id);
create index offers_state on offers (state, offered_at, id);
alter table case_tracks add constraint case_tracks_offer foreign key (offer_id) references offers (id) deferrable initially deferred;
alter table case_tracks add constraint case_tracks_expert_row foreign key (expert_id) references experts (id) deferrable initially deferred;

create table match_decisions (
  id uuid primary key,
  offer_id uuid not null references offers (id) deferrable initially deferred,
  case_id uuid not null references cases (id) deferrable initially deferred,
  track text not null,
  chosen uuid not null references experts (id) deferrable initially deferred,
  auto boolean not null,
  decided_at timestamptz not null,
  rule_version text not null,
  need jsonb not null,
  facts jsonb not null,
  verdicts jsonb not null,
  others jsonb not null
);
create index match_decisions_case on match_decisions (case_id, decided_at);
create index match_decisions_offer on match_decisions (offer_id);

-- Whom the applicant would like to be advised by (候補提示), the first wish being place 1.
create table applicant_wishes (
  case_id uuid not null references cases (id) deferrable initially deferred,
  track text not null check (track in ('mic', 'mhlw')),
  place int not null check (place between 1 and 3),
  expert_id uuid not null references experts (id) deferrable initially deferred,
  -- How the desk learned of it.
  told text not null,
  recorded_at timestamptz not null,
  recorded_by text not null,
  primary key (case_id, track, place),
  unique (case_id, track, expert_id)
);

-- Plans of the board (割当ての一括案): what was proposed, and what was made of it.
create table assignment_plans (
  id uuid primary key,
  made_at timestamptz not null,
  made_by text not null,
  -- Whose cases were looked at; null for the whole country.
  district text,
  rule_version text not null,
  content_hash text not null,
  content jsonb not null,
  state text not null check (state in ('proposed', 'applied', 'undone')),
  choice text check (choice in ('greedy', 'optimal')),
  applied_at timestamptz,
  applied_by text,
  undone_at timestamptz,
  undone_by text,
  version int not null,
  check ((state = 'proposed') = (applied_at is null)),
  check ((choice is null) = (applied_at is null)),
  check ((state = 'undone') = (undone_at is not null))
);
create index assignment_plans_recent on assignment_plans (made_at desc, id desc);

create table assignment_plan_offers (
  plan_id uuid not null references assignment_plans (id) deferrable initially deferred,
  offer_id uuid not null references offers (id) deferrable initially deferred,
  -- The clock that ended with the offer; it runs on where the plan is undone.
  deadline_id uuid references deadlines (id) deferrable initially deferred,
  primary key (plan_id, offer_id)
);
create unique index assignment_plan_offers_offer on assignment_plan_offers (offer_id);
