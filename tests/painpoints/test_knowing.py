"""“How do we know?”: every number of a run opens to its definition and its rows."""

import csv
import io
import random
import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.access import Role
from evidence import lake
from evidence.models import Import, State
from evidence.scope import Scope
from evidence.upkeep import forget_snapshots
from painpoints import knowing_rows
from painpoints.definitions import definition_of
from painpoints.knowing import FIGURES, Number, UnknownNumber, address, expected, number_of
from painpoints.models import ScoringRun
from painpoints.rules import rules_of, why_not
from painpoints.verifying import GONE, verify
from tests.factories import MetricFactory, PromiseFactory, SegmentFactory
from tests.lake_rows import NOON, answer, customer, passage, put, wait
from tests.painpoints.conftest import scored

EASE = ("metric", "ease")


@pytest.fixture
def evidence(journey, workspace) -> None:
    """Every family at the counter, with weights, special promises, own metrics and a goal."""
    chance = random.Random(3)
    MetricFactory(workspace=workspace, code="ease")
    gold = SegmentFactory(workspace=workspace, code="gold")
    PromiseFactory(
        touchpoint=workspace.touchpoints.get(code="counter"), segment=gold, max_wait_s=20
    )
    journey.goal_touchpoints.add(workspace.touchpoints.get(code="app"))

    def where() -> dict[str, Any]:
        return {
            "touchpoint": chance.choice(["counter", "counter", "phone", "app"]),
            "segment": chance.choice(["gold", "mass", None]),
            "unit": chance.choice(["north", None]),
            "occurred_at": NOON + timedelta(minutes=chance.randrange(20_000)),
        }

    def answered() -> dict[str, Any]:
        metric = chance.choice(["nps", "csat", "ces", "ease"])
        score = chance.randrange(11) if metric == "nps" else chance.randrange(1, 6)
        weight = Decimal(chance.choice(["1", "0.5", "2.25"]))
        return {**answer("", metric, score, weight=weight), **where()}

    put("responses", workspace, [answered() for _ in range(100)], import_id=11)
    own = [{**answer(None, m, 1 + n % 5), "journey": "opening"}
           for n in range(20) for m in ("nps", "csat", "ces", "ease")]  # fmt: skip
    put("responses", workspace, own, import_id=12)
    times = (0, 3, 5, 6, 20, 21, 60, 61, 90)
    put("waits", workspace, [
        {**wait("", chance.choice(times), chance.choice(["served", "abandoned"])), **where()}
        for _ in range(100)
    ], import_id=13)  # fmt: skip
    put("interactions", workspace, [
        {**where(), "customer": chance.choice([None, *map(customer, "abcdefghijklmnop")]),
         "case_id": chance.choice([None, "k1", "k2"])}
        for _ in range(100)
    ], import_id=14)  # fmt: skip


@pytest.fixture
def run(evidence, journey) -> ScoringRun:
    return scored(journey)


def every_number(run: ScoringRun) -> list[Number]:
    """All that the run has: each figure at each touchpoint, and the journey's own."""
    plain = [(figure, "") for figure in FIGURES if figure != "metric"]
    at = [number_of(run, f, t["code"], m)
          for t in run.result["touchpoints"] for f, m in (*plain, EASE)]  # fmt: skip
    own = [number_of(run, f, "", m) for f, m in (("nps", ""), ("csat", ""), ("ces", ""), EASE)]
    return [*at, *own]


def rows_of(number: Number) -> list[dict[str, str]]:
    """The download's rows, read as a program would."""
    text = "".join(knowing_rows.csv_lines(number, painful_only=False)).removeprefix("\ufeff")
    lines = [line for line in csv.reader(io.StringIO(text)) if not line[0].startswith("#")]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def kish(rows: list[dict[str, str]], chosen: str) -> tuple[float, float]:
    """x and n of rows by the definition in docs/methods.md, from the cells alone."""
    weights = [(Decimal(row.get("weight", "1")), row[chosen] == "true") for row in rows]
    total, squares = sum(w for w, _c in weights), sum(w * w for w, _c in weights)
    x = sum(w for w, counts in weights if counts)
    return float(x * total / squares), float(total * total / squares)


@pytest.mark.parametrize("scope", [Scope(), Scope(segments=("gold",))], ids=["all", "gold"])
def test_the_rows_of_every_number_add_up_to_it(evidence, journey, scope) -> None:
    checked = set()
    for number in every_number(scored(journey, scope)):
        if number.wanted is None:
            continue
        found = rows_of(number)
        behind = knowing_rows.behind(number)
        assert behind.account.rows == len(found)
        stored = expected(number)
        if stored is None:  # quantiles and means: only how many there are
            assert number.shown.n == len(found)
        else:
            assert behind.agrees is True, number
            assert kish(found, "counts") == pytest.approx(stored), number
            checked.add((number.figure, bool(number.code)))
        if number.figure == "nps":
            assert kish(found, "painful")[0] == pytest.approx(number.found["detractors"])
    told = {figure for figure, _at in checked}
    assert told == {"felt", "waited", "repeated", "lost", "reach", "nps", "csat", "ces", "metric",
                    "service_level", "abandonment"}  # fmt: skip
    assert {figure for figure, at in checked if not at} >= ({"nps"} if scope.is_whole else set())


def test_rows_are_those_of_the_runs_snapshot_whatever_came_after(run, workspace) -> None:
    number = number_of(run, "waited", "counter")
    before = rows_of(number)
    put("waits", workspace, [wait("counter", 500)] * 30, import_id=99)
    lake.delete_import("waits", workspace_id=workspace.pk, import_id=13, message="undo")
    assert rows_of(number) == before
    assert knowing_rows.behind(number).agrees is True


def test_the_formula_is_filled_in_with_the_runs_numbers(run) -> None:
    waited = number_of(run, "waited", "counter")
    found, prior = waited.found, run.result["priors"]["waited"]
    lines = definition_of(waited).lines
    assert lines[0] == "r = (a + x) ÷ (a + b + n)"
    assert f"{found['rate']:.4f}".rstrip("0") in lines[1]
    assert (prior["a"] + found["x"]) / (prior["a"] + prior["b"] + found["n"]) == pytest.approx(
        found["rate"]
    )
    severity = number_of(run, "severity", "counter")
    filled = definition_of(severity).lines[1]
    product = 1.0
    for factor in filled.replace("\xa0", " ").split("(1 − ")[1:]:
        weight, rate = factor.split(")")[0].split(" · ")
        product *= 1 - float(weight) * float(rate)
    assert 1 - product == pytest.approx(severity.line["severity"], abs=2e-4)


def test_quantiles_and_the_mean_of_waits_have_intervals(journey, workspace) -> None:
    put("waits", workspace, [wait("counter", s) for s in range(100)])
    put("waits", workspace, [wait("phone", s) for s in range(7)], 2)
    run = scored(journey)
    median = number_of(run, "wait_p50", "counter")
    # the 40th and the 61st of 100: Conover 1999, table A3
    assert (median.shown.low, median.shown.value, median.shown.high) == (39, 49.5, 60)
    assert "from wait number 40 to wait number 61 of 100" in definition_of(median).lines[0]
    mean = number_of(run, "wait_mean", "counter")
    assert mean.shown.low < mean.shown.value < mean.shown.high
    assert number_of(run, "wait_p95", "phone").has_interval is False


def test_older_runs_get_them_as_long_as_their_rows_are_kept(journey, workspace, analyst) -> None:
    put("waits", workspace, [wait("counter", s) for s in range(100)])
    run = scored(journey)
    number = number_of(run, "wait_p90", "counter")
    put("waits", workspace, [wait("counter", 900)] * 100, import_id=2)
    with lake.cursor() as cursor:
        forget_snapshots(cursor, days=0)
    html = page(analyst, number)
    assert "Its interval cannot be told: the rows are gone." in html
    assert verify(run).outcome == GONE


def test_every_number_says_something(run) -> None:
    for number in every_number(run):
        told = definition_of(number)
        assert told.words and why_not(number) != (told.sentence or "a")
        assert bool(told.sentence) == (number.shown.value is not None), number
        assert not any("nan" in line.lower() or "None" in line for line in told.lines)


def test_promises_and_thresholds_that_decided_are_told(run) -> None:
    rules = dict(rules_of(number_of(run, "waited", "counter")))
    assert rules["Promise"] == "within 1 min · within 20 s (gold)"
    assert rules["Short abandons"] == "up to 5 s are left out"
    assert rules["Weights"] == "Waited 0.6"
    assert dict(rules_of(number_of(run, "nps", "counter"))) == {"Painful answers": "NPS ≤ 6"}
    assert dict(rules_of(number_of(run, "lost", "counter")))["Goal"] == "App"


def test_why_a_number_cannot_be_told(journey, workspace) -> None:
    put("waits", workspace, [wait("phone", 10)] * 40)
    put("responses", workspace, [answer("counter", "csat", 1)] * 5)
    run = scored(journey)
    assert "No promise" in why_not(number_of(run, "waited", "phone"))
    assert "no touchpoint that means success" in why_not(number_of(run, "lost", "phone"))
    assert "fewer than 30" in why_not(number_of(run, "rank", "counter"))
    assert "no evidence" in why_not(number_of(run, "severity", "app"))
    assert why_not(number_of(run, "severity", "counter")) == ""


@pytest.mark.parametrize(
    "name", [("joy", "counter"), ("nps", "nowhere"), ("severity", ""), ("metric", "counter")]
)
def test_names_that_no_number_has(run, name) -> None:
    with pytest.raises(UnknownNumber):
        number_of(run, *name)


# ---- pages ----


def page(client, number: Number, view: str = "know", status: int = 200, **more: Any) -> str:
    answered = client.get(number.address(view), **more)
    assert answered.status_code == status, answered.content.decode()[:500]
    if answered.streaming:
        return b"".join(answered.streaming_content).decode()
    return answered.content.decode()


@pytest.fixture
def analyst(member, client_for):
    return client_for(member(Role.ANALYST))


def test_every_number_has_its_page(run, analyst) -> None:
    for number in every_number(run):
        text = page(analyst, number)
        assert number.name in text and "What it means" in text
        assert not re.search(r"\bnan\b", text.split('id="content"')[1], re.I)


def test_the_panel_gets_its_part_alone(run, analyst) -> None:
    number = number_of(run, "severity", "counter")
    panel = page(analyst, number, headers={"HX-Request": "true", "HX-Target": "panel"})
    assert "<html" not in panel and "data-panel-close" in panel and "1 − Π" in panel
    assert "<html" in page(analyst, number)


def test_rows_come_page_by_page_and_the_painful_ones_alone(run, analyst, workspace) -> None:
    Import.objects.create(pk=13, workspace=workspace, source="queue.csv", kind="waits",
                          state=State.UNDONE)  # fmt: skip
    number = number_of(run, "waited", "counter")
    text = page(analyst, number, "know_rows")
    total = knowing_rows.behind(number).account
    assert text.count('data-label="Import"') == 25
    assert f"1–25 of {total.rows}" in text and "queue.csv" in text
    assert number.address("know_rows", painful="1").replace("&", "&amp;") in text
    second = analyst.get(number.address("know_rows", page="2", painful="1")).content.decode()
    assert f"of {total.painful}" in second and "not painful" not in second
    assert "served in time" not in second
    last = analyst.get(number.address("know_rows", page="9999")).content.decode()
    assert f"of {total.rows}" in last and 'rel="next"' not in last


def test_the_download_says_where_it_comes_from(run, analyst) -> None:
    text = page(analyst, number_of(run, "felt", "counter"), "know_rows_csv")
    assert text.startswith("\ufeff# touchline,")
    assert f"# snapshot,{run.snapshot}\r\n" in text and "# formula,pain/1\r\n" in text
    assert "occurred_at,code,metric,score,weight" in text


def test_a_cell_is_no_formula(journey, workspace, analyst) -> None:
    put("responses", workspace, [answer("counter", "csat", 1, unit="=HYPERLINK(1)")] * 2)
    text = page(analyst, number_of(scored(journey), "felt", "counter"), "know_rows_csv")
    assert ",'=HYPERLINK(1)," in text


def test_no_customer_is_shown_whole(run, analyst) -> None:
    number = number_of(run, "repeated", "counter")
    whole = {str(customer(name)) for name in "abcdefghijklmnop"}
    for view in ("know_rows", "know_rows_csv"):
        text = page(analyst, number, view)
        assert "c-" in text and not any(one in text for one in whole)


def test_viewers_see_how_it_is_known_but_no_rows(run, member, client_for, stranger) -> None:
    number = number_of(run, "waited", "counter")
    viewer = client_for(member(Role.VIEWER))
    page(viewer, number)
    sources = page(viewer, number, "know_sources")
    assert "Your role does not open evidence" in sources and "know/waited/rows" not in sources
    for view in ("know_rows", "know_rows_csv"):
        page(viewer, number, view, status=403)
        page(client_for(stranger), number, view, status=404)


def test_unknown_numbers_and_unfinished_runs(run, analyst, journey) -> None:
    assert analyst.get(address(run, "severity", "nowhere")).status_code == 404
    assert analyst.get(address(run, "joy", "counter")).status_code == 404
    ScoringRun.objects.filter(pk=run.pk).update(result=None)
    assert analyst.get(address(run, "severity", "counter")).status_code == 302


def test_rows_that_are_gone_are_said_to_be_gone(run, analyst, workspace) -> None:
    number = number_of(run, "waited", "counter")
    page(analyst, number, "know_sources")  # what was counted is kept for a while
    put("waits", workspace, [wait("counter", 1)])
    with lake.cursor() as cursor:
        forget_snapshots(cursor, days=0)
    for view in ("know", "know_sources", "know_rows", "know_thresholds"):
        text = page(analyst, number, view)
        assert "The run keeps its numbers; its rows are gone." in text, view
        assert "data-label" not in text and "Counted again from its rows" not in text
    page(analyst, number, "know_rows_csv", status=410)
    assert definition_of(number).lines[1] in page(analyst, number).replace("&#x27;", "'")


def test_a_code_may_hold_any_character(workspace, journey, analyst) -> None:
    workspace.touchpoints.filter(code="counter").update(code="Schalter/1 & 柜台?")
    put("waits", workspace, [wait("Schalter/1 & 柜台?", 90)] * 40)
    number = number_of(scored(journey), "waited", "Schalter/1 & 柜台?")
    assert "Counter" in page(analyst, number)
    assert "served late" in page(analyst, number, "know_rows")


def test_passages_of_the_unknown_are_not_among_the_rows(journey, workspace) -> None:
    put("interactions", workspace, [passage("counter", None), passage("counter", "ann")])
    number = number_of(scored(journey), "repeated", "counter")
    assert len(rows_of(number)) == 1


# ---- API ----


def api(client, number: Number, rest: str = "", **query: str):
    query = {"at": number.code, "workspace": number.run.workspace.slug, **query}
    path = f"/api/v1/scoring-runs/{number.run.pk}/know/{number.figure}/{rest}"
    return client.get(path, {k: v for k, v in query.items() if v})


def test_programs_learn_the_same(run, analyst, member, client_for, stranger) -> None:
    number = number_of(run, "waited", "counter")
    told = api(analyst, number).json()
    assert told["value"] == number.found["rate"] and told["x"] == number.found["x"]
    assert told["formula"] == list(definition_of(number).lines)
    assert {"name": "Short abandons", "value": "up to 5 s are left out"} in told["made_with"]
    assert {move["setting"] for move in told["moved_weights"]} >= {"Waited", "Felt"}
    found = api(analyst, number, "rows/", painful="1").json()
    assert found["agrees_with_the_run"] is True and found["rows"] == number.found["n"]
    assert all(row["painful"] for row in found["results"]) and found["count"] == found["painful"]
    assert all((row["customer"] or "c-").startswith("c-") for row in found["results"])
    assert api(client_for(member(Role.VIEWER)), number, "rows/").status_code == 403
    assert api(client_for(member(Role.VIEWER)), number).status_code == 200
    assert api(client_for(stranger), number).status_code == 404
    assert api(analyst, number, at="nowhere").status_code == 404


def test_programs_are_told_that_rows_are_gone(run, analyst, workspace) -> None:
    put("waits", workspace, [wait("counter", 1)])
    with lake.cursor() as cursor:
        forget_snapshots(cursor, days=0)
    number = number_of(run, "waited", "counter")
    assert api(analyst, number, "rows/").status_code == 410
    assert api(analyst, number).json()["rows_are_kept"] is False
