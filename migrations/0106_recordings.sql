-- What the media nodes have recorded: a cache of their files, rebuilt by their scans.

create table recording_files (
  media_node_id uuid not null references media_nodes (id),
  path text not null,
  camera_id uuid not null,
  role text not null check (role in ('main', 'sub')),
  from_at timestamptz(3) not null,
  to_at timestamptz(3) not null,
  size_bytes bigint not null,
  is_open boolean not null,
  primary key (media_node_id, path)
);
comment on column recording_files.path is 'Below the recordings folder of the node';
comment on column recording_files.camera_id is 'No reference: a node keeps files of cameras that this database never knew';
comment on column recording_files.to_at is 'End of the last whole fragment; grows while the file is open';
create index recording_files_camera_time on recording_files (camera_id, from_at);

create table first_recordings (
  camera_id uuid primary key,
  recorded_at timestamptz(3) not null
);
comment on table first_recordings is 'Begin of the oldest recording ever known of a camera; stays when the file is deleted';
