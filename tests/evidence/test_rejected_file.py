"""The rejected rows, with line, column, value and reason beside the original cells."""

import csv
from pathlib import Path

from accounts.models import Workspace
from evidence.actions import rejected_file
from tests.evidence.bringing import WAITS, bring, having


def test_reasons_stand_beside_the_cells(workspace: Workspace, tmp_path: Path) -> None:
    document = having(WAITS, occurred_at={"columns": ["day", "time"]})
    text = (
        "day,time,queue,wait,line\n"
        "2025-03-01,10:00,a,1,x\n"
        "soon,10:00,a,1,x\n"
        "2025-03-01,10:00,a\n"
        "2025-03-01,10:00,=cmd()|'x'!A1,-5,+1\n"
        '2025-03-01,10:00,"@a\nb",-5,\n'
    )
    found = bring(workspace, tmp_path, text, document)
    with rejected_file(found).open(encoding="utf-8", newline="") as file:
        header, *told = csv.reader(file)
    assert header[:4] == ["line", "column", "value", "reason"]
    assert header[4:] == ["day", "time", "queue", "wait", "line (file)"]
    assert told[0][:3] == ["3", "day, time", "soon 10:00"]
    assert told[0][3].startswith("not a time")
    assert told[1] == ["4", "", "2025-03-01,10:00,a", "the line has too few cells", *[""] * 5]
    # formulas are neutralised, numbers are left alone
    assert told[2][2:] == [
        "-5", "a negative time", "2025-03-01", "10:00", "'=cmd()|'x'!A1", "-5", "+1",
    ]  # fmt: skip
    assert told[3][6] == "'@a\nb"


def test_formulas_are_kept_as_text_in_the_lake(workspace: Workspace, tmp_path: Path) -> None:
    found = bring(workspace, tmp_path, "at,queue,wait\n2025-03-01,=1+1,1\n", WAITS)
    assert found.codes == {"=1+1": 1}


def test_without_rejected_rows_there_is_no_file(workspace: Workspace, tmp_path: Path) -> None:
    found = bring(workspace, tmp_path, "at,queue,wait\n2025-03-01,a,1\n", WAITS)
    assert not rejected_file(found).exists()
