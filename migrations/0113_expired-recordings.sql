-- Until when the recordings of a camera were deleted as they should be, so that their time is not called unexplained.

alter table first_recordings add column expired_until timestamptz(3);
comment on column first_recordings.expired_until is 'Latest end of a file that retention or quota took; null when none was';
