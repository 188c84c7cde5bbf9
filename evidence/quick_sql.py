"""Cells that one cheap look finds good as they stand: known codes, numbers, times.

The look reads the value at once, and the cell needs neither trimming nor checks. Where it gives
NULL the cell goes the long way (field_sql.py, mapping_checks.py), which alone says what is wrong.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from evidence import field_sql
from evidence.mapping import DURATIONS, MS, TIMES, Field, ParsedMapping
from evidence.sql import Binder, literal

FEW_CODES = 6  # so many are compared one by one faster than they are looked up

Codes = Mapping[str, Sequence[str]]


def looks(
    mapping: ParsedMapping, index: Mapping[str, int], codes: Codes, bind: Binder
) -> dict[str, tuple[int, str]]:
    """e_<field> (the code, an ENUM) or q_<field> (time or number) → its column, and the look."""
    used = Counter(
        [c for each in mapping.fields.values() for c in each.columns]
        + [column for entry in mapping.ignore for column in entry]
        + [answer.column for answer in mapping.answers]
    )
    found = {}
    for name, given in mapping.fields.items():
        if len(given.columns) != 1:
            continue
        i = index[given.columns[0]]
        if name in codes:
            found[f"e_{name}"] = (i, _code(given, f"c{i}", codes[name], bind))
        # A number is read with blanks around it, which other uses of the cell must not see.
        elif given.is_plain and used[given.columns[0]] == 1:
            found[f"q_{name}"] = (i, _value(name, given, f"c{i}", mapping.read.decimal))
    return {name: (i, sql) for name, (i, sql) in found.items() if sql}


def known(value: str, codes: Sequence[str]) -> str:
    """The text as one of these codes, else NULL."""
    if len(codes) > FEW_CODES:
        return f"TRY_CAST({value} AS {_enum(codes)})"
    return f"CASE {value} {' '.join(f'WHEN {literal(c)} THEN {code(c, codes)}' for c in codes)} END"


def code(one: str, codes: Sequence[str]) -> str:
    """One of these codes, to be compared with them as a number."""
    return f"CAST({literal(one)} AS {_enum(codes)})"


def milliseconds(name: str, given: Field) -> str:
    """A duration d_<name> that no check would refuse, else NULL."""
    most = field_sql.LONGEST_MS // MS[given.unit]
    whole = f"CAST(round(d_{name} * {MS[given.unit]}) AS BIGINT)"
    return f"CASE WHEN d_{name} BETWEEN 0 AND {most - 1} THEN {whole} END"


def _enum(codes: Sequence[str]) -> str:
    return f"ENUM({', '.join(map(literal, codes))})"


def _code(given: Field, cell: str, codes: Sequence[str], bind: Binder) -> str:
    """Renamed or not, the code that the cell stands for; "" where that takes more than a look."""
    if given.missing:
        return ""
    if not given.renames:
        return known(cell, codes)
    # What is renamed to nothing, or to a code not known, goes the long way.
    whens = " ".join(
        f"WHEN {bind(old)} THEN {code(new, codes) if new and new in codes else 'NULL'}"
        for old, new in given.renames.items()
        if old and old == old.strip(field_sql.BLANKS)
    )
    kept = f"ELSE {known(cell, codes)}" if given.otherwise == "keep" else ""
    return f"CASE {cell} {whens} {kept} END" if whens else ""


def _value(name: str, given: Field, cell: str, decimal: str) -> str:
    if name in TIMES:
        return field_sql.iso_time(cell, given.format)
    if decimal:
        return ""
    if name in DURATIONS:
        return f"TRY_CAST({cell} AS DOUBLE)"
    return f"TRY_CAST({cell} AS DECIMAL(9,3))" if name == "score" else ""
