-- What the newest $newest comments at each touchpoint tell of, by words: see heard.sql and heard.py.
-- One row for each touchpoint with comments and each theme (by its number, from 1).
--   written, told, people   comments, those that tell of it, and the customers these are of
--   painful_…               the same of comments beside painful answers
WITH places AS (
    SELECT unnest(CAST($codes AS VARCHAR[])) AS code, unnest(CAST($places AS INTEGER[])) AS place
),
scales AS (
    SELECT unnest(CAST($metrics AS VARCHAR[])) AS metric,
           unnest(CAST($at_most AS DECIMAL(9, 3)[])) AS at_most,
           unnest(CAST($at_least AS DECIMAL(9, 3)[])) AS at_least
),
written AS (
    SELECT place, comment, coalesce(score <= at_most, score >= at_least, false) AS painful,
           coalesce(CAST(customer AS VARCHAR), import_id || ':' || row_no) AS who
    FROM responses
    JOIN places ON places.code = responses.touchpoint
    LEFT JOIN scales ON scales.metric = responses.metric
    WHERE workspace_id = $workspace
      AND occurred_at >= CAST($since AS TIMESTAMP)
      AND occurred_at < CAST($until AS TIMESTAMP)
      AND (len(CAST($channels AS VARCHAR[])) = 0 OR list_contains(CAST($channels AS VARCHAR[]), channel))
      AND (len(CAST($segments AS VARCHAR[])) = 0 OR list_contains(CAST($segments AS VARCHAR[]), segment))
      AND (len(CAST($units AS VARCHAR[])) = 0 OR list_contains(CAST($units AS VARCHAR[]), unit))
      AND trim(comment) <> ''
    QUALIFY row_number() OVER (
        PARTITION BY place ORDER BY occurred_at DESC, import_id, row_no
    ) <= $newest
),
told AS (
    SELECT place, painful, who, unnest(range(1, 6)) AS theme,
           unnest([regexp_matches(comment, $waiting, 'i'), regexp_matches(comment, $procedures, 'i'),
                   regexp_matches(comment, $information, 'i'),
                   regexp_matches(comment, $communication, 'i'),
                   regexp_matches(comment, $better, 'i')]) AS tells
    FROM written
)
SELECT place, theme,
       count(*) AS written, count(*) FILTER (tells) AS told,
       count(DISTINCT who) FILTER (tells) AS people,
       count(*) FILTER (painful) AS painful_written,
       count(*) FILTER (tells AND painful) AS painful_told,
       count(DISTINCT who) FILTER (tells AND painful) AS painful_people
FROM told
GROUP BY place, theme
