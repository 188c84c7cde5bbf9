-- Some of the rows found, in the order of time.
SELECT *
FROM found
WHERE painful OR NOT $painful_only
ORDER BY occurred_at, import_id, row_no
LIMIT $limit OFFSET $offset
