-- Alarms: condition and handling are two axes; nothing is deleted.

create table alarms (
  id uuid primary key,
  kind text not null check (kind in ('camera-offline')),
  camera_id uuid not null references cameras (id),
  reason text,
  condition text not null check (condition in ('active', 'cleared')),
  handling text not null check (handling in ('open', 'acknowledged', 'closed')),
  began_at timestamptz(3) not null,
  raised_at timestamptz(3) not null,
  cleared_at timestamptz(3),
  acknowledged_at timestamptz(3),
  acknowledged_by uuid references accounts (id),
  acknowledgement_note text,
  closed_at timestamptz(3),
  closed_by uuid references accounts (id),
  closing_note text,
  check ((condition = 'cleared') = (cleared_at is not null)),
  check ((acknowledged_at is null) = (acknowledged_by is null)),
  check ((handling = 'closed') = (closed_at is not null))
);
comment on column alarms.began_at is 'Last picture of the camera; raised_at is later by the debounce';
comment on column alarms.reason is 'Newest measured reason; null when there is none';
create unique index alarms_one_active on alarms (camera_id, kind) where condition = 'active';
create index alarms_handling on alarms (handling, id);
create index alarms_camera_id on alarms (camera_id, id);
