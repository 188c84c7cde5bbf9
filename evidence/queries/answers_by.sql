-- Painful answers by segment, channel, unit and week: the family `felt` (answers.sql, answers.py).
-- One row for each touchpoint and value of a dimension (the other dimensions are null); a week is
-- given by its place among $bounds, see week_of.sql.
--   painful, w, w2   sums of weights: of painful answers, of all, and of their squares
-- Painful are answers up to a scale's $at_most or from its $at_least, whichever it has.
WITH places AS (
    SELECT unnest(CAST($codes AS VARCHAR[])) AS code, unnest(CAST($places AS INTEGER[])) AS place
),
scales AS (
    SELECT unnest(CAST($metrics AS VARCHAR[])) AS metric,
           unnest(CAST($at_most AS DECIMAL(9, 3)[])) AS at_most,
           unnest(CAST($at_least AS DECIMAL(9, 3)[])) AS at_least
),
answers AS (
    SELECT place, segment, channel, unit, week_of(occurred_at, CAST($bounds AS TIMESTAMP[])) AS week,
           coalesce(score <= at_most, score >= at_least, false) AS hurts,
           CASE WHEN weight <> 1 THEN weight END AS other
    FROM responses
    JOIN places ON places.code = responses.touchpoint
    JOIN scales ON scales.metric = responses.metric
    WHERE workspace_id = $workspace
      AND occurred_at >= CAST($since AS TIMESTAMP)
      AND occurred_at < CAST($until AS TIMESTAMP)
      AND (len(CAST($channels AS VARCHAR[])) = 0 OR list_contains(CAST($channels AS VARCHAR[]), channel))
      AND (len(CAST($segments AS VARCHAR[])) = 0 OR list_contains(CAST($segments AS VARCHAR[]), segment))
      AND (len(CAST($units AS VARCHAR[])) = 0 OR list_contains(CAST($units AS VARCHAR[]), unit))
      AND score IS NOT NULL
)
-- Most answers weigh 1: counting those apart spares them the wide sums.
SELECT place, segment, channel, unit, week,
       CAST(count(*) FILTER (hurts AND other IS NULL)
           + coalesce(sum(other) FILTER (hurts), 0) AS DOUBLE) AS painful,
       CAST(count(*) FILTER (other IS NULL) + coalesce(sum(other), 0) AS DOUBLE) AS w,
       CAST(count(*) FILTER (other IS NULL) + coalesce(sum(other * other), 0) AS DOUBLE) AS w2
FROM answers
GROUP BY GROUPING SETS ((place, segment), (place, channel), (place, unit), (place, week))
