#!/bin/sh
# Makes the two roles and the database on a PostgreSQL server that is run by somebody else; safe to run again.
# Connects as the superuser by the usual PG… variables; OWNER_PASSWORD and APP_PASSWORD name the passwords (letters and digits only).
set -eu
: "${OWNER_PASSWORD:?}" "${APP_PASSWORD:?}"
case "$OWNER_PASSWORD$APP_PASSWORD" in *[!A-Za-z0-9]*) echo "Passwords may hold letters and digits only." >&2; exit 2 ;; esac

role() {
  psql -v ON_ERROR_STOP=1 -q -U "${PGUSER:-postgres}" -d postgres <<SQL
do \$\$ begin
  if not exists (select from pg_roles where rolname = '$1') then create role $1; end if;
  alter role $1 login password '$2';
end \$\$;
SQL
}

role consultation_owner "$OWNER_PASSWORD"
role consultation_app "$APP_PASSWORD"
psql -v ON_ERROR_STOP=1 -q -U "${PGUSER:-postgres}" -d postgres <<'SQL'
select 'create database consultation owner consultation_owner encoding ''UTF8'' locale ''C.UTF-8'' template template0'
where not exists (select from pg_database where datname = 'consultation') \gexec
SQL
psql -v ON_ERROR_STOP=1 -q -U "${PGUSER:-postgres}" -d consultation <<'SQL'
create extension if not exists btree_gist;
revoke create on schema public from public;
alter schema public owner to consultation_owner;
revoke all on database consultation from public;
grant connect, temporary on database consultation to consultation_app;
SQL
