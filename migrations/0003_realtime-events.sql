-- Outbox of realtime events: written in the transaction of the change they tell of, sent after it, replayed to clients that were away.

create table realtime_events (
  id bigint generated always as identity primary key,
  at timestamptz(3) not null,
  name text not null,
  payload jsonb not null
);
comment on column realtime_events.id is 'Grows in the order of commits: writers take a lock before the number is drawn';
comment on column realtime_events.payload is 'The event without id, at and name';
create index realtime_events_at on realtime_events (at);
