-- What customers wrote at one touchpoint: how many there are of each kind, and a page of them.
--   codes        raw codes of the touchpoint
--   answered     customers who answered there at all (an answer of nobody known is one)
--   painful      beside a painful score (see rows_answers.sql); without a score it is not
--   script       han: written with Chinese characters (and no kana); latin: with Latin letters;
--                other: anything else
--   themes       for each pattern ($waiting, $procedures …) whether the comment matches it
-- Nothing is told where fewer than $fewest customers answered.
WITH scales AS (
    SELECT unnest(CAST($metrics AS VARCHAR[])) AS metric,
           unnest(CAST($at_most AS DECIMAL(9,3)[])) AS at_most,
           unnest(CAST($at_least AS DECIMAL(9,3)[])) AS at_least
),
found AS (
    SELECT responses.metric, score, trim(comment) AS comment, occurred_at, import_id, row_no, segment,
           channel, coalesce(CAST(customer AS VARCHAR), import_id || ':' || row_no) AS who,
           coalesce(score <= at_most, score >= at_least, false) AS painful
    FROM responses
    LEFT JOIN scales ON scales.metric = responses.metric
    WHERE workspace_id = $workspace
      AND list_contains(CAST($codes AS VARCHAR[]), touchpoint)
      AND occurred_at >= CAST($since AS TIMESTAMP)
      AND occurred_at < CAST($until AS TIMESTAMP)
      AND (len(CAST($channels AS VARCHAR[])) = 0 OR list_contains(CAST($channels AS VARCHAR[]), channel))
      AND (len(CAST($segments AS VARCHAR[])) = 0 OR list_contains(CAST($segments AS VARCHAR[]), segment))
      AND (len(CAST($units AS VARCHAR[])) = 0 OR list_contains(CAST($units AS VARCHAR[]), unit))
),
people AS (
    SELECT count(DISTINCT who) AS answered FROM found
),
written AS (
    SELECT found.*, answered,
           CASE WHEN regexp_matches(comment, '[\x{3040}-\x{30FF}\x{AC00}-\x{D7AF}]') THEN 'other'
                WHEN regexp_matches(comment, '[\x{4E00}-\x{9FFF}]') THEN 'han'
                WHEN regexp_matches(comment, '[A-Za-z]') THEN 'latin'
                ELSE 'other' END AS script,
           [regexp_matches(comment, $waiting, 'i'), regexp_matches(comment, $procedures, 'i'),
            regexp_matches(comment, $information, 'i'),
            regexp_matches(comment, $communication, 'i'),
            regexp_matches(comment, $better, 'i')] AS themes
    FROM found CROSS JOIN people
    WHERE comment <> '' AND answered >= $fewest AND (painful OR NOT $painful_only)
),
asked AS (
    SELECT *
    FROM written
    WHERE ($script = '' OR script = $script)
      AND ($sought = '' OR contains(lower(comment), lower($sought)))
)
SELECT 'answered' AS kind, '' AS value, (SELECT answered FROM people) AS n, NULL AS quote
UNION ALL
SELECT 'comments', '', count(*), NULL FROM written
UNION ALL
SELECT 'script', script, count(*), NULL FROM written GROUP BY script
UNION ALL
SELECT 'asked', '', count(*), NULL FROM asked
UNION ALL
SELECT 'theme', CAST(i AS VARCHAR), count(*) FILTER (themes[i]), NULL
FROM asked CROSS JOIN range(1, 6) AS places(i)
GROUP BY i
UNION ALL
SELECT 'none', '', count(*) FILTER (NOT list_contains(themes, true)), NULL FROM asked
UNION ALL
SELECT 'quote', '', 0, quote
FROM (
    SELECT {'comment': comment, 'metric': metric, 'score': CAST(score AS VARCHAR),
            'occurred_at': occurred_at, 'painful': painful, 'script': script, 'segment': segment,
            'channel': channel} AS quote
    FROM asked
    WHERE $theme = 0 OR themes[greatest($theme, 1)]
    ORDER BY occurred_at DESC, import_id, row_no
    LIMIT $most OFFSET $offset
)
