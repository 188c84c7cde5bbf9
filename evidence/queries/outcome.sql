-- What was answered about journeys as a whole: answers that name the journey and no touchpoint;
-- the same columns as answers.sql, with the journey instead of the place.
SELECT journey, metric, score, count(*) AS n,
       -- Most answers weigh 1: counting those apart spares them the wide products.
       CASE WHEN count(*) FILTER (weight = 1) < count(*) THEN
           count(*) FILTER (weight = 1) + coalesce(sum(CASE WHEN weight <> 1 THEN weight END), 0)
       END AS w,
       CASE WHEN count(*) FILTER (weight = 1) < count(*) THEN
           count(*) FILTER (weight = 1)
               + coalesce(sum(CASE WHEN weight <> 1 THEN weight * weight END), 0)
       END AS w2
FROM responses
WHERE workspace_id = $workspace
  AND touchpoint IS NULL
  AND list_contains(CAST($journeys AS VARCHAR[]), journey)
  AND score IS NOT NULL
  AND occurred_at >= CAST($since AS TIMESTAMP)
  AND occurred_at < CAST($until AS TIMESTAMP)
  AND (len(CAST($channels AS VARCHAR[])) = 0 OR list_contains(CAST($channels AS VARCHAR[]), channel))
  AND (len(CAST($segments AS VARCHAR[])) = 0 OR list_contains(CAST($segments AS VARCHAR[]), segment))
  AND (len(CAST($units AS VARCHAR[])) = 0 OR list_contains(CAST($units AS VARCHAR[]), unit))
GROUP BY ALL
