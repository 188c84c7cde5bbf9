"""Every row of a file ends in exactly one state, and what is accepted stands in the lake."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Workspace
from evidence import lake
from evidence.models import State
from tests.evidence.bringing import ANSWERS, HEAD, WAITS, account, bring, having, reasons, rows


def test_accepted_rows_stand_in_the_lake(workspace: Workspace, tmp_path: Path) -> None:
    text = HEAD + "2025-03-01 10:00:00, desk ,90.5\n2025-03-01T11:00:00,phone,0\n"
    found = bring(workspace, tmp_path, text, WAITS)
    assert found.state == State.DONE
    assert account(found) == (2, 0, 0, 0, 0)
    assert rows(found, "row_no", "occurred_at", "touchpoint", "wait_ms", "outcome") == [
        (2, datetime(2025, 3, 1, 10), "desk", 90_500, "served"),
        (3, datetime(2025, 3, 1, 11), "phone", 0, "served"),
    ]
    assert found.codes == {"desk": 1, "phone": 1}
    assert workspace.imports.get().rows == 2


@pytest.mark.parametrize("blank", [" ", "\t", "\r", "\n", "\u00a0", "\u3000"])
def test_blanks_around_a_cell_are_not_part_of_it(
    workspace: Workspace, tmp_path: Path, blank: str
) -> None:
    text = f'{HEAD}2025-03-01,"desk{blank}",1\n2025-03-01,"{blank}desk",1\n'
    assert bring(workspace, tmp_path, text, WAITS).codes == {"desk": 2}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",desk,1", "no time"),
        ("soon,desk,1", "not a time; expected was a time such as 2025-03-31 14:05:00"),
        ("2025-02-30,desk,1", "not a time; expected was a time such as 2025-03-31 14:05:00"),
        ("0001-01-01,desk,1", "a time before 1970"),
        ("2999-01-01,desk,1", "a time in the future"),
        ("2025-03-01,,1", "no touchpoint"),
        ("2025-03-01,desk,", "no waiting time"),
        ("2025-03-01,desk,long", "not a number"),
        ("2025-03-01,desk,nan", "not a number"),
        ("2025-03-01,desk,inf", "not a number"),
        ("2025-03-01,desk,-1", "a negative time"),
        ("2025-03-01,desk,1e11", "longer than ten years"),
        ("2025-03-01,desk,1e300", "longer than ten years"),
        ("2025-03-01,desk", "the line has too few cells"),
        ("2025-03-01,desk,1,2", "the line has too many cells"),
        (f"2025-03-01,{'x' * 501},1", "longer than 500 characters"),
        (f"2025-03-01,{'x' * 100_000},1", "longer than 500 characters"),
        ('2025-03-01,"a"b,1', "a quote is not closed, or text follows it"),
        ('2025-03-01,"never closed,1', "a quote is not closed, or text follows it"),
    ],
)
def test_a_bad_row_is_rejected_with_its_reason(
    workspace: Workspace, tmp_path: Path, row: str, reason: str
) -> None:
    found = bring(workspace, tmp_path, f"{HEAD}2025-03-01,desk,1\n{row}\n", WAITS)
    assert found.state == State.DONE, found.error
    assert account(found) == (1, 0, 0, 0, 1)
    assert reasons(found) == {reason: 1}


def test_decimal_commas_are_read_where_they_are_clear(workspace: Workspace, tmp_path: Path) -> None:
    text = 'at,queue,wait\n2025-03-01,desk,"1,5"\n2025-03-01,desk,"1,500"\n'
    found = bring(workspace, tmp_path, text, WAITS)
    assert rows(found, "wait_ms") == [(1500,)]
    assert reasons(found) == {"not a number": 1}


@pytest.mark.parametrize(
    ("unit", "ms"), [("ms", 2), ("s", 1500), ("min", 90_000), ("h", 5_400_000)]
)
def test_units_become_milliseconds(
    workspace: Workspace, tmp_path: Path, unit: str, ms: int
) -> None:
    document = having(WAITS, wait_s={"column": "wait", "unit": unit})
    found = bring(workspace, tmp_path, HEAD + "2025-03-01,desk,1.5\n", document)
    assert rows(found, "wait_ms") == [(ms,)]


def test_ignored_missing_and_mapped_values(workspace: Workspace, tmp_path: Path) -> None:
    document = having(
        WAITS,
        occurred_at={"columns": ["day", "time"], "format": "%y%m%d %H:%M:%S"},
        customer={"column": "who", "missing": ["0"]},
        segment={"column": "tier", "map": {"2": "high", "1": "mass"}},
        channel={"value": "phone"},
        outcome={"column": "end", "map": {"A": "served", "H": "abandoned", "P": None}},
    )
    document["ignore"] = [{"end": ["H"], "wait": ["0"]}]
    text = (
        "day,time,queue,wait,who,tier,end\n"
        "250301,0:00:31,PS,5,77,2,A\n"
        "250301,10:00:00,PS,0,0,1,H\n"  # hung up at once: ignored
        "250301,10:00:00,PS,0,0,9,A\n"
        "junk,10:00:00,PS,junk,0,1,P\n"  # a phantom is ignored whatever else it holds
        "250301,10:00:00,PS,7,5,1,X\n"  # an outcome nobody knows
    )
    found = bring(workspace, tmp_path, text, document)
    assert account(found) == (2, 2, 0, 0, 1)
    told = rows(found, "occurred_at", "customer IS NULL", "segment", "channel", "outcome")
    assert told == [
        (datetime(2025, 3, 1, 0, 0, 31), False, "high", "phone", "served"),
        (datetime(2025, 3, 1, 10), True, "9", "phone", "served"),
    ]
    assert reasons(found) == {"neither served nor abandoned": 1}


@pytest.mark.parametrize(
    ("otherwise", "expected"),
    [("keep", (2, 0, 0, 0, 0)), ("ignore", (1, 1, 0, 0, 0)), ("reject", (1, 0, 0, 0, 1))],
)
def test_otherwise(
    workspace: Workspace, tmp_path: Path, otherwise: str, expected: tuple[int, ...]
) -> None:
    field = {"column": "queue", "map": {"a": "desk"}, "otherwise": otherwise}
    found = bring(
        workspace, tmp_path, HEAD + "2025-03-01,a,1\n2025-03-01,b,1\n",
        having(WAITS, touchpoint=field),
    )  # fmt: skip
    assert account(found) == expected


@pytest.mark.parametrize(
    ("given", "field", "utc"),
    [
        ("2025-07-01 10:00", {"timezone": "Asia/Shanghai"}, datetime(2025, 7, 1, 2)),
        ("2025-07-01T10:00:00+02:00", {"timezone": "Asia/Shanghai"}, datetime(2025, 7, 1, 8)),
        ("2025-07-01T10:00:00Z", {"timezone": "Asia/Shanghai"}, datetime(2025, 7, 1, 10)),
        ("2025-07-01T10:00Z", {"timezone": "Asia/Shanghai"}, datetime(2025, 7, 1, 10)),
        ("2025-07-01T10:00-05:00", {"timezone": "Asia/Shanghai"}, datetime(2025, 7, 1, 15)),
        ("2025-07-01 10:00+08", {}, datetime(2025, 7, 1, 2)),
        ("2025-07-01 10:00:00 UTC", {"timezone": "Asia/Shanghai"}, datetime(2025, 7, 1, 10)),
        # the hour that spring skips in Berlin counts as the hour after it
        ("2025-03-30 02:30", {"timezone": "Europe/Berlin"}, datetime(2025, 3, 30, 1, 30)),
        ("01.07.2025 10:00", {"format": "%d.%m.%Y %H:%M"}, datetime(2025, 7, 1, 8)),
        ("2025-07-01 10:00 -0500", {"format": "%Y-%m-%d %H:%M %z"}, datetime(2025, 7, 1, 15)),
    ],
)
def test_times_become_utc(
    workspace: Workspace, tmp_path: Path, given: str, field: dict[str, Any], utc: datetime
) -> None:
    workspace.timezone = "Europe/Berlin"  # where the mapping tells no zone
    workspace.save()
    document = having(WAITS, occurred_at={"column": "at", **field})
    found = bring(workspace, tmp_path, f"{HEAD}{given},desk,1\n", document)
    assert rows(found, "occurred_at") == [(utc,)]


@pytest.mark.parametrize(
    ("metric", "score", "expected"),
    [
        ("csat", "6", "not on the scale of csat, 1 to 5"),
        ("csat", "0", "not on the scale of csat, 1 to 5"),
        ("nps", "-1", "not on the scale of nps, 0 to 10"),
        ("ces", "8", "not on the scale of ces, 1 to 7"),
        ("csat", "good", "not a number"),
        ("csat", "", "neither a score nor a comment"),
    ],
)
def test_scores_off_the_scale_are_rejected(
    workspace: Workspace, tmp_path: Path, metric: str, score: str, expected: str
) -> None:
    document = having(ANSWERS, metric={"value": metric})
    found = bring(workspace, tmp_path, f"at,where,score\n2025-03-01,desk,{score}\n", document)
    assert reasons(found) == {expected: 1}


def test_one_row_an_answer(workspace: Workspace, tmp_path: Path) -> None:
    document = having(
        ANSWERS, metric={"column": "q"}, comment={"column": "words"}, weight={"column": "w"}
    )
    text = (
        "at,where,q,score,words,w\n"
        "2025-03-01,desk,NPS,9,fine,0.5\n"
        "2025-03-01,desk,csat,,only words,1\n"
        "2025-03-01,desk,joy,3,,1\n"
        "2025-03-01,desk,csat,3,,0\n"
        "2025-03-01,desk,csat,3,,-0.5\n"
        "2025-03-01,desk,csat,3,,0.0000000001\n"
        f"2025-03-01,desk,csat,3,{'x' * 20_001},1\n"
    )
    found = bring(workspace, tmp_path, text, document)
    assert account(found) == (3, 0, 0, 0, 4)
    assert rows(found, "metric", "score", "comment", "weight") == [
        ("nps", Decimal(9), "fine", Decimal("0.5")),
        ("csat", None, "only words", Decimal(1)),
        ("csat", Decimal(3), None, Decimal(0)),
    ]
    told = reasons(found)
    assert "longer than 20000 characters" in told
    assert told["a weight must be 0, or from 0.000000001 to below 10,000,000"] == 2


def test_a_survey_is_counted_by_cells(workspace: Workspace, tmp_path: Path) -> None:
    document = {
        "kind": "responses",
        "fields": {"occurred_at": {"column": "at"}, "customer": {"column": "id"}},
        "answers": [
            {"column": "Q1", "touchpoint": "signs", "metric": "csat", "missing": ["0", "6"]},
            {"column": "Q2", "journey": "through", "metric": "nps", "comment": "why"},
        ],
    }
    text = (
        "at,id,Q1,Q2,why\n"
        "2025-03-01,1,5,10,\n"
        "2025-03-01,2,6,,because\n"  # Q1 missing; Q2 has words only
        "2025-03-01,3,9,,\n"  # Q1 off the scale; Q2 missing
        "never,4,5,10,\n"  # no usable time: both cells rejected
        "2025-03-01,5\n"  # a broken line: both cells rejected
    )
    found = bring(workspace, tmp_path, text, document)
    assert found.unit == "cells" and found.rows == 10
    assert account(found) == (3, 0, 2, 0, 5)
    assert rows(found, "row_no", "touchpoint", "journey", "metric", "score", "comment") == [
        (2, "signs", None, "csat", Decimal(5), None),
        (2, None, "through", "nps", Decimal(10), None),
        (3, None, "through", "nps", None, "because"),
    ]
    assert (found.codes, found.journeys) == ({"signs": 1}, {"through": 2})


def test_interactions(workspace: Workspace, tmp_path: Path) -> None:
    document = {
        "kind": "interactions",
        "fields": {
            "occurred_at": {"column": "at"}, "ended_at": {"column": "to"},
            "touchpoint": {"column": "where"}, "case_id": {"column": "case"},
        },
    }  # fmt: skip
    text = (
        "at,to,where,case\n2025-03-01,2025-03-02,desk,7\n2025-03-01,2025-02-01,desk,7\n"
        "2025-03-01,,desk,\n"
    )
    found = bring(workspace, tmp_path, text, document)
    assert rows(found, "case_id", "ended_at") == [("7", datetime(2025, 3, 2))]
    assert reasons(found) == {"ends before it begins": 1, "neither a customer nor a case id": 1}


def test_line_numbers_count_broken_lines(workspace: Workspace, tmp_path: Path) -> None:
    text = HEAD + "2025-03-01,a,1\nbroken\n2025-03-01,b,1\nbroken,too\n2025-03-01,c,-1\n"
    text += "2025-03-01,d,1\n"
    found = bring(workspace, tmp_path, text, WAITS)
    assert rows(found, "row_no", "touchpoint") == [(2, "a"), (4, "b"), (7, "d")]


@pytest.mark.parametrize(("touchpoints", "in_order"), [(101, True), (100, False)])
def test_rows_of_many_touchpoints_are_laid_together(
    workspace: Workspace, tmp_path: Path, touchpoints: int, in_order: bool
) -> None:
    days = [f"2025-03-{day:02}" for day in (3, 1, 2)]
    lines = [f"{day},q{i % touchpoints:03},1" for day in days for i in range(touchpoints)]
    found = bring(workspace, tmp_path, HEAD + "\n".join(lines) + "\n", WAITS)
    with lake.cursor() as cursor:
        stored = cursor.execute(
            "SELECT touchpoint, occurred_at, row_no FROM waits WHERE import_id = ? ORDER BY rowid",
            [found.pk],
        ).fetchall()
    assert len(stored) == 3 * touchpoints
    assert (stored == sorted(stored)) is in_order
    # Each still says which line it was.
    assert all(lines[row - 2].startswith(f"{at:%Y-%m-%d},{code},") for code, at, row in stored)


def test_a_nul_character_is_rejected_in_words_not_an_error(workspace, upload_home):
    rows = "2026-03-01,a\x00b,5\n2026-03-01,desk,5\x00\n2026-03-01,desk,5\n"
    told = {**WAITS, "read": {"encoding": "utf-8"}}  # guessed from a NUL, it would be UTF-16
    found = bring(workspace, upload_home, HEAD + rows, told)
    assert (found.state, found.accepted, found.rejected) == ("done", 1, 2), found.error
    assert "holds a NUL character" in {p["reason"] for p in found.problems}
