-- Hand-over files of another installation that were loaded here (journey J62); at most one, for it is loaded into an empty house.
create table hand_over_loads (
  id uuid primary key,
  loaded_at timestamptz not null,
  cases int not null
);
