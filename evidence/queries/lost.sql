-- Where journeys end short of their goal. An instance is a case, or a customer where no case is
-- named. Per touchpoint on the map: instances that reached it within the scope, and of them those
-- whose last passage is here and which never passed a touchpoint that means success. How an
-- instance ended is judged by all its passages: a goal reached in another channel, in no unit or
-- after the period is reached. Passages that evidence names another journey's are not this one's.
-- Of passages at the same moment the one further along the map ($places is its order) is the last.
-- $numbers tells the journey of each place, $journeys is its name: several are counted apart.
WITH places AS (
    SELECT unnest(CAST($codes AS VARCHAR[])) AS code, unnest(CAST($places AS INTEGER[])) AS place,
           unnest(CAST($on_map AS BOOLEAN[])) AS on_map, unnest(CAST($goals AS BOOLEAN[])) AS is_goal,
           unnest(CAST($numbers AS INTEGER[])) AS number, unnest(CAST($journeys AS VARCHAR[])) AS named
),
reached AS (
    SELECT coalesce(case_id, CAST(customer AS VARCHAR)) AS instance, number, place, on_map, is_goal,
           max(occurred_at) AS last_at,
           bool_or(
               occurred_at >= CAST($since AS TIMESTAMP)
               AND occurred_at < CAST($until AS TIMESTAMP)
               AND (len(CAST($channels AS VARCHAR[])) = 0 OR coalesce(list_contains(CAST($channels AS VARCHAR[]), channel), false))
               AND (len(CAST($segments AS VARCHAR[])) = 0 OR coalesce(list_contains(CAST($segments AS VARCHAR[]), segment), false))
               AND (len(CAST($units AS VARCHAR[])) = 0 OR coalesce(list_contains(CAST($units AS VARCHAR[]), unit), false))
           ) AS in_scope
    FROM interactions
    JOIN places ON places.code = interactions.touchpoint
    WHERE workspace_id = $workspace
      AND (case_id IS NOT NULL OR customer IS NOT NULL)
      AND (journey IS NULL OR journey = named)
    GROUP BY ALL
),
endings AS (
    SELECT number, instance, arg_max(place, row(last_at, place)) FILTER (on_map) AS place
    FROM reached
    GROUP BY number, instance
    HAVING NOT bool_or(is_goal)
)
SELECT reached.place, count(*) AS instances, count(endings.instance) AS lost
FROM reached
LEFT JOIN endings ON endings.instance = reached.instance AND endings.place = reached.place
WHERE on_map AND in_scope
GROUP BY reached.place
