-- The waits offered at each touchpoint (as in waits_special.sql) by hour of the week, where people
-- are: 24 · weekday + hour, Monday's midnight hour is 0. $from_at, $to_at and $offset_s are the
-- spans in which the workspace's clocks kept one distance from UTC (`_clock` in hours.py).
--   wait_ms, wait_ms2      sum, and sum of squares, of all waits offered
--   service_n, service_ms  of those served with a known service time
--   in_time, served_late, gave_up_in_time, gave_up_late   those to which a promise applies
--   served_within          served waits by length: upper ends are $limits_ms, one list a touchpoint
WITH places AS (
    SELECT unnest(CAST($codes AS VARCHAR[])) AS code, unnest(CAST($places AS INTEGER[])) AS place,
           unnest(CAST($own_ms AS BIGINT[])) AS own_ms,
           unnest(CAST($limits_ms AS BIGINT[][])) AS limits_ms
),
clock AS (
    SELECT unnest(CAST($from_at AS TIMESTAMP[])) AS from_at,
           unnest(CAST($to_at AS TIMESTAMP[])) AS to_at,
           unnest(CAST($offset_s AS BIGINT[])) AS offset_s
),
special AS (
    SELECT unnest(CAST($special_places AS INTEGER[])) AS place,
           unnest(CAST($special_segments AS VARCHAR[])) AS segment,
           unnest(CAST($special_channels AS VARCHAR[])) AS channel,
           unnest(CAST($special_ms AS BIGINT[])) AS ms
),
by_segment AS (SELECT place, segment, ms FROM special WHERE channel IS NULL),
by_channel AS (SELECT place, channel, ms FROM special WHERE segment IS NULL),
offered AS (
    SELECT places.place, limits_ms,
           occurred_at + to_seconds(offset_s) AS local_at,
           wait_ms, service_ms, outcome = 'served' AS served,
           coalesce(special.ms, by_segment.ms, by_channel.ms, own_ms) AS promise_ms
    FROM waits
    JOIN places ON places.code = waits.touchpoint
    JOIN clock ON occurred_at >= from_at AND occurred_at < to_at
    LEFT JOIN special ON special.place = places.place
        AND special.segment = waits.segment AND special.channel = waits.channel
    LEFT JOIN by_segment ON by_segment.place = places.place AND by_segment.segment = waits.segment
    LEFT JOIN by_channel ON by_channel.place = places.place AND by_channel.channel = waits.channel
    WHERE workspace_id = $workspace
      AND (outcome = 'served' OR wait_ms > $short_abandon_ms)
      AND occurred_at >= CAST($since AS TIMESTAMP)
      AND occurred_at < CAST($until AS TIMESTAMP)
      AND (len(CAST($channels AS VARCHAR[])) = 0 OR list_contains(CAST($channels AS VARCHAR[]), waits.channel))
      AND (len(CAST($segments AS VARCHAR[])) = 0 OR list_contains(CAST($segments AS VARCHAR[]), waits.segment))
      AND (len(CAST($units AS VARCHAR[])) = 0 OR list_contains(CAST($units AS VARCHAR[]), unit))
)
SELECT place,
       24 * (isodow(local_at) - 1) + hour(local_at) AS hour_of_week,
       count(*) AS offered,
       count(*) FILTER (NOT served) AS abandoned,
       sum(wait_ms) AS wait_ms,
       sum(CAST(wait_ms AS HUGEINT) * wait_ms) AS wait_ms2,
       count(service_ms) FILTER (served) AS service_n,
       coalesce(sum(service_ms) FILTER (served), 0) AS service_ms,
       count(promise_ms) FILTER (served AND wait_ms <= promise_ms) AS in_time,
       count(promise_ms) FILTER (served AND wait_ms > promise_ms) AS served_late,
       count(promise_ms) FILTER (NOT served AND wait_ms <= promise_ms) AS gave_up_in_time,
       count(promise_ms) FILTER (NOT served AND wait_ms > promise_ms) AS gave_up_late,
       histogram(wait_ms, limits_ms) FILTER (served) AS served_within
FROM offered
GROUP BY ALL
ORDER BY place, hour_of_week
