-- Everything known of one customer, of all kinds, newest first: a page of it, and how much there is.
--   before  only what stands before this place, counted from the oldest (NULL: all)
-- One pass over each table; the columns that no filter needs are read where the customer is found.
WITH found AS MATERIALIZED (
    SELECT 'waits' AS kind, import_id, row_no, occurred_at, touchpoint, journey, channel, segment, unit,
           case_id, agent, outcome, wait_ms, service_ms, NULL::TIMESTAMP AS ended_at,
           NULL::VARCHAR AS metric, NULL::DECIMAL(9, 3) AS score, NULL::VARCHAR AS comment
    FROM waits
    WHERE workspace_id = $workspace AND customer = CAST($customer AS UUID)
    UNION ALL
    SELECT 'responses', import_id, row_no, occurred_at, touchpoint, journey, channel, segment, unit,
           case_id, NULL, NULL, NULL, NULL, NULL, metric, score, comment
    FROM responses
    WHERE workspace_id = $workspace AND customer = CAST($customer AS UUID)
    UNION ALL
    SELECT 'interactions', import_id, row_no, occurred_at, touchpoint, journey, channel, segment, unit,
           case_id, agent, outcome, NULL, NULL, ended_at, NULL, NULL, NULL
    FROM interactions
    WHERE workspace_id = $workspace AND customer = CAST($customer AS UUID)
), placed AS (
    -- Several answers of one line, and events of one moment, keep one order.
    SELECT *, row_number() OVER (
        ORDER BY occurred_at, kind, import_id, row_no, touchpoint, metric, score
    ) AS place
    FROM found
), counted AS (
    SELECT count(*) FILTER (kind = 'responses') AS n_responses,
           count(*) FILTER (kind = 'waits') AS n_waits,
           count(*) FILTER (kind = 'interactions') AS n_interactions,
           min(occurred_at) AS first_at, max(occurred_at) AS last_at
    FROM found
)
SELECT placed.*, counted.*
FROM counted LEFT JOIN placed ON $before IS NULL OR place < $before
ORDER BY place DESC
LIMIT $most
