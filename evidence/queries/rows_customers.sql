-- The distinct customers who pass any touchpoint of the journey, each a row: those that
-- customers.sql counts.
--   passages                         how often they passed this touchpoint
--   counts                           they passed it at all
--   import_id, row_no, occurred_at   of the first passage here, or of the first anywhere
WITH passed AS (
    SELECT customer, occurred_at, import_id, row_no, touchpoint, case_id, channel, segment, unit,
           list_contains(CAST($codes AS VARCHAR[]), touchpoint) AS here
    FROM interactions
    WHERE workspace_id = $workspace
      AND customer IS NOT NULL
      AND list_contains(CAST($journey_codes AS VARCHAR[]), touchpoint)
      AND occurred_at >= CAST($since AS TIMESTAMP)
      AND occurred_at < CAST($until AS TIMESTAMP)
      AND (len(CAST($channels AS VARCHAR[])) = 0 OR list_contains(CAST($channels AS VARCHAR[]), channel))
      AND (len(CAST($segments AS VARCHAR[])) = 0 OR list_contains(CAST($segments AS VARCHAR[]), segment))
      AND (len(CAST($units AS VARCHAR[])) = 0 OR list_contains(CAST($units AS VARCHAR[]), unit))
),
customers AS (
    SELECT customer, count(*) FILTER (here) AS passages,
           arg_min(passed, row(NOT here, occurred_at, import_id, row_no)) AS one
    FROM passed
    GROUP BY customer
)
SELECT one.import_id AS import_id, one.row_no AS row_no, one.occurred_at AS occurred_at,
       one.touchpoint AS code, customer, one.case_id AS case_id, one.channel AS channel,
       one.segment AS segment, one.unit AS unit, passages, 1 AS weight,
       false AS painful, passages > 0 AS counts
FROM customers
