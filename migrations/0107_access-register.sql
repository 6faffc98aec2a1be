-- The access register: who viewed which recordings, why. Rows are added and never changed.

create table access_register_entries (
  id uuid primary key,
  at timestamptz(3) not null,
  account_id uuid not null references accounts (id),
  username text not null,
  display_name text not null,
  unit text not null,
  camera_ids uuid[] not null check (cardinality(camera_ids) between 1 and 100),
  from_at timestamptz(3) not null,
  to_at timestamptz(3) not null,
  reason text not null check (length(reason) between 1 and 500),
  case_number text,
  check (to_at > from_at)
);
comment on column access_register_entries.username is 'As it was at that moment, like display_name and unit';
comment on column access_register_entries.case_number is 'Number of the case the recordings serve; null when there is none';

create function refuse_change_of_access_register() returns trigger language plpgsql as $$
begin
  raise exception 'the access register is append-only' using errcode = 'insufficient_privilege';
end
$$;

create trigger access_register_append_only before update or delete on access_register_entries
  for each row execute function refuse_change_of_access_register();
create trigger access_register_no_truncate before truncate on access_register_entries
  for each statement execute function refuse_change_of_access_register();
