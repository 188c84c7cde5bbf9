"""Where the lines of a service blueprint are drawn."""

import pytest

from journeys.blueprint import lines_between

CASES = {
    "a whole blueprint": (
        ["touchpoint", "action", "frontstage", "backstage", "system"],
        {2: "interaction", 3: "visibility", 4: "internal"},
    ),
    "several lanes on each side": (
        ["action", "emotion", "frontstage", "frontstage", "backstage", "policy", "system"],
        {2: "interaction", 4: "visibility", 5: "internal"},
    ),
    "lanes of no role between: right above the other side": (
        ["action", "pain", "frontstage", "opportunity", "metric", "backstage"],
        {2: "interaction", 5: "visibility"},
    ),
    "no frontstage": (["action", "backstage", "system"], {2: "internal"}),
    "only customers": (["action", "thought", "emotion", "pain"], {}),
    "only one side": (["frontstage"], {}),
    "upside down": (["backstage", "frontstage", "action"], {}),
    "mixed: only the line that still parts": (
        ["frontstage", "action", "backstage", "system"],
        {2: "visibility", 3: "internal"},
    ),
    "nothing": ([], {}),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_lines_are_where_roles_meet(case: str) -> None:
    kinds, lines = CASES[case]
    assert lines_between(kinds) == lines
