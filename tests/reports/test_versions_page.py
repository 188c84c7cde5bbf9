"""Two states of a map compared in the browser, beside the figures of their times."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from journeys import editing
from journeys.actions import duplicate_journey
from journeys.models import Journey, Operation
from journeys.operations import Change
from journeys.versions import name_version
from painpoints.models import ScoringRun
from reports import versions
from tests.lake_rows import put, wait
from tests.painpoints.conftest import scored


@pytest.fixture
def browser(owner, client_for) -> Client:
    return client_for(owner)


def address(journey: Journey, query: str = "") -> str:
    return f"/w/{journey.workspace.slug}/journeys/{journey.slug}/compare/{query}"


def change(journey: Journey, *changes: Change) -> Operation:
    return editing.edit(journey=journey, user=None, changes=changes)


@pytest.fixture
def scored_twice(journey: Journey) -> tuple[ScoringRun, ScoringRun]:
    """A run five days ago, and one of today after a better week at the counter."""
    put("waits", journey.workspace, [wait("counter", 99 if i % 2 else 1) for i in range(200)])
    old = scored(journey)
    ScoringRun.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=5))
    put("waits", journey.workspace, [wait("counter", 1) for i in range(600)])
    journey.workspace.raise_evidence_revision()
    journey.refresh_from_db()
    new = scored(journey)
    old.refresh_from_db()
    return old, new


def test_what_differs_is_on_the_map_in_words_beside_its_figures(
    journey: Journey, browser: Client, scored_twice
) -> None:
    old, new = scored_twice
    first = change(journey, Change("cards", "a", None, {
        "lane": journey.lanes.first().key, "step": journey.steps.first().key,
        "text": "Waits in <b>line</b> for long",
    }))  # fmt: skip
    Operation.objects.filter(pk=first.pk).update(made_at=timezone.now() - timedelta(days=4))
    name_version(journey=journey, user=None, name="Last week")
    stage, other = journey.stages.first().key, journey.steps.last().key
    text = "Waits in <b>line</b> briefly"
    change(journey, Change("cards", "a", {}, {"text": text, "step": other}),
           Change("stages", stage, {}, {"name": "Asking"}))  # fmt: skip
    page = browser.get(address(journey))
    html = page.content.decode()
    assert page.status_code == 200 and "Last week" in html
    assert "<del>for</del>" in html or "<del>for long</del>" in html
    assert "<ins>briefly</ins>" in html and "<b>line" not in html and "&lt;" in html
    assert "changed" in html and "moved" in html and "Asking" in html
    told = page.context["told"]
    assert (told.then.run, told.now.run) == (old, new)
    row = next(row for row in told.figures.rows if row.code == "counter")
    assert row.then is not None and row.now is not None
    assert row.then["severity"] > row.now["severity"] and row.points["difference"] < 0
    assert told.figures.share_rows and "do not apply" in html


def test_a_state_with_itself_and_one_run(journey: Journey, browser: Client) -> None:
    put("waits", journey.workspace, [wait("counter", 99) for _ in range(60)])
    scored(journey)
    html = browser.get(address(journey, "?then=0&now=now")).content.decode()
    assert "Nothing differs" in html and "No scoring run lies between" in html


def test_without_figures_the_map_is_compared_all_the_same(journey, browser: Client) -> None:
    change(journey, Change("stages", "new", None, {"name": "Afterwards"}))
    html = browser.get(address(journey, "?then=0&now=1")).content.decode()
    assert "No scoring run" in html and "Afterwards" in html and "added" in html


def test_a_copy_with_what_it_came_from(journey: Journey, browser: Client) -> None:
    copy = duplicate_journey(journey=journey)
    change(copy, Change("cards", copy.cards.first().key, {}, {"text": "No queue any more"}))
    assert versions.usual_then(copy) == "journey:opening"
    page = browser.get(address(copy))
    assert page.context["told"].found.counts["changed"] == 1
    assert "No queue any more" in page.content.decode()
    back = browser.get(address(journey, f"?then=now&now=journey:{copy.slug}"))
    assert back.context["told"].found.counts["changed"] == 1


@pytest.mark.parametrize("chosen", ["9", "-1", "x", "journey:other", "9" * 30, "١"])
def test_states_that_are_none_are_not_found(journey: Journey, browser: Client, chosen) -> None:
    assert browser.get(address(journey), {"then": chosen}).status_code == 404
