-- From which imports the rows found come.
SELECT import_id, count(*) AS n, count(*) FILTER (counts) AS counting
FROM found
GROUP BY import_id
ORDER BY import_id
