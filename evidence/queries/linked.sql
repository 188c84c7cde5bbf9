-- Customers who answered both about the journey as a whole (metric $metric) and about at least one
-- of its touchpoints, within the scope; kept as the temporary table `linked` for linked_answers.sql.
--   who      a number from 0, in the order of the hashes, which is as good as at random
--   outcome  the customer's weighted mean answer about the journey, rescaled to 0 … 10, best is 10
--   weight   the mean weight of these answers
--   altogether  how many there are, also where only the first $most are taken
-- Scores are rescaled to whole millionths (one beyond its scale counts as its end), so that sums are exact in any order.
CREATE OR REPLACE TEMP TABLE linked AS
WITH places AS (
    SELECT unnest(CAST($codes AS VARCHAR[])) AS code
),
about_journey AS (
    SELECT customer,
           CAST(sum(weight * CAST(round(greatest(0.0, least(1.0,
               CASE WHEN $reversed THEN CAST($high AS DOUBLE) - score
                    ELSE score - CAST($low AS DOUBLE) END
               / (CAST($high AS DOUBLE) - CAST($low AS DOUBLE)))) * 1e7) AS DECIMAL(9, 0))) AS DOUBLE)
               / CAST(sum(weight) AS DOUBLE) / 1e6 AS outcome,
           CAST(sum(weight) AS DOUBLE) / count(*) AS weight
    FROM responses
    WHERE workspace_id = $workspace
      AND touchpoint IS NULL
      AND journey = $journey
      AND metric = $metric
      AND customer IS NOT NULL
      AND score IS NOT NULL
      AND weight > 0
      AND occurred_at >= CAST($since AS TIMESTAMP)
      AND occurred_at < CAST($until AS TIMESTAMP)
      AND (len(CAST($channels AS VARCHAR[])) = 0 OR list_contains(CAST($channels AS VARCHAR[]), channel))
      AND (len(CAST($segments AS VARCHAR[])) = 0 OR list_contains(CAST($segments AS VARCHAR[]), segment))
      AND (len(CAST($units AS VARCHAR[])) = 0 OR list_contains(CAST($units AS VARCHAR[]), unit))
    GROUP BY customer
),
about_touchpoints AS (
    SELECT DISTINCT customer
    FROM responses
    JOIN places ON places.code = responses.touchpoint
    WHERE workspace_id = $workspace
      AND list_contains(CAST($metrics AS VARCHAR[]), metric)
      AND customer IS NOT NULL
      AND score IS NOT NULL
      AND weight > 0
      AND occurred_at >= CAST($since AS TIMESTAMP)
      AND occurred_at < CAST($until AS TIMESTAMP)
      AND (len(CAST($channels AS VARCHAR[])) = 0 OR list_contains(CAST($channels AS VARCHAR[]), channel))
      AND (len(CAST($segments AS VARCHAR[])) = 0 OR list_contains(CAST($segments AS VARCHAR[]), segment))
      AND (len(CAST($units AS VARCHAR[])) = 0 OR list_contains(CAST($units AS VARCHAR[]), unit))
)
SELECT CAST(row_number() OVER (ORDER BY customer) - 1 AS INTEGER) AS who,
       customer, outcome, weight, count(*) OVER () AS altogether
FROM about_journey
SEMI JOIN about_touchpoints USING (customer)
QUALIFY row_number() OVER (ORDER BY customer) <= $most
