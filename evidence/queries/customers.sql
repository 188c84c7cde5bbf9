-- The distinct customers who pass any touchpoint of a journey: the denominator of reach.
-- $numbers tells the journey of each code.
WITH places AS (
    SELECT DISTINCT unnest(CAST($codes AS VARCHAR[])) AS code, unnest(CAST($numbers AS INTEGER[])) AS number
)
SELECT number, count(DISTINCT customer) AS customers
FROM interactions
JOIN places ON places.code = interactions.touchpoint
WHERE workspace_id = $workspace
  AND occurred_at >= CAST($since AS TIMESTAMP)
  AND occurred_at < CAST($until AS TIMESTAMP)
  AND (len(CAST($channels AS VARCHAR[])) = 0 OR list_contains(CAST($channels AS VARCHAR[]), channel))
  AND (len(CAST($segments AS VARCHAR[])) = 0 OR list_contains(CAST($segments AS VARCHAR[]), segment))
  AND (len(CAST($units AS VARCHAR[])) = 0 OR list_contains(CAST($units AS VARCHAR[]), unit))
GROUP BY number
