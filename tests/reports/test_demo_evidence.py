"""The demo's generator alone: the same bytes each time, the promised size, the planted pains."""

import csv
import hashlib
import json
from collections import Counter
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from django.conf import settings

from reports.demo.evidence import DAY, Passages, simulate
from reports.demo.files import write_files
from reports.demo.mappings import DUPLICATES, HEADERS, IGNORED, REJECTED, UNKNOWN_ROWS
from reports.demo.maps import MAPS
from reports.demo.process import BRANCHES, DAYS, END, PROCESSES, SEGMENTS, START, day_of

KINDS = ("interactions", "waits", "responses")


@pytest.fixture(scope="module")
def whole() -> dict[str, Passages]:
    return {passages.journey: passages for passages in simulate()[1]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    write_files(folder, scale=0.05)
    return folder


def at(passages: Passages, code: str) -> np.ndarray:
    codes = [point.code for point in passages.points]
    return passages.point == codes.index(code)


def digests(folder: Path) -> list[str]:
    return [hashlib.sha256((folder / f"{kind}.csv").read_bytes()).hexdigest() for kind in KINDS]


def rows(folder: Path, kind: str) -> list[dict[str, str]]:
    with (folder / f"{kind}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_it_writes_the_same_bytes_for_the_same_seed(folder: Path, tmp_path: Path) -> None:
    write_files(tmp_path, scale=0.05)
    assert digests(tmp_path) == digests(folder)


def test_it_writes_other_bytes_for_another_seed(folder: Path, tmp_path: Path) -> None:
    write_files(tmp_path, scale=0.05, seed=7)
    assert all(a != b for a, b in zip(digests(tmp_path), digests(folder), strict=True))


def test_the_whole_demo_has_about_300_000_pieces_of_evidence(tmp_path: Path) -> None:
    written = {file.kind: file for file in write_files(tmp_path)}
    assert sum(file.accepted for file in written.values()) == pytest.approx(300_000, rel=0.03)
    assert min(file.accepted for file in written.values()) > 50_000
    for kind, file in written.items():
        assert len(rows(tmp_path, kind)) == file.rows


def test_the_files_have_the_columns_and_the_dirt_they_promise(folder: Path) -> None:
    for kind in KINDS:
        found = rows(folder, kind)
        assert tuple(found[0]) == HEADERS[kind]
        ids = Counter(row[HEADERS[kind][0]] for row in found)
        assert sum(n - 1 for n in ids.values()) == DUPLICATES
        assert sum(row["customer"] == "TEST" for row in found) == IGNORED
        unknown = sum("lobby-kiosk" in row.values() for row in found)
        assert unknown == (0 if kind == "responses" else UNKNOWN_ROWS)
        assert sum("X" in number for number in ids) == REJECTED + IGNORED + unknown


def test_everything_happens_within_the_fourteen_months(whole: dict[str, Passages]) -> None:
    assert (str(START), str(END)) == ("2025-09-01T00:00:00", "2026-11-01T00:00:00")
    for passages in whole.values():
        months = np.bincount((passages.at // DAY * 14 // DAYS).astype(int), minlength=14)
        assert len(months) == 14
        # No ramp at either end: each of 14 equal parts has its share.
        assert months.min() > 0.8 * months.mean()


def test_branches_are_closed_at_night_and_on_sundays(whole: dict[str, Passages]) -> None:
    for passages in whole.values():
        branch = np.array([p.channel == "branch" for p in passages.points])[passages.point]
        hour = passages.at[branch] % DAY // 3600
        assert hour.min() >= 9
        assert hour.max() <= 16
        assert not (passages.at[branch] // DAY % 7 == 6).any()


def test_a_customer_takes_one_step_after_the_other(whole: dict[str, Passages]) -> None:
    passages = whole["mortgage"]
    order = np.lexsort((passages.at, passages.case))
    at_, case, point = passages.at[order], passages.case[order], passages.point[order]
    same = case[1:] == case[:-1]
    assert (np.diff(at_)[same] > 0).all()
    # Slots follow each other, so the way back never skips more than the alternatives of a slot.
    assert (np.diff(point)[same] >= -2).all()


def test_waits_at_the_identity_counter_are_above_the_promise(whole: dict[str, Passages]) -> None:
    passages = whole["opening-an-account"]
    waits = passages.wait_s[at(passages, "account-id-counter")]
    assert np.median(waits) > 600
    desk = passages.wait_s[at(passages, "account-branch-desk")]
    assert np.median(desk) < 400


def test_nearly_half_of_the_uploads_have_to_be_done_again(whole: dict[str, Passages]) -> None:
    passages = whole["mortgage"]
    again = {
        point.code: passages.again[passages.point == i].mean()
        for i, point in enumerate(passages.points)
    }
    assert again.pop("mortgage-document-upload") == pytest.approx(0.46, abs=0.03)
    assert max(again.values()) < 0.15


def test_callers_hang_up_on_mondays(whole: dict[str, Passages]) -> None:
    passages = whole["card-dispute"]
    hotline = at(passages, "dispute-hotline")
    monday = passages.at // DAY % 7 == 0
    assert passages.abandoned[hotline & monday].mean() > 0.35
    assert passages.abandoned[hotline & ~monday].mean() < 0.18


def test_selfies_need_fewer_retries_after_the_camera_guide(whole: dict[str, Passages]) -> None:
    passages = whole["opening-an-account"]
    selfie = at(passages, "account-id-selfie")
    after = passages.at >= day_of("2026-05-01") * DAY
    assert passages.again[selfie & ~after].mean() > 3 * passages.again[selfie & after].mean()


def test_the_status_page_hurts_more_since_july(whole: dict[str, Passages]) -> None:
    passages = whole["mortgage"]
    status = at(passages, "mortgage-status")
    after = passages.at >= day_of("2026-07-01") * DAY
    assert passages.hurt[status & after].mean() > 2 * passages.hurt[status & ~after].mean()


def test_two_branches_are_bad_each_in_its_own_way(whole: dict[str, Passages]) -> None:
    passages = whole["opening-an-account"]
    counter = at(passages, "account-id-counter")
    desk = at(passages, "account-branch-desk")
    codes = [branch.code for branch in BRANCHES]
    median = [np.median(passages.wait_s[counter & (passages.unit == i)]) for i in range(20)]
    assert codes[int(np.argmax(median))] == "b05"
    assert max(median) > 1.6 * np.median(median)
    # The other one keeps its customers no longer than elsewhere, and hurts them all the same.
    rude = codes.index("b17")
    assert median[rude] < 1.2 * np.median(median)
    happy_to_wait = desk & (passages.wait_s <= 600) & ~passages.abandoned
    hurt = [passages.hurt[happy_to_wait & (passages.unit == i)].mean() for i in range(20)]
    assert hurt[rude] > 2 * np.median(hurt)


def test_advice_turns_round_by_segment(whole: dict[str, Passages]) -> None:
    customers, journeys = simulate()
    passages = next(p for p in journeys if p.journey == "mortgage")
    segment = customers.segment[passages.customer]
    branch, video = at(passages, "mortgage-advice-branch"), at(passages, "mortgage-advice-video")
    assert passages.hurt[branch].mean() < passages.hurt[video].mean()
    for i in range(len(SEGMENTS)):
        of = segment == i
        assert passages.hurt[branch & of].mean() > passages.hurt[video & of].mean()


def test_the_pilot_desk_has_fewer_than_thirty_customers(whole: dict[str, Passages]) -> None:
    passages = whole["card-dispute"]
    desk = at(passages, "dispute-specialist-desk")
    assert desk.sum() == 18
    assert passages.hurt[desk].mean() > 0.7


def test_the_maps_are_valid_and_name_the_touchpoints_of_the_evidence() -> None:
    schema = json.loads((settings.BASE_DIR / "docs" / "map-file.schema.json").read_text())
    for map_, process in zip(MAPS, PROCESSES, strict=True):
        jsonschema.validate(map_, schema)
        assert map_["journey"]["slug"] == process.journey
        assert map_["journey"]["goal_touchpoints"] == [process.goal]
        on_map = {code for step in map_["steps"] for code in step["touchpoints"]}
        assert on_map == {point.code for point in process.points}
        assert 5 <= len(map_["stages"]) <= 7
        assert 8 <= len(map_["steps"]) <= 12
        assert {card.get("basis") for card in map_["cards"]} >= {
            "assumption", "interview", "survey", "log",
        }  # fmt: skip
