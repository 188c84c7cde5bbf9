-- Passages by known customers, and those that came back, by segment, channel, unit and week: the
-- family `repeated`, as passages.sql counts it. A passage that comes back counts where and when it
-- comes back, wherever the one before it was.
-- One row for each touchpoint and value of a dimension (the other dimensions are null); a week is
-- given by its place among $bounds, see week_of.sql.
WITH places AS (
    SELECT unnest(CAST($codes AS VARCHAR[])) AS code, unnest(CAST($places AS INTEGER[])) AS place
),
gaps AS (
    SELECT place, segment, channel, unit,
           week_of(occurred_at, CAST($bounds AS TIMESTAMP[])) AS week,
           epoch_us(occurred_at)
               - lag(epoch_us(occurred_at)) OVER (PARTITION BY place, customer ORDER BY occurred_at)
               AS gap_us
    FROM interactions
    JOIN places ON places.code = interactions.touchpoint
    WHERE workspace_id = $workspace
      AND occurred_at >= CAST($since AS TIMESTAMP)
      AND occurred_at < CAST($until AS TIMESTAMP)
      AND (len(CAST($channels AS VARCHAR[])) = 0 OR list_contains(CAST($channels AS VARCHAR[]), channel))
      AND (len(CAST($segments AS VARCHAR[])) = 0 OR list_contains(CAST($segments AS VARCHAR[]), segment))
      AND (len(CAST($units AS VARCHAR[])) = 0 OR list_contains(CAST($units AS VARCHAR[]), unit))
      AND customer IS NOT NULL
)
SELECT place, segment, channel, unit, week,
       count(*) FILTER (gap_us <= $repeat_us) AS repeated, count(*) AS passages
FROM gaps
GROUP BY GROUPING SETS ((place, segment), (place, channel), (place, unit), (place, week))
