-- Devices, the cameras on them, their streams, and which monitoring points they were confirmed to see, when.

create table devices (
  id uuid primary key,
  kind text not null check (kind in ('ipc', 'nvr')),
  name text not null check (length(name) between 1 and 100),
  vendor text,
  model text,
  host text,
  compound_id uuid references compounds (id),
  site_link_id uuid references site_links (id),
  channel_count integer not null check (channel_count between 1 and 1024),
  created_at timestamptz(3) not null,
  removed_at timestamptz(3)
);
comment on column devices.host is 'Name or address, as in the stream addresses; null when unknown';
create index devices_compound_id on devices (compound_id);

create table cameras (
  id uuid primary key,
  name text not null check (length(name) between 1 and 100),
  search_text text not null,
  device_id uuid not null references devices (id),
  channel integer not null check (channel between 1 and 1024),
  compound_id uuid references compounds (id),
  building_id uuid references buildings (id),
  longitude double precision check (longitude between -180 and 180),
  latitude double precision check (latitude between -90 and 90),
  bearing_deg double precision check (bearing_deg >= 0 and bearing_deg < 360),
  mode text not null check (mode in ('always', 'on-demand')),
  is_recorded boolean not null,
  retention_days integer not null check (retention_days between 1 and 365),
  is_key_place boolean not null,
  accepted_on date,
  accepted_by text,
  first_online_at timestamptz(3),
  media_node_id uuid references media_nodes (id),
  created_at timestamptz(3) not null,
  removed_at timestamptz(3),
  check ((longitude is null) = (latitude is null)),
  check (longitude <> 0 or latitude <> 0),
  check ((accepted_on is null) = (accepted_by is null))
);
comment on column cameras.search_text is 'Name, pinyin and initials in lower case';
comment on column cameras.bearing_deg is 'Direction of view, degrees clockwise from north; null when unknown';
comment on column cameras.is_key_place is 'Shorter debounce of its alarms';
comment on column cameras.accepted_on is 'Day of acceptance in the district; null until signed off';
comment on column cameras.first_online_at is 'Set once; null before';
comment on column cameras.media_node_id is 'Null when no node serves it';
comment on column cameras.removed_at is 'Null while it exists; removed cameras keep their history';
create unique index cameras_device_channel on cameras (device_id, channel) where removed_at is null;
create index cameras_compound_id on cameras (compound_id) where removed_at is null;
create index cameras_media_node_id on cameras (media_node_id) where removed_at is null;

create table camera_streams (
  camera_id uuid not null references cameras (id),
  role text not null check (role in ('main', 'sub')),
  url text not null,
  transport text not null check (transport in ('tcp')),
  sealed_credentials text,
  primary key (camera_id, role)
);
comment on column camera_streams.url is 'rtsp:// without user name and password';
comment on column camera_streams.sealed_credentials is 'AES-256-GCM, key in a file beside the data; null when the camera asks for none';

create table point_cameras (
  id bigint generated always as identity primary key,
  point_id uuid not null references monitoring_points (id),
  camera_id uuid not null references cameras (id),
  linked_at timestamptz(3) not null,
  unlinked_at timestamptz(3),
  check (unlinked_at >= linked_at)
);
comment on column point_cameras.unlinked_at is 'Null while it holds';
create unique index point_cameras_open on point_cameras (point_id, camera_id) where unlinked_at is null;
create index point_cameras_camera_id on point_cameras (camera_id);
