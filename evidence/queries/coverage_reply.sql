-- Of the known customers who passed a touchpoint between $since and $until, how many answered about
-- it in that time: x of n by place, and in the row without place all of them together.
WITH places AS (
    SELECT unnest(CAST($codes AS VARCHAR[])) AS code, unnest(CAST($places AS INTEGER[])) AS place
),
passed AS (
    SELECT DISTINCT place, customer
    FROM interactions JOIN places ON places.code = interactions.touchpoint
    WHERE workspace_id = $workspace AND customer IS NOT NULL
      AND occurred_at >= CAST($since AS TIMESTAMP) AND occurred_at <= CAST($until AS TIMESTAMP)
),
answered AS (
    SELECT DISTINCT place, customer
    FROM responses JOIN places ON places.code = responses.touchpoint
    WHERE workspace_id = $workspace AND customer IS NOT NULL
      AND occurred_at >= CAST($since AS TIMESTAMP) AND occurred_at <= CAST($until AS TIMESTAMP)
)
SELECT place, count(answered.customer) AS x, count(*) AS n,
       (SELECT count(*) FROM answered) AS answering
FROM passed LEFT JOIN answered USING (place, customer)
GROUP BY GROUPING SETS ((place), ())
ORDER BY place
