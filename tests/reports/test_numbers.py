"""The parts of a page that another scope changes: put into a page, they make it the other page."""

import re
from collections.abc import Callable

import pytest
from django.test.html import Element, parse_html

from evidence.scope import Scope
from journeys.models import Step
from tests.factories import StepFactory, TouchpointFactory
from tests.lake_rows import answer, put
from tests.reports.conftest import scored

BRANCH, PHONE = Scope(channels=("branch",)), Scope(channels=("phone",))
NOWHERE = Scope(units=("east",))
# What the script sees to: links that carry the scope, the form's fields, the drawing's own words.
BY_SCRIPT = {"data-know", "hx-headers", "checked", "value"}


@pytest.fixture
def get(workspace, member, client_for) -> Callable:
    client = client_for(member("viewer"))

    def ask(path: str, **headers: str):
        return client.get(f"/w/{workspace.slug}/journeys/opening/{path}", headers=headers)

    return ask


def parsed(html: str) -> Element:
    return parse_html(re.sub(r"<!doctype html>", "", html))


def elements(root: Element) -> list[Element]:
    found = [root]
    for child in root.children:
        found += elements(child) if isinstance(child, Element) else []
    return found


def attribute(element: Element, name: str) -> str | None:
    return next((value for key, value in element.attributes if key == name), None)


def put_in(page: Element, parts: Element) -> int:
    """Does what htmx does; how many parts there were."""
    places = {attribute(each, "id"): each for each in elements(page)}
    count = 0
    for part in elements(parts):
        how = attribute(part, "hx-swap-oob")
        if how is None:
            continue
        place = places[attribute(part, "id")]
        place.children = part.children
        if how == "true":
            place.attributes = [one for one in part.attributes if one[0] != "hx-swap-oob"]
        count += 1
    return count


def oob(html: str) -> dict[str | None, Element]:
    """The parts by the places they go to."""
    found = elements(parsed(f"<div>{html}</div>"))
    return {attribute(e, "id"): e for e in found if attribute(e, "hx-swap-oob") is not None}


def told(element: Element, carries: bool = False) -> list[str]:
    """Everything in the page but what the script sees to."""
    attributes = dict(element.attributes)
    carries = carries or "data-scoped" in attributes
    said = [
        f"{name}={value}"
        for name, value in attributes.items()
        if name not in BY_SCRIPT
        and not (name == "href" and carries)
        and not (name == "aria-label" and "data-plot" in attributes)
        and not (name == "style" and "-height: " in str(value))
    ]
    lines = [f"<{element.name} {' '.join(said)}>"]
    for child in element.children:
        lines += told(child, carries) if isinstance(child, Element) else [str(child)]
    return lines


@pytest.fixture
def world(run, journey, workspace) -> None:
    put("responses", workspace, [answer("counter", "nps", 3, channel="phone")] * 45, 6)
    workspace.raise_evidence_revision()
    journey.workspace.refresh_from_db()
    for scope in (Scope(), BRANCH, PHONE):
        scored(journey, scope)


@pytest.mark.parametrize("page", ["", "ranking/"])
@pytest.mark.parametrize(
    ("before", "after"), [("", "channel=branch"), ("channel=branch", "channel=phone"),
                          ("channel=phone", "")],
)  # fmt: skip
def test_the_parts_make_a_page_of_another_scope_the_page_it_would_have_been(
    world, get, page, before, after
) -> None:
    shown = parsed(get(f"{page}?{before}").content.decode())
    wanted = parsed(get(f"{page}?{after}").content.decode())
    assert told(shown) != told(wanted)
    parts = get(f"{page}numbers/?{after}", HX_Request="true")
    assert put_in(shown, parsed(f"<div>{parts.content.decode()}</div>")) > 7
    assert told(shown) == told(wanted)


@pytest.mark.parametrize("page", ["", "ranking/"])
@pytest.mark.parametrize(
    ("in_sight", "missing"),
    [("", {"table", "narrow"}), ("table", {"narrow"}), ("narrow", {"table"})],
)
def test_what_is_out_of_sight_is_left_out_and_all_else_is_the_same(
    world, get, page, in_sight, missing
) -> None:
    asked = f"{page}numbers/?channel=branch"
    every = oob(get(asked).content.decode())
    some = oob(get(asked, X_In_Sight=in_sight).content.decode())
    narrow = ["-bands"] if page else ["-glance", "-stage-", "-place-"]
    kinds = {"table": ["-table"], "narrow": narrow}
    left = [end for kind in missing for end in kinds[kind]]
    assert set(every) - set(some) == {
        name for name in every if any(end in str(name) for end in left)
    }
    assert len(every) > len(some)
    assert all(every[name] == some[name] for name in some)


@pytest.mark.parametrize("persona", ["", "?"])
def test_the_parts_are_those_of_the_persona_that_is_looked_at(world, get, journey, persona) -> None:
    key = journey.personas.get().key if persona else ""
    drawn = {}
    for address in ("?", "numbers/?"):
        html = get(f"{address}persona={key}&channel=branch").content.decode()
        (drawn[address],) = re.findall(r"data-plot-json>(.*?)</script>", html, re.S)
    assert drawn["?"] == drawn["numbers/?"]


def shape(html: str) -> str:
    (found,) = re.findall(r'"X-Drawn": "(\w+)"', html)
    return found


def test_a_map_that_was_changed_meanwhile_is_loaded_as_a_whole(world, get, journey) -> None:
    drawn = shape(get("").content.decode())
    assert "HX-Redirect" not in get("numbers/?channel=branch", X_Drawn=drawn).headers
    step = Step.objects.first()
    StepFactory(journey=journey, stage=step.stage, name="Another").touchpoints.add(
        TouchpointFactory(workspace=journey.workspace, code="other")
    )
    scored(journey, BRANCH)
    answered = get("numbers/?channel=branch", X_Drawn=drawn)
    whole = f"/w/{journey.workspace.slug}/journeys/opening/?channel=branch"
    assert (answered.headers["HX-Redirect"], answered.content) == (whole, b"")
    unasked = get("numbers/?channel=branch", X_Drawn=drawn, X_Live="1")
    assert (unasked.status_code, "HX-Redirect" in unasked.headers) == (204, False)


@pytest.mark.parametrize("page", ["", "ranking/"])
@pytest.mark.parametrize("query", ["channel=nobody", "since=2025-13-01", "unit=east"])
def test_what_cannot_be_told_yet_or_at_all_is_told_by_the_whole_page(
    world, get, workspace, page, query
) -> None:
    """A scope that cannot be meant, and one that a worker counts."""
    put("responses", workspace, [answer("app", "csat", 2, unit="east")], 7)
    answered = get(f"{page}numbers/?{query}")
    whole = f"/w/{workspace.slug}/journeys/opening/{page}?{query}"
    assert answered.headers["HX-Redirect"] == whole
