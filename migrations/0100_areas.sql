-- The tree of areas: district, street office, community, grid.

create table areas (
  id uuid primary key,
  parent_id uuid references areas (id),
  kind text not null check (kind in ('district', 'street-office', 'community', 'grid')),
  name text not null check (length(name) between 1 and 100),
  division_code text check (division_code ~ '^(\d{6}|\d{9}|\d{12})$'),
  created_at timestamptz(3) not null,
  removed_at timestamptz(3),
  check (parent_id <> id)
);
comment on column areas.parent_id is 'Null for a root';
comment on column areas.division_code is 'Statistical division code of 6, 9 or 12 digits; null where there is none';
comment on column areas.removed_at is 'Null while it exists; removed areas stay for history';
create index areas_parent_id on areas (parent_id);
create unique index areas_division_code on areas (division_code) where removed_at is null;
