-- Media nodes that may dial in, and how far their numbered events have been applied.

create table media_nodes (
  id uuid primary key,
  name text not null unique,
  key_hash text not null,
  is_embedded boolean not null default false,
  version text,
  webrtc_engine text,
  public_url text,
  media_port integer,
  webrtc_port integer,
  last_seen_at timestamptz(3),
  created_at timestamptz(3) not null
);
comment on column media_nodes.key_hash is 'SHA-256 (hex) of the key; the embedded node gets a new key at every start';
comment on column media_nodes.version is 'From its last hello, as the columns after it; null before the first';
comment on column media_nodes.public_url is 'Base URL for browsers; null: the host of the page with media_port';
create unique index media_nodes_key_hash on media_nodes (key_hash);
create unique index media_nodes_one_embedded on media_nodes (is_embedded) where is_embedded;

create table media_node_event_positions (
  media_node_id uuid not null references media_nodes (id) on delete cascade,
  epoch text not null,
  sequence bigint not null,
  updated_at timestamptz(3) not null,
  primary key (media_node_id, epoch)
);
comment on column media_node_event_positions.epoch is 'Random per run of the node';
comment on column media_node_event_positions.sequence is 'Last event of that run whose effect is stored';
