-- The passages of one touchpoint by known customers, each a row: those that passages.sql counts.
--   gap_us    microseconds since the same customer's passage before, within the scope
--   painful   that is at most $repeat_us: the customer came again
WITH here AS (
    SELECT import_id, row_no, occurred_at, touchpoint AS code, customer, case_id, channel, segment,
           unit, outcome,
           epoch_us(occurred_at) - lag(epoch_us(occurred_at)) OVER (
               PARTITION BY customer ORDER BY occurred_at, import_id, row_no
           ) AS gap_us
    FROM interactions
    WHERE workspace_id = $workspace
      AND list_contains(CAST($codes AS VARCHAR[]), touchpoint)
      AND customer IS NOT NULL
      AND occurred_at >= CAST($since AS TIMESTAMP)
      AND occurred_at < CAST($until AS TIMESTAMP)
      AND (len(CAST($channels AS VARCHAR[])) = 0 OR list_contains(CAST($channels AS VARCHAR[]), channel))
      AND (len(CAST($segments AS VARCHAR[])) = 0 OR list_contains(CAST($segments AS VARCHAR[]), segment))
      AND (len(CAST($units AS VARCHAR[])) = 0 OR list_contains(CAST($units AS VARCHAR[]), unit))
)
SELECT *, 1 AS weight, coalesce(gap_us <= $repeat_us, false) AS painful,
       coalesce(gap_us <= $repeat_us, false) AS counts
FROM here
