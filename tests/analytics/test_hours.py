from math import inf

import numpy as np
import pytest

from analytics.hours import by_hour
from analytics.queues import Queue
from tests.analytics.simulated_queue import play

NAMES = ("period_s", "offered", "served", "service_total_s", "abandoned", "wait_total_s")


def hours(*rows):
    return by_hour(**dict(zip(NAMES, zip(*rows, strict=True), strict=True)))


def test_each_hour_has_its_own_queue():
    first, second = hours((36_000, 600, 560, 100_800, 40, 8000), (18_000, 90, 60, 12_000, 30, 900))
    assert first == (600, Queue(600 / 36_000, 180.0, 200.0), None, ())
    assert second.queue == Queue(90 / 18_000, 200.0, 30.0)


def test_thin_hours_borrow_service_and_patience_but_never_arrivals():
    found = hours((3600, 100, 90, 9000, 10, 500), (3600, 100, 70, 10_500, 30, 1500))[0]
    assert found.queue == Queue(100 / 3600, 100.0, 2000 / 40)
    assert found.pooled == ("patience_s",)
    found = hours((3600, 40, 0, 0, 25, 500), (3600, 100, 70, 10_500, 30, 1500))[0]
    assert found.queue == Queue(40 / 3600, 150.0, 20.0)
    assert found.pooled == ("service_s",)


def test_nobody_ever_gave_up():
    [found] = hours((3600, 50, 50, 5000, 0, 100))
    assert found.queue.patience_s == inf and found.pooled == ("patience_s",)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ((3600, 0, 0, 0, 0, 0), "closed"),
        ((0, 0, 0, 0, 0, 0), "closed"),
        ((0, 50, 50, 5000, 0, 0), "time"),
        ((3600, 29, 29, 2900, 0, 0), "few"),
        ((3600, 50, 0, 0, 50, 500), "service"),
        ((3600, 50, 25, 2500, 25, 0), "patience"),
    ],
)
def test_what_cannot_be_told_has_a_reason(row, reason):
    [found] = hours(row)
    assert (found.offered, found.queue, found.reason) == (row[1], None, reason)


def test_impossible_input_is_refused():
    with pytest.raises(ValueError, match="finite"):
        hours((3600, -1, 0, 0, 0, 0))
    with pytest.raises(ValueError, match="one length"):
        by_hour(**{name: [1.0] for name in NAMES[:-1]}, wait_total_s=[1.0, 2.0])


def test_parameters_of_a_simulated_week_come_back():
    rng = np.random.default_rng(11)
    truth = [Queue(0.05, 180, 240), Queue(0.1, 150, 120)]
    played = [play(rng, *queue, agents=9, period_s=500_000).totals(500_000) for queue in truth]
    found = by_hour(**{name: [totals[name] for totals in played] for name in NAMES})
    for queue, hour in zip(truth, found, strict=True):
        assert hour.pooled == ()
        assert hour.queue.arrivals_per_s == pytest.approx(queue.arrivals_per_s, rel=0.02)
        assert hour.queue.service_s == pytest.approx(queue.service_s, rel=0.02)
        assert hour.queue.patience_s == pytest.approx(queue.patience_s, rel=0.06)
