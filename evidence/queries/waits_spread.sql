-- How the waits offered at each touchpoint (as in waits.sql) are spread around their mean.
--   sum_ms, sum_ms2   sum, and sum of squares
WITH places AS (
    SELECT unnest(CAST($codes AS VARCHAR[])) AS code, unnest(CAST($places AS INTEGER[])) AS place
)
SELECT place, count(*) AS offered, sum(wait_ms) AS sum_ms,
       sum(CAST(wait_ms AS HUGEINT) * wait_ms) AS sum_ms2
FROM waits
JOIN places ON places.code = waits.touchpoint
WHERE workspace_id = $workspace
  AND (outcome = 'served' OR wait_ms > $short_abandon_ms)
  AND occurred_at >= CAST($since AS TIMESTAMP)
  AND occurred_at < CAST($until AS TIMESTAMP)
  AND (len(CAST($channels AS VARCHAR[])) = 0 OR list_contains(CAST($channels AS VARCHAR[]), channel))
  AND (len(CAST($segments AS VARCHAR[])) = 0 OR list_contains(CAST($segments AS VARCHAR[]), segment))
  AND (len(CAST($units AS VARCHAR[])) = 0 OR list_contains(CAST($units AS VARCHAR[]), unit))
GROUP BY place
ORDER BY place
