-- What there is of one kind of evidence (`found`): by code and week, in the weeks that `bounds`
-- begins and ends, how many rows, and when the first and the last of them happened. Rows outside
-- those weeks stand together under no week. The macro is defined in week_of.sql.
SELECT touchpoint,
       CASE WHEN occurred_at >= list_extract(CAST($bounds AS TIMESTAMP[]), 1)
             AND occurred_at < list_extract(CAST($bounds AS TIMESTAMP[]), -1)
            THEN week_of(occurred_at, CAST($bounds AS TIMESTAMP[])) END AS week,
       count(*) AS n, min(occurred_at) AS first_at, max(occurred_at) AS last_at
FROM found
WHERE workspace_id = $workspace
GROUP BY touchpoint, week
