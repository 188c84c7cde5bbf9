-- The waits offered at each touchpoint (served + abandoned, without those abandoned within
-- $short_abandon_ms), and how they compare with the promise.
--   offered, abandoned, sum_ms, quantiles_ms   all waits offered
--   promised                                   those to which a promise applies
--   painful                                    of them: served late, or abandoned
--   in_time, level_base                        service level = in_time / level_base
-- The promise that applies is the most specific: segment and channel, segment, channel, own.
-- waits.sql asks the same where touchpoints have no promises but their own: without three joins
-- over every row it is a good tenth faster.
WITH places AS (
    SELECT unnest(CAST($codes AS VARCHAR[])) AS code, unnest(CAST($places AS INTEGER[])) AS place,
           unnest(CAST($own_ms AS BIGINT[])) AS own_ms
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
    SELECT places.place, wait_ms, outcome = 'served' AS served,
           coalesce(special.ms, by_segment.ms, by_channel.ms, own_ms) AS promise_ms
    FROM waits
    JOIN places ON places.code = waits.touchpoint
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
       count(*) AS offered,
       count(*) FILTER (NOT served) AS abandoned,
       sum(wait_ms) AS sum_ms,
       quantile_cont(wait_ms, [0.5, 0.9, 0.95]) AS quantiles_ms,
       count(promise_ms) AS promised,
       count(promise_ms) FILTER (wait_ms > promise_ms OR NOT served) AS painful,
       count(promise_ms) FILTER (served AND wait_ms <= promise_ms) AS in_time,
       count(promise_ms) FILTER (served OR wait_ms > promise_ms) AS level_base
FROM offered
GROUP BY place
