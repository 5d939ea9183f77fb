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
  possibly_twice boolean not null default false,
  error_code text,
  created_at timestamptz not null,
  sent_at timestamptz,
  -- Why a person took it out; never without a word.
  discard_reason text,
  -- The letter that carried this one in a digest; a gathered one without it waits for the next.
  digest uuid references outgoing_mail (id) deferrable initially deferred,
  check ((state = 'discarded') = (discard_reason is not null)),
  check (digest is null or state in ('gathered', 'bounced', 'dead')),
  check (state <> 'gathered' or person is not null),
  check ((not_before is null) = (not_before_why is null))
);
create unique index outgoing_mail_once on outgoing_mail (event_key, recipient, template);
create index outgoing_mail_due on outgoing_mail (next_attempt_at, id) where state in ('waiting', 'attempting', 'deferred');
create index outgoing_mail_reference on outgoing_mail (reference);
create index outgoing_mail_person on outgoing_mail (person, created_at desc, id desc) where person is not null;
create index outgoing_mail_gathered on outgoing_mail (person, created_at) where state = 'gathered' and digest is null;
create index outgoing_mail_digest on outgoing_mail (digest) where digest is not null;
create index outgoing_mail_age on outgoing_mail (created_at, id);
create index outgoing_mail_trouble on outgoing_mail (created_at, id) where state in ('bounced', 'dead', 'discarded') or possibly_twice;

-- What the schedule did last, for the work page and for health; one row a job.
create table work_runs (
  name text primary key,
  last_started timestamptz,
  last_finished timestamptz,
  last_outcome text check (last_outcome in ('done', 'failed')),
  last_error_code text,
  runs bigint not null default 0,
  failures bigint not null default 0,
  next timestamptz
);
