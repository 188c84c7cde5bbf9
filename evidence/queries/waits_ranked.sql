-- The waits offered at each touchpoint (as in waits.sql) that stand at some places in the order of
-- their length: $shares between 0 and 1, the same for all touchpoints; (k − ½) / n is the k-th of n.
WITH places AS (
    SELECT unnest(CAST($codes AS VARCHAR[])) AS code, unnest(CAST($places AS INTEGER[])) AS place
)
SELECT place, quantile_disc(wait_ms, CAST($shares AS DOUBLE[])) AS ranked_ms
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
