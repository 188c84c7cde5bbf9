"""A field's value in SQL is what its mapping says, by whichever way it is read."""

from itertools import product

import duckdb
import pytest

from evidence.field_sql import as_read, iso_time
from evidence.mapping import Field

TIMES = ("2025-09-01 10:23:45", "0001-01-01 00:00:00", "9999-12-31 23:59:59", "2024-02-29 12:00:00",
         "2025-02-29 12:00:00", "2025-01-01 24:00:00", "2025-01-01 23:59:60")  # fmt: skip
STRANGE = [*"0149ZzTU+-.:/,\t\né３a ", ""]


def nearly(text: str) -> set[str]:
    """The text, and with one of its characters replaced, left out or one put in."""
    found = {text, text + "Z", text + ".5", text + " ", " " + text}
    for i, sign in product(range(len(text)), STRANGE):
        found |= {text[:i] + sign + text[i + 1 :], text[:i] + sign + text[i:]}
    return found


@pytest.mark.parametrize("day", ["%Y-%m-%d", "%Y/%m/%d"])
@pytest.mark.parametrize("time", ["", " %H:%M", " %H:%M:%S", "T%H:%M", "T%H:%M:%S"])
def test_an_iso_time_is_read_as_its_format_says(day: str, time: str) -> None:
    long = {"": 10, " %H:%M": 16, "T%H:%M": 16}.get(time, 19)
    whole = [t.replace("-", day[2])[:long].replace(" ", (time or " ")[0]) for t in TIMES]
    texts = sorted(set().union(*map(nearly, whole)))
    read = as_read("text", Field("occurred_at", ("at",), format=day + time))
    assert iso_time("text", day + time) in read
    told = duckdb.execute(
        f"SELECT text, {read} AS ours, try_strptime(text, $format) AS theirs "
        "FROM (SELECT unnest($texts) AS text) WHERE ours IS DISTINCT FROM theirs",
        {"texts": texts, "format": day + time},
    ).fetchall()
    assert told == []
