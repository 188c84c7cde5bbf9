"""The codes of a file's first rows, known before the file is read as a whole.

Channels, segments, units and the like repeat: a value that is known beforehand is looked up once
a row and kept as its number, so that it is neither checked nor written out again. Values that come
up only later are kept as text.
"""

import duckdb

from evidence import lake
from evidence.mapping_sql import ACCEPTED, PLAIN, Compiler

LOOKED_AT = 20_000  # rows
MOST_KNOWN = 1_000  # values of one field; with more, it is no code


def known_codes(compiler: Compiler) -> dict[str, list[str]]:
    """The values of each field of codes among the first rows that are accepted.

    They were checked there, so that they need not be again.
    """
    sql = compiler.compile(limit=LOOKED_AT)
    names = [n for n in sql.columns if n in PLAIN and n not in sql.constants and n != "case_id"]
    if compiler.mapping.answers:
        names = [n for n in names if n not in ("touchpoint", "journey", "metric")]
    if not names:
        return {}
    told = ", ".join(
        f"list_sort(list(DISTINCT {name}) FILTER (NOT contains({name}, chr(0))))" for name in names
    )
    statement = f"SELECT {told} FROM ({sql.select}) WHERE state = {ACCEPTED}"
    with lake.cursor() as cursor:
        try:
            (found,) = cursor.execute(statement, sql.values).fetchall()
        except (duckdb.InvalidInputException, duckdb.IOException):
            return {}  # what is wrong with the file is said when the whole of it is read
    return {
        name: values
        for name, values in zip(names, found, strict=True)
        if values and len(values) <= MOST_KNOWN
    }
