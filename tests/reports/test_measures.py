"""Evidence within the map editor, the tree of journeys, and the map through a persona's eyes."""

import json

import pytest

from evidence.scope import Scope
from painpoints.models import PainPoint
from reports.measures import pooled
from tests.factories import JourneyFactory, PersonaFactory, StageFactory, StepFactory
from tests.lake_rows import answer, put
from tests.reports.conftest import scored

BRANCH = Scope(channels=("branch",))


@pytest.fixture
def told(page):
    """What the editor is told."""
    return lambda query="", status=200: json.loads(page(f"measures.json{query}", status))


def test_the_editor_is_told_the_figures_of_the_newest_run(run, told) -> None:
    found = told()
    assert (found["state"], found["run"], found["snapshot"]) == ("ready", run.pk, run.snapshot)
    lines = {line["code"]: line for line in run.result["touchpoints"]}
    for code, line in lines.items():
        severity = found["touchpoints"][code]["severity"]
        assert severity["value"] == line["severity"]
        assert severity["low"] <= severity["value"] <= severity["high"]
        assert severity["n"] == max(f["n"] for f in line["families"].values())
    waits = found["touchpoints"]["counter"]["waits"]
    assert waits["promise_s"] == lines["counter"]["waits"]["promise_s"]
    assert waits["late"] is (waits["p90_s"] > waits["promise_s"])
    assert found["touchpoints"]["app"]["csat"]["n"] == 60
    assert "n 60" in found["touchpoints"]["app"]["csat"]["said"]


def test_every_figure_on_the_map_comes_with_its_interval_and_n_in_words(run, told) -> None:
    lines = told()["touchpoints"]
    lately = lines["counter"]["severity"]
    low, high = round(lately["low"] * 100), round(lately["high"] * 100)
    assert (lately["interval_said"], lately["n_said"]) == (f"({low}–{high})", f"n {lately['n']}")
    csat = lines["app"]["csat"]
    assert csat["said"] == f"{csat['value_said']} {csat['interval_said']}, {csat['n_said']}"
    waits = lines["counter"]["waits"]
    assert waits["n_said"] == f"n {waits['offered']}"
    share, ends = waits["service_level"], (waits["service_level_low"], waits["service_level_high"])
    assert waits["kept"]["value_said"] == f"{round(share * 100)}%"
    low, high = (round(end * 100) for end in ends)
    assert waits["kept"]["beside_said"].startswith(f"({low}–{high}%) · ")


def test_the_scope_of_the_address_is_that_of_the_figures(run, told, journey) -> None:
    filtered = scored(journey, BRANCH)
    found = told("?channel=branch")
    assert found["run"] == filtered.pk
    assert found["touchpoints"]["app"]["csat"]["n"] == 40
    assert found["scope"]["said"] == "Branch"


def test_a_scope_nobody_scored_yet_is_on_its_way(run, told) -> None:
    found = told("?channel=branch")
    assert (found["state"], found["run"], found["touchpoints"]) == ("running", None, {})


def test_a_scope_that_cannot_be_meant_is_refused(run, told) -> None:
    assert "never" in told("?since=never", 400)["error"]


def test_a_step_has_the_feeling_of_its_touchpoints_together(
    workspace, journey, evidence, told
) -> None:
    put("responses", workspace, [answer("counter", "csat", 1)] * 50, 8)
    workspace.raise_evidence_revision()
    journey.workspace.refresh_from_db()
    step = journey.steps.get(name="Uses the app")
    step.touchpoints.add(workspace.touchpoints.get(code="counter"))
    scored(journey)
    found = told()
    parts = [found["touchpoints"][code]["emotion"] for code in ("counter", "app")]
    both = found["steps"][step.key]
    assert both["n"] == sum(part["n"] for part in parts)
    assert both["value"] == pytest.approx(sum(p["n"] * p["value"] for p in parts) / both["n"])
    alone = found["steps"][journey.steps.get(name="Uses the counter").key]
    assert alone["value"] == parts[0]["value"] and alone["n"] == 50


def test_a_group_without_an_interval_leaves_the_whole_without_one() -> None:
    one = {"n": 40, "value": 0.5, "low": 0.1, "high": 0.9}
    single = {"n": 1, "value": -2.0, "low": None, "high": None}
    assert pooled([one, single]) == {"n": 41, "value": 18 / 41, "low": None, "high": None}
    assert pooled([]) is None


def test_an_interval_cut_at_the_end_of_the_scale_counts_its_longer_side() -> None:
    cut = {"n": 50, "value": 1.9, "low": 1.7, "high": 2.0}
    found = pooled([cut, cut])
    assert found["low"] == pytest.approx(1.9 - 0.2 / 2**0.5)
    assert found["high"] == 2.0


def test_the_copy_of_a_map_is_the_one_to_lay_beside_it(run, told, journey) -> None:
    other = JourneyFactory(workspace=journey.workspace, name="Another")
    copy = JourneyFactory(workspace=journey.workspace, kind="to-be", copied_from=journey)
    beside = told()["beside"]
    assert beside["of"] == copy.slug
    assert {each["slug"] for each in beside["maps"]} == {other.slug, copy.slug}


def test_behind_a_touchpoint_every_number_opens(run, page, journey) -> None:
    counter = journey.workspace.touchpoints.get(code="counter")
    point = PainPoint.objects.create(
        workspace=journey.workspace, journey=journey, touchpoint=counter,
        origin="person", title="The <b>queue",
    )  # fmt: skip
    html = page("measures/?at=counter&at=nowhere")
    assert f"runs/{run.pk}/know/severity/?at=counter" in html
    assert f"runs/{run.pk}/know/wait_p90/?at=counter" in html
    assert "The &lt;b&gt;queue" in html and f"/painpoints/{point.pk}/" in html
    assert "<b>queue" not in html


def test_a_touchpoint_without_evidence_says_so(journey, page) -> None:
    html = page("measures/?at=app")
    assert "not measured yet" in html
    assert "No touchpoint of this name" in page("measures/?at=nowhere")


def test_the_tree_shows_a_journey_beneath_the_one_that_opens_it(
    run, journey, workspace, member, client_for
) -> None:
    whole = JourneyFactory(workspace=workspace, name="A life with the bank", slug="whole")
    stage = StageFactory(journey=whole)
    StepFactory(journey=whole, stage=stage, name="Opens an account", opens="opening")
    client = client_for(member("viewer"))
    html = client.get(f"/w/{workspace.slug}/journeys/overview/tree/").content.decode()
    assert html.index("A life with the bank") < html.index("Opening an account")
    assert html.count('<ul class="branches"') == 2
    assert "NPS" in html and "not scored yet" in html

    shown = client.get(f"/w/{workspace.slug}/journeys/whole/").content.decode()
    assert f'href="/w/{workspace.slug}/journeys/opening/"' in shown
    below = client.get(f"/w/{workspace.slug}/journeys/opening/").content.decode()
    assert below.index("A life with the bank</a>") < below.index('aria-current="page">Opening')


def test_the_map_through_a_personas_eyes(run, journey, page) -> None:
    step = journey.steps.get(name="Uses the app")
    lane = journey.lanes.get()
    zhou = PersonaFactory(journey=journey, name="Mr Zhou", key="zhou")
    step.cards.create(journey=journey, lane=lane, key="z", text="Asks his son", persona=zhou)
    assert "Asks his son" in page()
    mei = journey.personas.get(name="Lin Mei")
    html = page(f"?persona={mei.key}")
    assert "Asks his son" not in html and "Waits" in html
    assert f"persona={mei.key}" in html.split("figures/map.csv")[1][:80]
    assert "Asks his son" in page("?persona=nobody")


def test_personas_have_a_page(workspace, journey, page) -> None:
    persona = journey.personas.get()
    persona.goals, persona.frustrations = "An account <i>today</i>", "Forms"
    persona.save()
    html = page("personas/")
    assert "An account &lt;i&gt;today" in html and "Forms" in html
    assert f"?persona={persona.key}" in html
