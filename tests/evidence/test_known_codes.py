"""Codes known from a file's first rows, and cells good as they stand, are a quicker way to the
same evidence."""

import random
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Workspace
from evidence import actions, import_files, importing, known_codes, lake, quick_sql
from evidence.models import Import, State
from tests.evidence.bringing import account, bring, rows

DOCUMENT: dict[str, Any] = {
    "kind": "waits",
    "fields": {
        "occurred_at": {"column": "at"},
        "touchpoint": {"column": "queue"},
        "customer": {"column": "who"},
        "channel": {"column": "channel", "missing": ["-"]},
        "segment": {"column": "segment", "map": {"a": "b", "b": "c", "gone": None}},
        "unit": {"column": "queue"},
        "wait_s": {"column": "wait"},
        "outcome": {
            "column": "end",
            "map": {"ok": "served", "lost": "abandoned"},
            "otherwise": "reject",
        },
    },
    "ignore": [{"wait": ["0"]}],
}
FORMATTED: dict[str, Any] = {
    "kind": "waits",
    "fields": {
        "occurred_at": {"column": "at", "format": "%Y-%m-%d"},
        "touchpoint": {"column": "queue", "map": {"desk": "hall", " hall": "lost", "new": None}},
        "customer": {"column": "who"},
        "channel": {"column": "channel", "map": {"web": "app", "app": None}, "otherwise": "ignore"},
        "segment": {"column": "segment", "map": {"": "none", "a": "a"}, "otherwise": "reject"},
        "unit": {"column": "wait"},
        "wait_s": {"column": "wait", "unit": "min"},
        "service_s": {"column": "end"},
    },
}
ANSWERS: dict[str, Any] = {
    "kind": "responses",
    "fields": {
        "occurred_at": {"column": "at", "format": "%Y-%m-%d %H:%M:%S"},
        "touchpoint": {"column": "queue"},
        "customer": {"column": "who"},
        "channel": {"column": "channel"},
        "metric": {"column": "segment", "map": {"a": "nps", "b": "csat", "c": "ces"}},
        "score": {"column": "wait"},
        "comment": {"column": "end"},
    },
}
PLAIN_METRIC: dict[str, Any] = {
    **ANSWERS,
    "fields": {**ANSWERS["fields"], "metric": {"column": "segment"}},
}
HEAD = "at,queue,who,channel,segment,wait,end\n"
COMMON = ("row_no", "occurred_at", "touchpoint", "customer", "channel", "segment", "unit",
          "journey", "attributes")  # fmt: skip
OWN = {
    "waits": ("wait_ms", "service_ms", "outcome", "agent"),
    "responses": ("metric", "score", "weight", "comment"),
}


def strange_file(lines: int) -> str:
    """Mostly good rows; codes that come up late, blanks around cells, and every kind of fault."""
    pick = random.Random(20)
    out = []
    for n in range(lines):
        late = "new" if n > lines // 2 else "hall"
        out.append([
            pick.choice([
                "2025-03-01", "2025-03-01", "2025-03-01 10:00:00", "2025-03-01 10:00:00",
                " 2025-03-02 ", "2025-3-4 1:02:3", "2025-03-01 24:00:00", "1969-03-01", "soon",
                "2999-01-01 00:00:00", "",
            ]),
            pick.choice(["hall", " hall", "desk ", "desk", late, "q" * 501, ""]),
            pick.choice(["7", " 7", "8", "c" * 501, ""]),
            pick.choice(["web", "web ", "-", "", "app", late]),
            pick.choice(["a", "b", " a", "gone", "d", late, "", "nps", "NPS", "ces", "csat", "c"]),
            pick.choice([*"19", " 2 ", "0", " 0", "1,5", "-3", "many", "1e300", "nan", "", "6.5"]),
            pick.choice(["ok", "ok", "lost", " ok ", "served", "", late, "7", " 8"]),
        ])  # fmt: skip
    return HEAD + "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in out)


def plainly(patch: pytest.MonkeyPatch) -> None:
    """No code is known, every cell goes the long way, and the lake writes its files itself."""
    patch.setattr(importing, "known_codes", lambda compiler: {})
    patch.setattr(quick_sql, "looks", lambda *given: {})
    patch.setattr(quick_sql, "milliseconds", lambda *given: "CAST(NULL AS BIGINT)")
    patch.setattr(importing, "NUMBER", "r.customer")
    patch.setattr(importing, "FEW", 1_000_000)


def kept(found: Import) -> tuple[Any, ...]:
    """All that an import tells and leaves, but its own number."""
    told = (account(found), found.codes, found.problems, found.first_at, found.last_at)
    refused = actions.rejected_file(found)
    return (
        *told,
        rows(found, *COMMON, *OWN[found.kind]),
        refused.read_text() if refused.exists() else "",
    )


@pytest.mark.parametrize("looked_at", [0, 3, 40, 100_000])
@pytest.mark.parametrize("document", [DOCUMENT, FORMATTED, ANSWERS, PLAIN_METRIC])
def test_the_evidence_is_the_same_as_without(
    workspace: Workspace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    document: dict[str, Any],
    looked_at: int,
) -> None:
    text = strange_file(1_200)
    with monkeypatch.context() as patch:
        plainly(patch)
        first = bring(workspace, tmp_path, text, document)
    assert first.state == State.DONE and 0 < first.accepted < 1_200
    expected = kept(first)
    actions.undo_import(found=first, user=None)
    monkeypatch.setattr(known_codes, "LOOKED_AT", looked_at)
    assert kept(bring(workspace, tmp_path, text, document)) == expected


@pytest.mark.parametrize("number", ["strlen(r.customer)", "coalesce(ascii(r.customer), 56)"])
def test_customers_whose_numbers_are_alike_stay_two(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: str
) -> None:
    """Of 7 and 8 the length is the same; 8 has the second number of rows without a customer."""
    text = HEAD + "".join(f"2025-03-01,hall,{who},web,d,5,ok\n" for who in ("7", "8", "99", ""))
    first = bring(workspace, tmp_path, text, DOCUMENT)
    expected = rows(first, "row_no", "customer")
    assert len({customer for _row, customer in expected}) == 4 and expected[3][1] is None
    actions.undo_import(found=first, user=None)
    monkeypatch.setattr(importing, "NUMBER", number)
    monkeypatch.setattr(importing, "FEW", 0)
    assert rows(bring(workspace, tmp_path, text, DOCUMENT), "row_no", "customer") == expected


def test_more_values_than_a_code_has(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_codes, "MOST_KNOWN", 1)
    text = HEAD + "".join(f"2025-03-01,hall,7,ch-{n},d,5,ok\n" for n in range(30))
    found = bring(workspace, tmp_path, text, DOCUMENT)
    assert [row[0] for row in rows(found, "channel")] == [f"ch-{n}" for n in range(30)]


def test_rows_by_touchpoint_tell_their_codes_by_row_group(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A known code's column would claim the whole range of codes; a journey reads few of them."""
    monkeypatch.setattr(importing, "MANY_TOUCHPOINTS", 3)
    text = HEAD + "".join(f"2025-03-01,q-{n % 5},7,web,d,5,ok\n" for n in range(250_000))
    found = bring(workspace, tmp_path, text, DOCUMENT)
    with lake.cursor() as cursor:
        pattern = f"{lake.data_path()}main/waits/import-{found.pk}-*.parquet"
        ranges = cursor.execute(
            "SELECT stats_min_value, stats_max_value FROM parquet_metadata(?) "
            "WHERE path_in_schema = 'touchpoint' ORDER BY row_group_id",
            [pattern],
        ).fetchall()
    assert ranges[0] == ("q-0", "q-2") and ranges[-1] == ("q-4", "q-4")


def test_what_hardly_repeats_has_no_dictionary(workspace: Workspace, tmp_path: Path) -> None:
    text = HEAD + "".join(f"2025-03-01,hall,{n % 5_000},web,d,5,ok\n" for n in range(40_000))
    found = bring(workspace, tmp_path, text, DOCUMENT)
    with lake.cursor() as cursor:
        pattern = f"{lake.data_path()}main/waits/import-{found.pk}-*.parquet"
        encodings = dict(
            cursor.execute(
                "SELECT path_in_schema, encodings FROM parquet_metadata(?)", [pattern]
            ).fetchall()
        )
    assert {name for name, told in encodings.items() if "DICTIONARY" not in told} == {
        "row_no",
        "customer",
    }


def test_a_failure_before_the_commit_leaves_no_file(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(import_files, "add", fail)
    text = HEAD + "2025-03-01,hall,7,web,d,5,ok\n" * 30
    found = bring(workspace, tmp_path, text, DOCUMENT)
    assert found.state == State.FAILED
    assert not list(Path(lake.data_path()).glob(f"main/waits/import-{found.pk}-*"))
    monkeypatch.undo()
    assert bring(workspace, tmp_path, text, DOCUMENT).accepted == 30
