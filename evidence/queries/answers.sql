-- What was answered at each touchpoint: every score of every metric with its number of answers,
-- sum of weights and sum of squared weights. Everything that is told of answers (docs/methods.md,
-- `felt`, NPS, CSAT, CES, feeling) follows from it exactly. Answers with a comment but no score
-- are not counted. Sums are over DECIMAL, so the order of rows changes nothing; they are NULL where
-- every answer weighs 1, for then both are n.
WITH places AS (
    SELECT unnest(CAST($codes AS VARCHAR[])) AS code, unnest(CAST($places AS INTEGER[])) AS place
)
SELECT place, metric, score, count(*) AS n,
       -- Most answers weigh 1: counting those apart spares them the wide products.
       CASE WHEN count(*) FILTER (weight = 1) < count(*) THEN
           count(*) FILTER (weight = 1) + coalesce(sum(CASE WHEN weight <> 1 THEN weight END), 0)
       END AS w,
       CASE WHEN count(*) FILTER (weight = 1) < count(*) THEN
           count(*) FILTER (weight = 1)
               + coalesce(sum(CASE WHEN weight <> 1 THEN weight * weight END), 0)
       END AS w2
FROM responses
JOIN places ON places.code = responses.touchpoint
WHERE workspace_id = $workspace
  AND score IS NOT NULL
  AND occurred_at >= CAST($since AS TIMESTAMP)
  AND occurred_at < CAST($until AS TIMESTAMP)
  AND (len(CAST($channels AS VARCHAR[])) = 0 OR list_contains(CAST($channels AS VARCHAR[]), channel))
  AND (len(CAST($segments AS VARCHAR[])) = 0 OR list_contains(CAST($segments AS VARCHAR[]), segment))
  AND (len(CAST($units AS VARCHAR[])) = 0 OR list_contains(CAST($units AS VARCHAR[]), unit))
GROUP BY ALL
