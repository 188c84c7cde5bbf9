-- The distinct customers who pass any touchpoint of the journey: the denominator of reach.
WITH places AS (SELECT unnest(CAST($codes AS VARCHAR[])) AS code)
SELECT count(DISTINCT customer) AS customers
FROM interactions
SEMI JOIN places ON places.code = interactions.touchpoint
WHERE workspace_id = $workspace
  AND occurred_at >= CAST($since AS TIMESTAMP)
  AND occurred_at < CAST($until AS TIMESTAMP)
  AND (len(CAST($channels AS VARCHAR[])) = 0 OR list_contains(CAST($channels AS VARCHAR[]), channel))
  AND (len(CAST($segments AS VARCHAR[])) = 0 OR list_contains(CAST($segments AS VARCHAR[]), segment))
  AND (len(CAST($units AS VARCHAR[])) = 0 OR list_contains(CAST($units AS VARCHAR[]), unit))
