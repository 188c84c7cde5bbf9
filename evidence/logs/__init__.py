"""Event logs (XES, OCEL 2.0) as tables: read as a stream, kept as Parquet beside the upload."""
