-- The first and the last moment of the workspace's evidence within the period, whatever it is about:
-- to ask for some touchpoints only would read many times as much.
WITH moments AS (
    SELECT min(occurred_at) AS first_at, max(occurred_at) AS last_at FROM responses
    WHERE workspace_id = $workspace
      AND occurred_at >= CAST($since AS TIMESTAMP)
      AND occurred_at < CAST($until AS TIMESTAMP)
    UNION ALL
    SELECT min(occurred_at) AS first_at, max(occurred_at) AS last_at FROM waits
    WHERE workspace_id = $workspace
      AND occurred_at >= CAST($since AS TIMESTAMP)
      AND occurred_at < CAST($until AS TIMESTAMP)
    UNION ALL
    SELECT min(occurred_at) AS first_at, max(occurred_at) AS last_at FROM interactions
    WHERE workspace_id = $workspace
      AND occurred_at >= CAST($since AS TIMESTAMP)
      AND occurred_at < CAST($until AS TIMESTAMP)
)
SELECT min(first_at), max(last_at) FROM moments
