-- The days, where people are, on which anybody waited at a touchpoint (waits offered, as in
-- waits.sql), with the first and the last hour of the day at which somebody came.
-- $from_at, $to_at, $offset_s: as in waits_by_hour.sql.
WITH places AS (
    SELECT unnest(CAST($codes AS VARCHAR[])) AS code, unnest(CAST($places AS INTEGER[])) AS place
),
clock AS (
    SELECT unnest(CAST($from_at AS TIMESTAMP[])) AS from_at,
           unnest(CAST($to_at AS TIMESTAMP[])) AS to_at,
           unnest(CAST($offset_s AS BIGINT[])) AS offset_s
)
SELECT place, CAST(occurred_at + to_seconds(offset_s) AS DATE) AS day,
       min(hour(occurred_at + to_seconds(offset_s))) AS first_hour,
       max(hour(occurred_at + to_seconds(offset_s))) AS last_hour
FROM waits
JOIN places ON places.code = waits.touchpoint
JOIN clock ON occurred_at >= from_at AND occurred_at < to_at
WHERE workspace_id = $workspace
  AND (outcome = 'served' OR wait_ms > $short_abandon_ms)
  AND occurred_at >= CAST($since AS TIMESTAMP)
  AND occurred_at < CAST($until AS TIMESTAMP)
  AND (len(CAST($channels AS VARCHAR[])) = 0 OR list_contains(CAST($channels AS VARCHAR[]), channel))
  AND (len(CAST($segments AS VARCHAR[])) = 0 OR list_contains(CAST($segments AS VARCHAR[]), segment))
  AND (len(CAST($units AS VARCHAR[])) = 0 OR list_contains(CAST($units AS VARCHAR[]), unit))
GROUP BY ALL
ORDER BY place, day
