-- The waits offered at each touchpoint (served + abandoned, without those abandoned within
-- $short_abandon_ms), and how they compare with the promise.
--   offered, abandoned, sum_ms, quantiles_ms   all waits offered
--   promised                                   those to which a promise applies
--   painful                                    of them: served late, or abandoned
--   in_time, level_base                        service level = in_time / level_base
-- Touchpoints have no promises but their own here; waits_special.sql is for the others.
WITH places AS (
    SELECT unnest(CAST($codes AS VARCHAR[])) AS code, unnest(CAST($places AS INTEGER[])) AS place,
           unnest(CAST($own_ms AS BIGINT[])) AS own_ms
),
offered AS (
    SELECT places.place, wait_ms, outcome = 'served' AS served,
           own_ms AS promise_ms
    FROM waits
    JOIN places ON places.code = waits.touchpoint
    WHERE workspace_id = $workspace
      AND (outcome = 'served' OR wait_ms > $short_abandon_ms)
      AND occurred_at >= CAST($since AS TIMESTAMP)
      AND occurred_at < CAST($until AS TIMESTAMP)
      AND (len(CAST($channels AS VARCHAR[])) = 0 OR list_contains(CAST($channels AS VARCHAR[]), channel))
      AND (len(CAST($segments AS VARCHAR[])) = 0 OR list_contains(CAST($segments AS VARCHAR[]), segment))
      AND (len(CAST($units AS VARCHAR[])) = 0 OR list_contains(CAST($units AS VARCHAR[]), unit))
)
SELECT place,
       count(*) AS offered,
       count(*) FILTER (NOT served) AS abandoned,
       sum(wait_ms) AS sum_ms,
       quantile_cont(wait_ms, [0.5, 0.9, 0.95]) AS quantiles_ms,
       count(promise_ms) AS promised,
       count(promise_ms) FILTER (wait_ms > promise_ms OR NOT served) AS painful,
       count(promise_ms) FILTER (served AND wait_ms <= promise_ms) AS in_time,
       count(promise_ms) FILTER (served OR wait_ms > promise_ms) AS level_base
FROM offered
GROUP BY place
