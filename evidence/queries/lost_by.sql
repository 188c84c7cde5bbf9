-- Journey instances that reached each touchpoint, and those lost there, by segment, channel, unit and
-- week: the family `lost`, as lost.sql counts it. An instance that passed a touchpoint several times
-- within the scope counts once, where and when it last did.
-- One row for each touchpoint and value of a dimension (the other dimensions are null); a week is
-- given by its place among $bounds, see week_of.sql.
-- $numbers tells the journey of each place, $journeys is its name: several are counted apart.
WITH places AS (
    SELECT unnest(CAST($codes AS VARCHAR[])) AS code, unnest(CAST($places AS INTEGER[])) AS place,
           unnest(CAST($on_map AS BOOLEAN[])) AS on_map, unnest(CAST($goals AS BOOLEAN[])) AS is_goal,
           unnest(CAST($numbers AS INTEGER[])) AS number, unnest(CAST($journeys AS VARCHAR[])) AS named
),
passed AS (
    SELECT coalesce(case_id, CAST(customer AS VARCHAR)) AS instance, number, place, on_map, is_goal,
           occurred_at, segment, channel, unit,
           occurred_at >= CAST($since AS TIMESTAMP)
               AND occurred_at < CAST($until AS TIMESTAMP)
               AND (len(CAST($channels AS VARCHAR[])) = 0 OR coalesce(list_contains(CAST($channels AS VARCHAR[]), channel), false))
               AND (len(CAST($segments AS VARCHAR[])) = 0 OR coalesce(list_contains(CAST($segments AS VARCHAR[]), segment), false))
               AND (len(CAST($units AS VARCHAR[])) = 0 OR coalesce(list_contains(CAST($units AS VARCHAR[]), unit), false))
               AS in_scope
    FROM interactions
    JOIN places ON places.code = interactions.touchpoint
    WHERE workspace_id = $workspace
      AND (case_id IS NOT NULL OR customer IS NOT NULL)
      AND (journey IS NULL OR journey = named)
),
reached AS (
    SELECT instance, number, place, on_map, is_goal, max(occurred_at) AS last_at,
           max({'at': occurred_at, 'segment': segment, 'channel': channel, 'unit': unit})
               FILTER (in_scope) AS last_in_scope
    FROM passed
    GROUP BY ALL
),
endings AS (
    SELECT number, instance, arg_max(place, row(last_at, place)) FILTER (on_map) AS place
    FROM reached
    GROUP BY number, instance
    HAVING NOT bool_or(is_goal)
),
counted AS (
    SELECT reached.place, last_in_scope.segment AS segment, last_in_scope.channel AS channel,
           last_in_scope.unit AS unit,
           week_of(last_in_scope.at, CAST($bounds AS TIMESTAMP[])) AS week,
           endings.instance IS NOT NULL AS is_lost
    FROM reached
    LEFT JOIN endings ON endings.instance = reached.instance AND endings.place = reached.place
    WHERE on_map AND last_in_scope IS NOT NULL
)
SELECT place, segment, channel, unit, week, count(*) FILTER (is_lost) AS lost, count(*) AS instances
FROM counted
GROUP BY GROUPING SETS ((place, segment), (place, channel), (place, unit), (place, week))
