-- Of the rows behind a figure those of one segment, channel or unit, and of some days; what a row is,
-- and whether it is painful, was decided among all of them, as the queries *_by.sql count.
SELECT *
FROM every_row
WHERE occurred_at >= CAST($part_since AS TIMESTAMP)
  AND occurred_at < CAST($part_until AS TIMESTAMP)
  AND CASE $part_dimension
          WHEN 'segment' THEN segment = $part_value
          WHEN 'channel' THEN channel = $part_value
          WHEN 'unit' THEN unit = $part_value
          ELSE true
      END
