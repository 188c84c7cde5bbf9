-- The journey instances that reached one touchpoint within the scope, each a row: those that
-- lost.sql counts there (its comment tells how an instance and its ending are read).
--   import_id, row_no, occurred_at   of the instance's last passage here within the scope
--   ended_code, ended_at             where and when the whole journey ended, as far as evidence goes
--   painful                          it ended here, and never passed a touchpoint that means success
WITH places AS (
    SELECT unnest(CAST($codes AS VARCHAR[])) AS code, unnest(CAST($places AS INTEGER[])) AS place,
           unnest(CAST($on_map AS BOOLEAN[])) AS on_map, unnest(CAST($goals AS BOOLEAN[])) AS is_goal
),
reached AS (
    SELECT coalesce(case_id, CAST(customer AS VARCHAR)) AS instance, place, on_map, is_goal,
           max(occurred_at) AS last_at,
           arg_max(touchpoint, row(occurred_at, import_id, row_no)) AS last_code,
           -- Of passages at one moment lost_by.sql takes the same one.
           arg_max(
               struct_pack(
                   import_id := import_id, row_no := row_no, occurred_at := occurred_at,
                   code := touchpoint, customer := customer, case_id := case_id,
                   channel := channel, segment := segment, unit := unit
               ),
               row(occurred_at, segment, channel, unit, import_id, row_no)
           ) FILTER (
               occurred_at >= CAST($since AS TIMESTAMP)
               AND occurred_at < CAST($until AS TIMESTAMP)
               AND (len(CAST($channels AS VARCHAR[])) = 0 OR coalesce(list_contains(CAST($channels AS VARCHAR[]), channel), false))
               AND (len(CAST($segments AS VARCHAR[])) = 0 OR coalesce(list_contains(CAST($segments AS VARCHAR[]), segment), false))
               AND (len(CAST($units AS VARCHAR[])) = 0 OR coalesce(list_contains(CAST($units AS VARCHAR[]), unit), false))
           ) AS last
    FROM interactions
    JOIN places ON places.code = interactions.touchpoint
    WHERE workspace_id = $workspace
      AND (case_id IS NOT NULL OR customer IS NOT NULL)
      AND (journey IS NULL OR journey = $journey)
    GROUP BY ALL
),
endings AS (
    SELECT instance, bool_or(is_goal) AS reached_goal, max(last_at) AS ended_at,
           arg_max(place, row(last_at, place)) FILTER (on_map) AS ended,
           arg_max(last_code, row(last_at, place)) AS ended_code
    FROM reached
    GROUP BY instance
)
SELECT last.import_id AS import_id, last.row_no AS row_no,
       last.occurred_at AS occurred_at,
       last.code AS code, last.customer AS customer, last.case_id AS case_id,
       last.channel AS channel, last.segment AS segment, last.unit AS unit,
       ended_code, ended_at, reached_goal, 1 AS weight,
       NOT reached_goal AND ended = place AS painful, NOT reached_goal AND ended = place AS counts
FROM reached
JOIN endings USING (instance)
WHERE place = $place AND on_map AND last IS NOT NULL
