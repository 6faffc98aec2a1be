-- Compounds with what stands in them, and how their ledger state went.

create table compounds (
  id uuid primary key,
  area_id uuid not null references areas (id),
  name text not null check (length(name) between 1 and 100),
  search_text text not null,
  address text,
  category text check (category in ('property-company', 'community-custody', 'self-governing', 'grid-staff')),
  phase text not null check (phase in ('mobilise', 'cure', 'accept', 'consolidate', 'keep-up')),
  state text not null check (state in ('in-ledger', 'merged', 'demolished')),
  longitude double precision check (longitude between -180 and 180),
  latitude double precision check (latitude between -90 and 90),
  boundary jsonb,
  created_at timestamptz(3) not null,
  removed_at timestamptz(3),
  check ((longitude is null) = (latitude is null)),
  check (longitude <> 0 or latitude <> 0)
);
comment on column compounds.search_text is 'Name, pinyin and initials in lower case';
comment on column compounds.longitude is 'Degrees, WGS-84; null when unknown';
comment on column compounds.boundary is 'GeoJSON polygon, WGS-84; null when unknown';
comment on column compounds.removed_at is 'Null while it exists; for entries made by mistake, a demolished compound stays';
create index compounds_area_id on compounds (area_id);

create table compound_states (
  id bigint generated always as identity primary key,
  compound_id uuid not null references compounds (id),
  state text not null check (state in ('in-ledger', 'merged', 'demolished')),
  began_at timestamptz(3) not null,
  ended_at timestamptz(3),
  check (ended_at >= began_at)
);
comment on column compound_states.ended_at is 'Null while it lasts';
create unique index compound_states_open on compound_states (compound_id) where ended_at is null;
create index compound_states_history on compound_states (compound_id, began_at);

create table buildings (
  id uuid primary key,
  compound_id uuid not null references compounds (id),
  name text not null check (length(name) between 1 and 100),
  longitude double precision check (longitude between -180 and 180),
  latitude double precision check (latitude between -90 and 90),
  created_at timestamptz(3) not null,
  removed_at timestamptz(3),
  check ((longitude is null) = (latitude is null)),
  check (longitude <> 0 or latitude <> 0)
);
create index buildings_compound_id on buildings (compound_id);

create table monitoring_points (
  id uuid primary key,
  compound_id uuid not null references compounds (id),
  building_id uuid references buildings (id),
  kind text not null check (kind in ('entrance', 'building-entrance', 'road', 'parking', 'public-area', 'boundary-wall')),
  name text not null check (length(name) between 1 and 100),
  is_required boolean not null,
  longitude double precision check (longitude between -180 and 180),
  latitude double precision check (latitude between -90 and 90),
  created_at timestamptz(3) not null,
  removed_at timestamptz(3),
  check ((longitude is null) = (latitude is null)),
  check (longitude <> 0 or latitude <> 0)
);
comment on column monitoring_points.is_required is 'The building standard asks for it to be seen';
create index monitoring_points_compound_id on monitoring_points (compound_id);

create table site_links (
  id uuid primary key,
  compound_id uuid not null references compounds (id),
  name text not null check (length(name) between 1 and 100),
  provider text,
  created_at timestamptz(3) not null
);
create index site_links_compound_id on site_links (compound_id);
