-- Where journeys end short of their goal. An instance is a case, or a customer where no case is
-- named. Per touchpoint on the map: instances that reached it, and of them those whose last passage
-- is here and which never passed a touchpoint that means success. Of passages at the same moment
-- the one further along the map ($places is the order of the map) is the last.
WITH places AS (
    SELECT unnest(CAST($codes AS VARCHAR[])) AS code, unnest(CAST($places AS INTEGER[])) AS place,
           unnest(CAST($on_map AS BOOLEAN[])) AS on_map, unnest(CAST($goals AS BOOLEAN[])) AS is_goal
),
reached AS (
    SELECT coalesce(case_id, CAST(customer AS VARCHAR)) AS instance, place, on_map, is_goal,
           max(occurred_at) AS last_at
    FROM interactions
    JOIN places ON places.code = interactions.touchpoint
    WHERE workspace_id = $workspace
      AND (case_id IS NOT NULL OR customer IS NOT NULL)
      AND occurred_at >= CAST($since AS TIMESTAMP)
      AND occurred_at < CAST($until AS TIMESTAMP)
      AND (len(CAST($channels AS VARCHAR[])) = 0 OR list_contains(CAST($channels AS VARCHAR[]), channel))
      AND (len(CAST($segments AS VARCHAR[])) = 0 OR list_contains(CAST($segments AS VARCHAR[]), segment))
      AND (len(CAST($units AS VARCHAR[])) = 0 OR list_contains(CAST($units AS VARCHAR[]), unit))
    GROUP BY ALL
),
endings AS (
    SELECT arg_max(place, row(last_at, place)) FILTER (on_map) AS place
    FROM reached
    GROUP BY instance
    HAVING NOT bool_or(is_goal)
),
lost AS (SELECT place, count(*) AS lost FROM endings GROUP BY place)
SELECT reached.place, count(*) AS instances, coalesce(any_value(lost.lost), 0) AS lost
FROM reached
LEFT JOIN lost ON lost.place = reached.place
WHERE on_map
GROUP BY reached.place
ORDER BY reached.place
