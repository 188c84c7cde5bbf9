-- Of the rows behind a figure those of one segment, channel, unit or hour of the week, and of some
-- days; what a row is, and whether it is painful, was decided among all of them, as the queries
-- *_by.sql and waits_by_hour.sql count. The clock is that of the latter.
WITH clock AS (
    SELECT unnest(CAST($from_at AS TIMESTAMP[])) AS from_at,
           unnest(CAST($to_at AS TIMESTAMP[])) AS to_at,
           unnest(CAST($offset_s AS BIGINT[])) AS offset_s
),
told AS (
    SELECT every_row.*, occurred_at + to_seconds(offset_s) AS local_at
    FROM every_row
    JOIN clock ON occurred_at >= from_at AND occurred_at < to_at
)
SELECT * EXCLUDE (local_at)
FROM told
WHERE occurred_at >= CAST($part_since AS TIMESTAMP)
  AND occurred_at < CAST($part_until AS TIMESTAMP)
  AND CASE $part_dimension
          WHEN 'segment' THEN segment = $part_value
          WHEN 'channel' THEN channel = $part_value
          WHEN 'unit' THEN unit = $part_value
          WHEN 'hour' THEN
              24 * (isodow(local_at) - 1) + hour(local_at) = TRY_CAST($part_value AS INTEGER)
          ELSE true
      END
