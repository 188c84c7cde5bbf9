-- Who passes each touchpoint, and who comes back.
--   passages    interactions with a known customer
--   customers   the distinct customers among them
--   repeated    passages whose customer had passed the same touchpoint at most $repeat_us
--               microseconds before, within the scope
-- (As many passages are followed by another within that time as follow one: the family `repeated`
-- may count either.)
WITH places AS (
    SELECT unnest(CAST($codes AS VARCHAR[])) AS code, unnest(CAST($places AS INTEGER[])) AS place
),
gaps AS (
    SELECT place,
           epoch_us(occurred_at)
               - lag(epoch_us(occurred_at)) OVER (PARTITION BY place, customer ORDER BY occurred_at)
               AS gap_us
    FROM interactions
    JOIN places ON places.code = interactions.touchpoint
    WHERE workspace_id = $workspace
      AND customer IS NOT NULL
      AND occurred_at >= CAST($since AS TIMESTAMP)
      AND occurred_at < CAST($until AS TIMESTAMP)
      AND (len(CAST($channels AS VARCHAR[])) = 0 OR list_contains(CAST($channels AS VARCHAR[]), channel))
      AND (len(CAST($segments AS VARCHAR[])) = 0 OR list_contains(CAST($segments AS VARCHAR[]), segment))
      AND (len(CAST($units AS VARCHAR[])) = 0 OR list_contains(CAST($units AS VARCHAR[]), unit))
)
SELECT place, count(*) AS passages, count(*) FILTER (gap_us IS NULL) AS customers,
       count(*) FILTER (gap_us <= $repeat_us) AS repeated
FROM gaps
GROUP BY place
