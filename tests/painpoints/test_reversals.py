"""Orders that turn round, from rows in the real lake."""

import pytest
from django.core.cache import cache

from evidence.breakdown import Breakdown
from painpoints.models import RunCounts
from painpoints.reversals import reversals_of, turned_round
from tests.kidney_stones import put_stones
from tests.painpoints.conftest import line, scored

WEIGHTS = {"felt": 1.0, "waited": 0.6, "repeated": 0.5, "lost": 0.8, "complained": 1.0}


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    cache.clear()


@pytest.mark.parametrize("dimension", ["segment", "channel"])
def test_kidney_stones_turn_round(journey, dimension) -> None:
    put_stones(journey.workspace, dimension)
    journey.workspace.refresh_from_db()
    run = scored(journey)
    assert line(run, "counter")["rank"] == 1
    found = reversals_of(run)
    (turned,) = found.foremost[dimension]
    assert found.counts[dimension] == 1
    assert (turned.dimension, turned.family) == (dimension, None)
    assert (turned.worse, turned.better, turned.everywhere) == ("counter", "phone", True)
    assert turned.why == "large"
    assert turned.share(0, "large") == pytest.approx(263 / 350)
    assert turned.share(1, "large") == pytest.approx(80 / 350)
    counts = {value: [(seen.x, seen.n) for seen in pair] for value, pair in turned.rows.items()}
    assert counts == {"large": [(355, 1315), (125, 400)], "small": [(30, 435), (180, 1350)]}
    for worse, better in turned.rows.values():
        assert worse.low < worse.value < better.value < better.high
    assert turned.together[0].value > turned.together[1].value


def breakdown(**families) -> Breakdown:
    """Counter and phone in small and large: family → (counter's x and n, phone's x and n)."""
    counts = {
        code: {family: told[i] for family, told in families.items()}
        for i, code in enumerate(("counter", "phone"))
    }
    values = {"segment": ["small", "large"], "channel": [], "unit": [], "week": []}
    return Breakdown(values, {"segment": counts, "channel": {}, "unit": {}, "week": {}})


STONES = ([30, 355], [435, 1315]), ([180, 125], [1350, 400])


def test_a_single_signal_may_turn_round_where_the_severity_does_not() -> None:
    waits = ([400, 1200], [435, 1315]), ([100, 40], [1350, 400])
    (turned,) = turned_round(breakdown(felt=STONES, waited=waits), WEIGHTS).foremost["segment"]
    assert (turned.family, turned.worse) == ("felt", "counter")


def test_the_same_order_everywhere_is_no_paradox() -> None:
    calm = ([30, 90], [400, 400]), ([20, 60], [400, 400])
    assert turned_round(breakdown(felt=calm), WEIGHTS).counts["segment"] == 0


def test_nothing_is_counted_for_the_sake_of_a_warning(journey) -> None:
    put_stones(journey.workspace)
    journey.workspace.refresh_from_db()
    run = scored(journey)
    RunCounts.objects.filter(run=run).delete()
    assert reversals_of(run) is None
    assert not RunCounts.objects.filter(run=run).exists()


def test_of_many_the_foremost_are_told_and_the_others_counted() -> None:
    """Ten counters and ten phones: each counter turns round with each phone."""
    one = breakdown(felt=STONES)
    segments = {
        f"{code}{i}": families
        for i in range(10)
        for code, families in one.counts["segment"].items()
    }
    found = turned_round(Breakdown(one.values, {**one.counts, "segment": segments}), WEIGHTS)
    assert found.counts["segment"] == 100
    assert len(found.foremost["segment"]) == 4
