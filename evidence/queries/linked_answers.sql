-- What each customer of `linked` (linked.sql) answered at each touchpoint, within the scope: the
-- weighted mean of all answers with a score, all metrics together, each rescaled to 0 … 10, best is
-- 10. One row for each customer and touchpoint.
WITH places AS (
    SELECT unnest(CAST($codes AS VARCHAR[])) AS code, unnest(CAST($places AS INTEGER[])) AS place
),
scales AS (
    SELECT unnest(CAST($metrics AS VARCHAR[])) AS metric,
           unnest(CAST($lows AS DOUBLE[])) AS low, unnest(CAST($highs AS DOUBLE[])) AS high,
           unnest(CAST($are_reversed AS BOOLEAN[])) AS is_reversed
),
answers AS (
    SELECT who, place, responses.weight AS weight,
           CAST(round(greatest(0.0, least(1.0,
               CASE WHEN is_reversed THEN high - score ELSE score - low END / (high - low)))
               * 1e7) AS DECIMAL(9, 0)) AS millionths
    FROM responses
    JOIN places ON places.code = responses.touchpoint
    JOIN scales ON scales.metric = responses.metric
    JOIN linked ON linked.customer = responses.customer
    WHERE workspace_id = $workspace
      AND score IS NOT NULL
      AND responses.weight > 0
      AND occurred_at >= CAST($since AS TIMESTAMP)
      AND occurred_at < CAST($until AS TIMESTAMP)
      AND (len(CAST($channels AS VARCHAR[])) = 0 OR list_contains(CAST($channels AS VARCHAR[]), channel))
      AND (len(CAST($segments AS VARCHAR[])) = 0 OR list_contains(CAST($segments AS VARCHAR[]), segment))
      AND (len(CAST($units AS VARCHAR[])) = 0 OR list_contains(CAST($units AS VARCHAR[]), unit))
)
SELECT who, place,
       CAST(sum(weight * millionths) AS DOUBLE) / CAST(sum(weight) AS DOUBLE) / 1e6 AS answer
FROM answers
GROUP BY who, place
