-- Who answers and who passes, by channel and by segment: people (a customer where known, else a line
-- of the file, whatever it was asked) between $since and $until at the touchpoints named.
WITH codes AS (SELECT unnest(CAST($codes AS VARCHAR[])) AS code),
people AS (
    SELECT 'answers' AS side, channel, segment,
           CASE WHEN customer IS NULL THEN hash(import_id, row_no) ELSE hash(customer) END AS who
    FROM responses SEMI JOIN codes ON codes.code = responses.touchpoint
    WHERE workspace_id = $workspace
      AND occurred_at >= CAST($since AS TIMESTAMP) AND occurred_at <= CAST($until AS TIMESTAMP)
    UNION ALL
    SELECT 'passages' AS side, channel, segment,
           CASE WHEN customer IS NULL THEN hash(import_id, row_no) ELSE hash(customer) END AS who
    FROM interactions SEMI JOIN codes ON codes.code = interactions.touchpoint
    WHERE workspace_id = $workspace
      AND occurred_at >= CAST($since AS TIMESTAMP) AND occurred_at <= CAST($until AS TIMESTAMP)
)
SELECT 'channel' AS dimension, channel AS value, side, count(DISTINCT who) AS people
FROM people GROUP BY channel, side
UNION ALL
SELECT 'segment' AS dimension, segment AS value, side, count(DISTINCT who) AS people
FROM people GROUP BY segment, side
ORDER BY dimension, value, side
