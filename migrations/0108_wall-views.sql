-- Saved arrangements of the wall, a person's own or shared with everybody.

create table wall_views (
  id uuid primary key,
  name text not null check (length(name) between 1 and 60),
  is_shared boolean not null,
  owner_id uuid not null references accounts (id),
  layout integer not null check (layout in (1, 4, 9, 16, 25)),
  tiles jsonb not null,
  patrol_seconds integer check (patrol_seconds between 5 and 3600),
  created_at timestamptz(3) not null
);
comment on column wall_views.tiles is 'Array of camera ids, null for an empty tile; more than one page is patrolled';
comment on column wall_views.patrol_seconds is 'Seconds per page; null without patrol';
create index wall_views_owner_id on wall_views (owner_id);
