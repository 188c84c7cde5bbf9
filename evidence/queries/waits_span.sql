-- The first and the last moment at which anybody waited at one of these touchpoints.
WITH codes AS (SELECT unnest(CAST($codes AS VARCHAR[])) AS code)
SELECT min(occurred_at), max(occurred_at)
FROM waits
SEMI JOIN codes ON codes.code = waits.touchpoint
WHERE workspace_id = $workspace
  AND occurred_at >= CAST($since AS TIMESTAMP)
  AND occurred_at < CAST($until AS TIMESTAMP)
