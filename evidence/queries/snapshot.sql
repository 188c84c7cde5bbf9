-- The number of the snapshot that this transaction reads, from now on to its end.
SELECT id FROM lake.current_snapshot()
