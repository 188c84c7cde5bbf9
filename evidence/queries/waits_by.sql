-- Waits to which a promise applies, and the painful among them, by segment, channel, unit and week:
-- the family `waited`, as waits_special.sql counts it.
-- One row for each touchpoint and value of a dimension (the other dimensions are null); a week is
-- given by its place among $bounds, see week_of.sql.
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
    SELECT places.place, waits.segment, waits.channel, unit,
           week_of(occurred_at, CAST($bounds AS TIMESTAMP[])) AS week,
           coalesce(special.ms, by_segment.ms, by_channel.ms, own_ms) AS promise_ms,
           wait_ms, outcome = 'served' AS served
    FROM waits
    JOIN places ON places.code = waits.touchpoint
    LEFT JOIN special ON special.place = places.place
        AND special.segment = waits.segment AND special.channel = waits.channel
    LEFT JOIN by_segment ON by_segment.place = places.place AND by_segment.segment = waits.segment
    LEFT JOIN by_channel ON by_channel.place = places.place AND by_channel.channel = waits.channel
    WHERE workspace_id = $workspace
      AND occurred_at >= CAST($since AS TIMESTAMP)
      AND occurred_at < CAST($until AS TIMESTAMP)
      AND (len(CAST($channels AS VARCHAR[])) = 0 OR list_contains(CAST($channels AS VARCHAR[]), waits.channel))
      AND (len(CAST($segments AS VARCHAR[])) = 0 OR list_contains(CAST($segments AS VARCHAR[]), waits.segment))
      AND (len(CAST($units AS VARCHAR[])) = 0 OR list_contains(CAST($units AS VARCHAR[]), unit))
      AND (outcome = 'served' OR wait_ms > $short_abandon_ms)
)
SELECT place, segment, channel, unit, week,
       count(*) FILTER (wait_ms > promise_ms OR NOT served) AS painful, count(*) AS promised
FROM offered
WHERE promise_ms IS NOT NULL
GROUP BY GROUPING SETS ((place, segment), (place, channel), (place, unit), (place, week))
