-- What the demo's own mail server has received; empty in a real installation.
create table demo_mailbox (
  id bigint generated always as identity primary key,
  received_at timestamptz not null,
  sender text not null,
  recipients text not null,
  message_id text,
  subject text not null,
  body text not null,
  raw bytea not null
);
