-- The waits offered at one touchpoint, each a row: those that waits.sql counts there.
--   $among    "offered": all; "promised": those to which a promise applies; "level": of them those
--             that the service level is a share of
--   painful   served later than the promise that applies, or abandoned
--   counts    whether the row is one of the figure's x: $counted is painful, in_time or abandoned
-- The promise that applies is the most specific: segment and channel, segment, channel, own.
WITH special AS (
    SELECT unnest(CAST($special_segments AS VARCHAR[])) AS segment,
           unnest(CAST($special_channels AS VARCHAR[])) AS channel,
           unnest(CAST($special_ms AS BIGINT[])) AS ms
),
by_segment AS (SELECT segment, ms FROM special WHERE channel IS NULL),
by_channel AS (SELECT channel, ms FROM special WHERE segment IS NULL),
offered AS (
    SELECT import_id, row_no, occurred_at, touchpoint AS code, customer, case_id, waits.channel,
           waits.segment, unit, wait_ms, service_ms, outcome, outcome = 'served' AS served,
           coalesce(special.ms, by_segment.ms, by_channel.ms, CAST($own_ms AS BIGINT)) AS promise_ms
    FROM waits
    LEFT JOIN special ON special.segment = waits.segment AND special.channel = waits.channel
    LEFT JOIN by_segment ON by_segment.segment = waits.segment
    LEFT JOIN by_channel ON by_channel.channel = waits.channel
    WHERE workspace_id = $workspace
      AND list_contains(CAST($codes AS VARCHAR[]), touchpoint)
      AND (outcome = 'served' OR wait_ms > $short_abandon_ms)
      AND occurred_at >= CAST($since AS TIMESTAMP)
      AND occurred_at < CAST($until AS TIMESTAMP)
      AND (len(CAST($channels AS VARCHAR[])) = 0 OR list_contains(CAST($channels AS VARCHAR[]), waits.channel))
      AND (len(CAST($segments AS VARCHAR[])) = 0 OR list_contains(CAST($segments AS VARCHAR[]), waits.segment))
      AND (len(CAST($units AS VARCHAR[])) = 0 OR list_contains(CAST($units AS VARCHAR[]), unit))
)
SELECT import_id, row_no, occurred_at, code, customer, case_id, channel, segment, unit,
       wait_ms, service_ms, outcome, promise_ms, 1 AS weight,
       promise_ms IS NOT NULL AND (wait_ms > promise_ms OR NOT served) AS painful,
       CASE $counted
           WHEN 'in_time' THEN served AND wait_ms <= promise_ms
           WHEN 'abandoned' THEN NOT served
           ELSE promise_ms IS NOT NULL AND (wait_ms > promise_ms OR NOT served)
       END AS counts
FROM offered
WHERE $among = 'offered'
   OR (promise_ms IS NOT NULL AND ($among = 'promised' OR served OR wait_ms > promise_ms))
