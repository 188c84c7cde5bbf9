-- How long customers waited before they gave up or were served, by segment: waits offered (as in
-- waits.sql) counted by their length.
--   segment   null where the row names none
--   at_ms     length, rounded up: to whole seconds up to 10 minutes, 5 s up to 1 hour, a minute up
--             to 10 hours, an hour beyond; less than 1% of it wherever it is more than a second
--   gave_up, served   how many waits of that length ended so
WITH places AS (
    SELECT unnest(CAST($codes AS VARCHAR[])) AS code, unnest(CAST($places AS INTEGER[])) AS place
),
offered AS (
    SELECT place, segment, outcome = 'served' AS served, wait_ms,
           CASE WHEN wait_ms <= 600000 THEN 1000 WHEN wait_ms <= 3600000 THEN 5000
                WHEN wait_ms <= 36000000 THEN 60000 ELSE 3600000 END AS step_ms
    FROM waits
    JOIN places ON places.code = waits.touchpoint
    WHERE workspace_id = $workspace
      AND (outcome = 'served' OR wait_ms > $short_abandon_ms)
      AND occurred_at >= CAST($since AS TIMESTAMP)
      AND occurred_at < CAST($until AS TIMESTAMP)
      AND (len(CAST($channels AS VARCHAR[])) = 0 OR list_contains(CAST($channels AS VARCHAR[]), channel))
      AND (len(CAST($segments AS VARCHAR[])) = 0 OR list_contains(CAST($segments AS VARCHAR[]), segment))
      AND (len(CAST($units AS VARCHAR[])) = 0 OR list_contains(CAST($units AS VARCHAR[]), unit))
)
SELECT place, segment, greatest((wait_ms + step_ms - 1) // step_ms, 0) * step_ms AS at_ms,
       count(*) FILTER (NOT served) AS gave_up, count(*) FILTER (served) AS served
FROM offered
GROUP BY ALL
ORDER BY place, segment NULLS FIRST, at_ms
