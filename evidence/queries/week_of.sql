-- The week in which a moment lies: its place among `bounds`, the beginnings of weeks in the
-- workspace's time zone as times in UTC, one after the other. Most weeks are seven days long; those
-- in which summer time begins or ends are not, so the neighbours of the guess are looked at.
CREATE OR REPLACE TEMP MACRO week_guess(moment, bounds) AS
    CAST((epoch_us(moment) - epoch_us(list_extract(bounds, 1))) // 604800000000 AS INTEGER);
CREATE OR REPLACE TEMP MACRO week_of(moment, bounds) AS
    week_guess(moment, bounds)
    - CAST(moment < list_extract(bounds, week_guess(moment, bounds) + 1) AS INTEGER)
    + CAST(moment >= list_extract(bounds, week_guess(moment, bounds) + 2) AS INTEGER)
