-- The channels, segments and units that a workspace's evidence names, each once.
WITH named AS (
    SELECT channel, segment, unit FROM responses WHERE workspace_id = $workspace
    UNION ALL
    SELECT channel, segment, unit FROM waits WHERE workspace_id = $workspace
    UNION ALL
    SELECT channel, segment, unit FROM interactions WHERE workspace_id = $workspace
)
SELECT coalesce(list_sort(list(DISTINCT channel)), []) AS channels,
       coalesce(list_sort(list(DISTINCT segment)), []) AS segments,
       coalesce(list_sort(list(DISTINCT unit)), []) AS units
FROM named
