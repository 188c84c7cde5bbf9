-- The first and the last moment at which the scope has evidence of these touchpoints.
WITH codes AS (SELECT unnest(CAST($codes AS VARCHAR[])) AS code),
moments AS (
    SELECT min(occurred_at) AS first_at, max(occurred_at) AS last_at FROM responses
    SEMI JOIN codes ON codes.code = responses.touchpoint
    WHERE workspace_id = $workspace
      AND occurred_at >= CAST($since AS TIMESTAMP)
      AND occurred_at < CAST($until AS TIMESTAMP)
      AND (len(CAST($channels AS VARCHAR[])) = 0 OR list_contains(CAST($channels AS VARCHAR[]), channel))
      AND (len(CAST($segments AS VARCHAR[])) = 0 OR list_contains(CAST($segments AS VARCHAR[]), segment))
      AND (len(CAST($units AS VARCHAR[])) = 0 OR list_contains(CAST($units AS VARCHAR[]), unit))
    UNION ALL
    SELECT min(occurred_at) AS first_at, max(occurred_at) AS last_at FROM waits
    SEMI JOIN codes ON codes.code = waits.touchpoint
    WHERE workspace_id = $workspace
      AND occurred_at >= CAST($since AS TIMESTAMP)
      AND occurred_at < CAST($until AS TIMESTAMP)
      AND (len(CAST($channels AS VARCHAR[])) = 0 OR list_contains(CAST($channels AS VARCHAR[]), channel))
      AND (len(CAST($segments AS VARCHAR[])) = 0 OR list_contains(CAST($segments AS VARCHAR[]), segment))
      AND (len(CAST($units AS VARCHAR[])) = 0 OR list_contains(CAST($units AS VARCHAR[]), unit))
    UNION ALL
    SELECT min(occurred_at) AS first_at, max(occurred_at) AS last_at FROM interactions
    SEMI JOIN codes ON codes.code = interactions.touchpoint
    WHERE workspace_id = $workspace
      AND occurred_at >= CAST($since AS TIMESTAMP)
      AND occurred_at < CAST($until AS TIMESTAMP)
      AND (len(CAST($channels AS VARCHAR[])) = 0 OR list_contains(CAST($channels AS VARCHAR[]), channel))
      AND (len(CAST($segments AS VARCHAR[])) = 0 OR list_contains(CAST($segments AS VARCHAR[]), segment))
      AND (len(CAST($units AS VARCHAR[])) = 0 OR list_contains(CAST($units AS VARCHAR[]), unit))
)
SELECT min(first_at), max(last_at) FROM moments
