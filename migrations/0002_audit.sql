-- The audit trail: who changed what. Rows are added and never changed.

create table audit_entries (
  id bigint generated always as identity primary key,
  at timestamptz(3) not null,
  account_id uuid references accounts (id),
  username text,
  display_name text,
  action text not null,
  subject_kind text not null,
  subject_id text,
  detail jsonb,
  address text
);
comment on column audit_entries.account_id is 'Null when the system itself acted';
comment on column audit_entries.username is 'As it was at that moment';
comment on column audit_entries.display_name is 'As it was at that moment';
comment on column audit_entries.action is 'Dotted and in the past tense, such as camera.created';
comment on column audit_entries.detail is 'What changed; never a secret';
comment on column audit_entries.address is 'Address the request came from; null when the system acted';
create index audit_entries_at on audit_entries (at);
create index audit_entries_subject on audit_entries (subject_kind, subject_id);

create function refuse_change_of_audit() returns trigger language plpgsql as $$
begin
  raise exception 'audit entries are append-only' using errcode = 'insufficient_privilege';
end
$$;

create trigger audit_entries_append_only before update or delete on audit_entries
  for each row execute function refuse_change_of_audit();
create trigger audit_entries_no_truncate before truncate on audit_entries
  for each statement execute function refuse_change_of_audit();
