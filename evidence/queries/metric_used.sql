-- What the answers to one metric are about: touchpoints as files call them, and whole journeys.
SELECT coalesce(list_sort(list(DISTINCT touchpoint)), []) AS codes,
       coalesce(list_sort(list(DISTINCT journey) FILTER (touchpoint IS NULL)), []) AS journeys
FROM responses
WHERE workspace_id = $workspace
  AND metric = $metric
  AND score IS NOT NULL
