-- The answers with a score about the journey as a whole, each a row: those that outcome.sql counts.
--   painful   at or beyond the metric's threshold
--   counts    whether the row is one of the figure's x: good answers ($count_good), else painful
WITH scales AS (
    SELECT unnest(CAST($metrics AS VARCHAR[])) AS metric,
           unnest(CAST($at_most AS DECIMAL(9,3)[])) AS at_most,
           unnest(CAST($at_least AS DECIMAL(9,3)[])) AS at_least,
           unnest(CAST($good AS DECIMAL(9,3)[])) AS good
)
SELECT import_id, row_no, occurred_at, touchpoint AS code, customer, case_id, channel, segment, unit,
       metric, score, weight,
       coalesce(score <= at_most, score >= at_least) AS painful,
       CASE WHEN $count_good THEN score >= good
            ELSE coalesce(score <= at_most, score >= at_least) END AS counts
FROM responses
JOIN scales USING (metric)
WHERE workspace_id = $workspace
  AND touchpoint IS NULL
  AND journey = $journey
  AND score IS NOT NULL
  AND occurred_at >= CAST($since AS TIMESTAMP)
  AND occurred_at < CAST($until AS TIMESTAMP)
  AND (len(CAST($channels AS VARCHAR[])) = 0 OR list_contains(CAST($channels AS VARCHAR[]), channel))
  AND (len(CAST($segments AS VARCHAR[])) = 0 OR list_contains(CAST($segments AS VARCHAR[]), segment))
  AND (len(CAST($units AS VARCHAR[])) = 0 OR list_contains(CAST($units AS VARCHAR[]), unit))
