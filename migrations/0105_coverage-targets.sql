-- Targets of coverage. Every setting is a row; the newest before a moment held at that moment.

create table coverage_targets (
  id bigint generated always as identity primary key,
  area_id uuid not null references areas (id),
  kind text not null check (kind in ('A', 'B')),
  target double precision not null check (target between 0 and 1),
  set_at timestamptz(3) not null
);
create index coverage_targets_area_id on coverage_targets (area_id, kind, set_at);
