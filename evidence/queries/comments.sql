-- What customers wrote at these touchpoints, newest first; of each the number who answered there.
--   codes, places  raw codes, and of each the place of its touchpoint
--   answered       customers who answered there (an answer of nobody known is one)
WITH meant AS (
    SELECT unnest(CAST($codes AS VARCHAR[])) AS code, unnest(CAST($places AS INTEGER[])) AS place
), found AS (
    SELECT place, metric, score, trim(comment) AS comment, occurred_at, import_id, row_no,
           coalesce(CAST(customer AS VARCHAR), import_id || ':' || row_no) AS who
    FROM responses
    JOIN meant ON touchpoint = code
    WHERE workspace_id = $workspace
      AND occurred_at >= CAST($since AS TIMESTAMP)
      AND occurred_at < CAST($until AS TIMESTAMP)
      AND (len(CAST($channels AS VARCHAR[])) = 0 OR list_contains(CAST($channels AS VARCHAR[]), channel))
      AND (len(CAST($segments AS VARCHAR[])) = 0 OR list_contains(CAST($segments AS VARCHAR[]), segment))
      AND (len(CAST($units AS VARCHAR[])) = 0 OR list_contains(CAST($units AS VARCHAR[]), unit))
), counted AS (
    SELECT place, count(DISTINCT who) AS answered FROM found GROUP BY place
), written AS (
    SELECT found.*, answered,
           count(*) OVER () AS comments
    FROM found JOIN counted USING (place)
    WHERE comment <> '' AND answered >= $fewest
)
SELECT place, metric, score, comment, occurred_at, answered, comments
FROM written
ORDER BY occurred_at DESC, import_id, row_no
LIMIT $most
