-- People who may log in, their sessions, and the one-time token that makes the first administrator.

create table accounts (
  id uuid primary key,
  username text not null unique check (username = lower(username) and length(username) between 1 and 64),
  display_name text not null,
  unit text not null default '',
  role text not null check (role in ('administrator', 'operator', 'officer', 'auditor')),
  password_hash text not null,
  is_disabled boolean not null default false,
  must_change_password boolean not null default false,
  failed_logins integer not null default 0,
  locked_until timestamptz(3),
  last_login_at timestamptz(3),
  created_at timestamptz(3) not null
);
comment on column accounts.unit is 'Working unit, printed in the access register';
comment on column accounts.password_hash is 'argon2id in PHC text form';
comment on column accounts.failed_logins is 'Failures in a row since the last success or lock';
comment on column accounts.locked_until is 'No login before this moment; null when not locked';
comment on column accounts.last_login_at is 'Null before the first login';

create table sessions (
  id uuid primary key,
  account_id uuid not null references accounts (id) on delete cascade,
  token_hash text not null unique,
  created_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  address text,
  user_agent text
);
comment on column sessions.token_hash is 'SHA-256 (hex) of the token; the token itself is kept nowhere';
comment on column sessions.expires_at is 'Moves on with use: now plus the idle time of the settings';
comment on column sessions.address is 'Address of the login as the server saw it; null when unknown';
create index sessions_account_id on sessions (account_id);
create index sessions_expires_at on sessions (expires_at);

create table setup_tokens (
  token_hash text primary key,
  created_at timestamptz(3) not null
);
comment on table setup_tokens is 'At most one row, and none once an account exists';
