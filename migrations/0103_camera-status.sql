-- The history of every camera's status, from its first day.

create table camera_status_intervals (
  id bigint generated always as identity primary key,
  camera_id uuid not null references cameras (id),
  status text not null check (status in ('online', 'connecting', 'degraded', 'offline', 'idle', 'unknown')),
  reason text,
  began_at timestamptz(3) not null,
  ended_at timestamptz(3),
  picture_lost_at timestamptz(3),
  check (ended_at >= began_at)
);
comment on column camera_status_intervals.reason is 'Measured reason from the closed list of media/contract/streams.ts; null when there is none';
comment on column camera_status_intervals.ended_at is 'Null while it lasts; the next interval begins at this very moment';
comment on column camera_status_intervals.picture_lost_at is 'Offline only: the last picture, a little before began_at';
create unique index camera_status_intervals_open on camera_status_intervals (camera_id) where ended_at is null;
create index camera_status_intervals_history on camera_status_intervals (camera_id, began_at);

create table node_watch (
  media_node_id uuid primary key references media_nodes (id),
  observed_until timestamptz(3) not null
);
comment on table node_watch is 'Until when the states of a node''s cameras are known, should the server die now';
