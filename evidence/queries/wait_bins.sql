-- How the waits offered at each touchpoint are spread: exact counts by bin, served and abandoned.
-- Waits offered are those of waits.sql: served + abandoned after more than $short_abandon_ms.
--   bin        k holds waits longer than k and up to k + 1 widths; 0 holds those of no time, too;
--              the last ($last_bin) holds all longer ones
-- Each touchpoint has its own width ($width_ms).
WITH places AS (
    SELECT unnest(CAST($codes AS VARCHAR[])) AS code, unnest(CAST($places AS INTEGER[])) AS place,
           unnest(CAST($width_ms AS BIGINT[])) AS width_ms
)
SELECT place,
       least(greatest((wait_ms + width_ms - 1) // width_ms - 1, 0), $last_bin) AS bin,
       count(*) FILTER (outcome = 'served') AS served,
       count(*) FILTER (outcome <> 'served') AS abandoned
FROM waits
JOIN places ON places.code = waits.touchpoint
WHERE workspace_id = $workspace
  AND (outcome = 'served' OR wait_ms > $short_abandon_ms)
  AND occurred_at >= CAST($since AS TIMESTAMP)
  AND occurred_at < CAST($until AS TIMESTAMP)
  AND (len(CAST($channels AS VARCHAR[])) = 0 OR list_contains(CAST($channels AS VARCHAR[]), channel))
  AND (len(CAST($segments AS VARCHAR[])) = 0 OR list_contains(CAST($segments AS VARCHAR[]), segment))
  AND (len(CAST($units AS VARCHAR[])) = 0 OR list_contains(CAST($units AS VARCHAR[]), unit))
GROUP BY ALL
ORDER BY ALL
