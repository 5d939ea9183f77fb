-- The words of letters as administrators publish them; version 0 is the product's own text and no row. Versions are added, never changed or taken away.
create table mail_template_versions (
  id uuid primary key,
  template text not null,
  version int not null check (version > 0),
  subject text not null,
  body text not null,
  note text not null,
  created_at timestamptz not null,
  created_by text not null,
  unique (template, version)
);

create function template_versions_stay() returns trigger language plpgsql as $$
begin
  raise exception 'versions of letters stay as they are';
end $$;
create trigger mail_template_versions_stay before update or delete on mail_template_versions for each statement execute function template_versions_stay();

-- Every process that writes letters notices a new version with its next command, as it notices changed desks.
create trigger mail_templates_changed after insert on mail_template_versions for each statement execute function calendar_changed();

-- The next version in the making, one for each kind of letter. Saves are counted through, so that a number names one text for ever, whatever was thrown away in between.
create sequence mail_template_saves as int;
create table mail_template_drafts (
  template text primary key,
  based_on int not null,
  subject text not null,
  body text not null,
  changed_at timestamptz not null,
  changed_by text not null,
  version int not null
);

-- Who gets letters that are not urgent once a day, together.
create table mail_digest_choices (
  person uuid primary key,
  chosen_at timestamptz not null
);
