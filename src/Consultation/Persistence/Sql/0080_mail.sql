-- Outgoing mail: written in the business transaction, sent by background work (design §4).
create table outgoing_mail (
  id uuid primary key,
  event_key text not null,
  recipient text not null,
  template text not null,
  -- Which words it was rendered with (mail_template_versions; 0 is the product's own); unknown for what another house wrote.
  template_version int,
  reference uuid not null,
  -- The expert or colleague it goes to; null for a client.
  person uuid,
  subject text not null,
  body text not null,
  -- iCalendar beside the text (RFC 5546); several objects one after the other where the mail tells of several dates.
  calendar text,
  message_id text not null unique,
  state text not null default 'waiting' check (state in ('waiting', 'attempting', 'deferred', 'sent', 'bounced', 'dead', 'discarded', 'gathered')),
  attempts int not null default 0,
  next_attempt_at timestamptz not null,
  -- Held back at first until then, and why; for people only, the sender looks at next_attempt_at.
  not_before timestamptz,
  not_before_why text,
  -- A lease guards against two senders and runs by the machine's clock: moving the demo's clock must not end it.
  lease_until timestamptz,
  fence int not null default 0,
  -- How many leases in a row ran out without a word of whoever had them.
  lost_leases int not null default 0,
  possibly_twice boolean not null default false,
  error_code text,
  created_at timestamptz not null,
  sent_at timestamptz,
  -- When sending was last begun, by the machine's clock, for the pace of each domain.
  attempted_at timestamptz,
  -- Why a person took it out; never without a word.
  discard_reason text,
  -- The server refused the address itself, and not us or the text.
  address_is_wrong boolean not null default false,
  -- It will never arrive, and nobody has been told of that yet; since when.
  untold_since timestamptz,
  -- The letter that carried this one in a digest; a gathered one without it waits for the next.
  digest uuid references outgoing_mail (id) deferrable initially deferred,
  check ((state = 'discarded') = (discard_reason is not null)),
  check (digest is null or state in ('gathered', 'bounced', 'dead')),
  check (untold_since is null or state in ('bounced', 'dead')),
  check (state <> 'gathered' or person is not null),
  check ((not_before is null) = (not_before_why is null))
);
create unique index outgoing_mail_once on outgoing_mail (event_key, recipient, template);
create index outgoing_mail_due on outgoing_mail (next_attempt_at, id) where state in ('waiting', 'attempting', 'deferred');
create index outgoing_mail_suspect on outgoing_mail (next_attempt_at, id) where lost_leases >= 3 and state in ('waiting', 'attempting', 'deferred');
create index outgoing_mail_reference on outgoing_mail (reference);
create index outgoing_mail_person on outgoing_mail (person, created_at desc, id desc) where person is not null;
create index outgoing_mail_gathered on outgoing_mail (person, created_at) where state = 'gathered' and digest is null;
create index outgoing_mail_digest on outgoing_mail (digest) where digest is not null;
create index outgoing_mail_untold on outgoing_mail (id) where untold_since is not null;
create index outgoing_mail_age on outgoing_mail (created_at, id);
create index outgoing_mail_pace on outgoing_mail (attempted_at) where attempted_at is not null;
create index outgoing_mail_trouble on outgoing_mail (created_at, id) where state in ('bounced', 'dead', 'discarded') or possibly_twice;

-- Where an address is delivered; what follows the last @, so that nothing written before it passes for another domain.
create function mail_domain(recipient text) returns text language sql immutable parallel safe as $$
  select lower(substring(recipient from '[^@]*$'))
$$;

-- The way out, common to all workers. What rests and what is tried again is a technical guard of minutes and runs by the machine's clock, like a lease.
create table mail_server (
  id int primary key default 1 check (id = 1),
  -- At most so many mails a minute to one domain; null: as many as there are.
  per_minute int check (per_minute > 0),
  -- What keeps the server from taking anything, since when; the next try is not before rest_until.
  fault text,
  fault_since timestamptz,
  strikes int not null default 0,
  rest_until timestamptz,
  -- After a rest this mail goes first; nobody else tries before then.
  probe_mail uuid,
  probe_until timestamptz,
  -- Since when and why a person holds everything (installation.mail_held); without a reason it is held after a restore.
  held_at timestamptz,
  held_reason text,
  check ((fault is null) = (fault_since is null) and (fault is null) = (strikes = 0))
);
insert into mail_server default values;

-- Domains about which there is something to say.
create table mail_domains (
  domain text primary key,
  -- Sending there was stopped by a person, with the reason.
  paused_at timestamptz,
  pause_reason text,
  -- How often in a row, by different mails, it put us off; from the third on it is left alone for a while.
  strikes int not null default 0,
  last_mail uuid,
  last_code text,
  rest_until timestamptz,
  probe_mail uuid,
  probe_until timestamptz,
  check ((paused_at is null) = (pause_reason is null))
);

-- What the schedule did last, for the work page and for health; one row a job.
create table work_runs (
  name text primary key,
  last_started timestamptz,
  last_finished timestamptz,
  last_outcome text check (last_outcome in ('done', 'failed', 'interrupted')),
  last_error_code text,
  last_done int not null default 0,
  runs bigint not null default 0,
  failures bigint not null default 0,
  -- The newest failure; it stays when later runs go well.
  failed_code text,
  failed_at timestamptz,
  failed_in_a_row int not null default 0,
  next timestamptz,
  -- The last sign of life, by the machine's clock: a moved demo clock makes no job late.
  alive_at timestamptz,
  -- Milliseconds of the last runs, the newest first.
  took_ms int[] not null default '{}'
);

-- Rows that a job could not do, while it cannot: shown until a run does them or finds them no more.
create table work_failures (
  job text not null,
  row_id text not null,
  code text not null,
  tries int not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (job, row_id)
);
