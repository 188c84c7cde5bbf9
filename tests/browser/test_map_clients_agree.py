"""Whatever several people do at once, and however late they hear of each other: in the end all
have the map that the server has."""

from pathlib import Path

import pytest

from tests.browser.editing import Editing, make_map

CLIENTS = (Path(__file__).parent / "clients.js").read_text()


@pytest.fixture(scope="module")
def team(site):
    return site.new_workspace("agreeing", "una@agreeing.example")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_all_clients_end_with_the_servers_map(visit, team, seed):
    visitor = visit(team)
    page = visitor.page
    path = make_map(page, "agreeing", f"Together {seed}")
    Editing(page, path)
    told = page.evaluate(CLIENTS, {"path": path, "seed": seed, "turns": 90})
    assert told["unsettled"] == [0, 0, 0]
    for shown in told["clients"]:
        assert shown == told["server"]
    assert told["server"] != told["start"]
    assert told["edits"] > 15 and told["counted"]["sent"] > told["edits"], told["counted"]
    # Some edits speak of what others deleted meanwhile: refused, and the browser says so.
    visitor.errors[:] = [each for each in visitor.errors if "409" not in each and "422" not in each]
