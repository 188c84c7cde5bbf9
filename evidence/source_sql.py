"""A table as a relation in SQL: columns c0, c1, … as text, whatever the file calls them."""

from evidence.sql import identifier, literal
from evidence.table import Table, parquet_source

LONGEST_LINE = 8_000_000
BUFFER = 16_000_000  # a piece one thread reads; the default grows with the longest line


def relation(table: Table, used: list[int], limit: int | None = None) -> str:
    """SELECT of the file's cells as text. `used` are the columns that must be there; JSON Lines
    have a column `broken` besides: the line, where it is no JSON object."""
    tail = "" if limit is None else f" LIMIT {int(limit)}"
    path = literal(str(table.path))
    if table.format == "csv":
        return f"SELECT *, NULL::VARCHAR AS broken FROM {_read_csv(table, path)}{tail}"
    if table.format == "parquet":
        cells = ", ".join(
            f"CAST({identifier(name)} AS VARCHAR) AS c{i}"
            for i, name in enumerate(table.physical or table.columns)
        )
        return f"SELECT {cells}, NULL::VARCHAR AS broken FROM {parquet_source(table)}{tail}"
    return _read_jsonl(table, path, tail)


def _read_csv(table: Table, path: str) -> str:
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(table.columns)))
    newline = {"\n": "\\n", "\r\n": "\\r\\n", "\r": "\\r"}[table.newline]
    return (
        f"read_csv({path}, auto_detect=false, header=true, columns={{{columns}}}, "
        f"delim={literal(table.delimiter)}, quote={literal(table.quote)}, "
        f"escape={literal(table.quote)}, new_line={literal(newline)}, skip={table.skip}, "
        f"max_line_size={LONGEST_LINE}, buffer_size={BUFFER}, store_rejects=true, rejects_limit=0)"
    )


def _read_jsonl(table: Table, path: str, tail: str) -> str:
    """Each line as one text; a character that no text holds serves as the delimiter."""
    lines = (
        f"SELECT line FROM read_csv({path}, auto_detect=false, header=false, "
        "columns={'line': 'VARCHAR'}, delim='\x01', quote='', escape='', "
        f"max_line_size={LONGEST_LINE}, buffer_size={BUFFER}, store_rejects=true, rejects_limit=0) "
        f"WHERE trim(line, ' \t\r') <> ''{tail}"
    )
    if table.format == "lines":
        lines = "SELECT unnest(CAST($lines AS VARCHAR[])) AS line"
    paths = ", ".join(literal(f'$."{_json_key(name)}"') for name in table.columns)
    cells = ", ".join(f"cells[{i + 1}] AS c{i}" for i in range(len(table.columns)))
    return (
        f"SELECT {cells}, CASE WHEN cells IS NULL THEN line END AS broken FROM ("
        "SELECT line, CASE WHEN json_valid(line) AND json_type(line) = 'OBJECT' "
        f"THEN json_extract_string(line, [{paths}]) END AS cells FROM ({lines}))"
    )


def _json_key(name: str) -> str:
    return name.replace("\\", "\\\\").replace('"', '\\"')
