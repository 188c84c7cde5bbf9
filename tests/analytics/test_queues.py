from itertools import pairwise
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate

from analytics.queues import Queue, agents_needed, erlang_c, estimate, outlook

queues = st.builds(Queue, st.floats(0.005, 0.5), st.floats(20, 400), st.floats(10, 2000))


def test_erlang_c_as_printed():
    # Call Centre Helper's worked example: 200 calls an hour of 3 minutes (10 erlangs), 14 agents:
    # 17.4% wait, 88.8% are answered within 20 s, the average speed of answer is 7.8 s
    expected = outlook(Queue(200 / 3600, 180, inf), 14, 20)
    assert expected.delayed_share == pytest.approx(0.174, abs=5e-4)
    assert expected.in_time_share == pytest.approx(0.888, abs=5e-4)
    assert expected.mean_wait_s == pytest.approx(7.8, abs=0.05)
    # Mitan's: 360 calls in half an hour of 4 minutes, 55 agents: 23.9%, 8.2 s, 84.6% within 15 s
    expected = outlook(Queue(360 / 1800, 240, inf), 55, 15)
    assert expected.delayed_share == pytest.approx(0.239, abs=5e-4)
    assert expected.mean_wait_s == pytest.approx(8.2, abs=0.05)
    assert expected.in_time_share == pytest.approx(0.846, abs=5e-4)
    assert expected.abandoned_share == 0.0


def test_erlang_c_of_one_and_two_agents_by_hand():
    # one agent: the load itself; two: a² / (2 + a) … C = a²/(2−a) / (1 + a + a²/(2−a)) = a²/(2+a)
    assert erlang_c(0.7, 1) == pytest.approx(0.7)
    assert erlang_c(1.2, 2) == pytest.approx(1.44 / 3.2)
    assert erlang_c(3.0, 3) == 1.0


def test_erlang_a_as_printed():
    # Mandelbaum & Zeltyn 2007, table of 50 agents, 48 calls a minute, 1 minute of service:
    # without abandonment a mean wait of 20.8 s and 96% occupancy; with 2 minutes of patience 3.1%
    # abandon, mean wait 3.7 s, 90th percentile 12.5 s, 93%
    patient = outlook(Queue(0.8, 60, inf), 50, 58.1)
    assert patient.mean_wait_s == pytest.approx(20.8, abs=0.05)
    assert patient.late_share == pytest.approx(0.10, abs=5e-4)
    assert patient.occupancy == pytest.approx(0.96)
    impatient = outlook(Queue(0.8, 60, 120), 50, 12.5)
    assert impatient.abandoned_share == pytest.approx(0.031, abs=5e-4)
    assert impatient.mean_wait_s == pytest.approx(3.7, abs=0.05)
    assert impatient.late_share == pytest.approx(0.10, abs=1e-3)
    assert impatient.occupancy == pytest.approx(0.93, abs=5e-3)


def by_quadrature(queue, agents, promise_s):
    """The same figures from the density of the virtual wait, integrated numerically."""
    arrivals, service_s, patience_s = queue
    load = queue.load
    # Erlang B by its recursion, k = agents − 1
    loss = 1.0
    for k in range(1, agents):
        loss = load * loss / (k + load * loss)

    def density(v):
        return np.exp(
            arrivals * patience_s * -np.expm1(-v / patience_s) - agents / service_s * v - top
        )

    peak = max(0.0, patience_s * np.log(load / agents))
    top = arrivals * patience_s * -np.expm1(-peak / patience_s) - agents / service_s * peak
    grid = np.unique(np.concatenate([np.linspace(0, 4 * peak + 50 * service_s, 400), [promise_s]]))

    def integral(f, start):
        edges = grid[grid >= start]
        return sum(integrate.fixed_quad(f, a, b, n=20)[0] for a, b in pairwise(edges))

    whole = np.exp(-top) / loss / arrivals + integral(density, 0.0)
    waits = integral(density, 0.0) / whole
    late = integral(density, promise_s) / whole
    served = integral(lambda v: density(v) * np.exp(-v / patience_s), 0.0) / whole
    served_late = integral(lambda v: density(v) * np.exp(-v / patience_s), promise_s) / whole
    return waits, late * np.exp(-promise_s / patience_s), waits - served, served_late


@given(queues, st.integers(1, 40), st.floats(0, 300))
@settings(derandomize=True, deadline=None, max_examples=40)
def test_erlang_a_by_quadrature(queue, agents, promise_s):
    if queue.load > 3 * agents or queue.load < agents / 4:
        return
    got = outlook(queue, agents, promise_s)
    waits, late, abandoned, served_late = by_quadrature(queue, agents, promise_s)
    assert got.delayed_share == pytest.approx(waits, rel=1e-6, abs=1e-9)
    assert got.late_share == pytest.approx(late, rel=1e-6, abs=1e-9)
    assert got.abandoned_share == pytest.approx(abandoned, rel=1e-5, abs=1e-9)
    assert got.in_time_share == pytest.approx(1 - abandoned - served_late, abs=1e-6)
    assert got.mean_wait_s == pytest.approx(abandoned * queue.patience_s, rel=1e-5, abs=1e-6)


def test_erlang_a_as_a_birth_and_death_chain():
    # stationary probabilities of 0 … 400 calls in the system, from their balance
    arrivals, service_s, patience_s, agents = 0.2, 120.0, 90.0, 22
    k = np.arange(1, 401)
    leaves = np.minimum(k, agents) / service_s + np.maximum(k - agents, 0) / patience_s
    chances = np.concatenate([[0.0], np.cumsum(np.log(arrivals / leaves))])
    chances = np.exp(chances - chances.max())
    chances /= chances.sum()
    waiting = np.maximum(np.arange(401) - agents, 0)
    got = outlook(Queue(arrivals, service_s, patience_s), agents, 0.0)
    assert got.delayed_share == pytest.approx(chances[agents:].sum())
    assert got.abandoned_share == pytest.approx((chances * waiting).sum() / patience_s / arrivals)
    assert got.mean_wait_s == pytest.approx((chances * waiting).sum() / arrivals)
    assert got.late_share == pytest.approx(got.delayed_share)  # a promise of 0 s


def test_endless_patience_is_erlang_c():
    calm = outlook(Queue(0.8, 60, 60 * 1e7), 50, 20)
    expected = outlook(Queue(0.8, 60, inf), 50, 20)
    assert np.array(calm) == pytest.approx(np.array(expected), rel=1e-4, abs=1e-6)


def test_overload_without_impatience_has_no_end():
    expected = outlook(Queue(1.0, 60, inf), 50, 20)
    assert (expected.late_share, expected.mean_wait_s, expected.occupancy) == (1.0, inf, 1.0)


def test_heavy_overload_drives_away_the_surplus():
    # far above full load every agent is busy and the share λ − nμ leaves
    expected = outlook(Queue(10.0, 60, 3600), 300, 20)
    assert expected.abandoned_share == pytest.approx(0.5, abs=1e-6)
    assert expected.occupancy == pytest.approx(1.0)
    large = outlook(Queue(0.01, 60, 120), 2000, 20)  # and far below nobody waits
    assert large.late_share == pytest.approx(0.0)
    assert large.in_time_share == pytest.approx(1.0)


@given(queues, st.floats(0, 120), st.floats(0.01, 0.5), st.floats(0.005, 0.3))
@settings(derandomize=True, deadline=None, max_examples=40)
def test_agents_needed_are_enough_and_not_one_too_many(queue, promise_s, late, abandoned):
    agents = agents_needed(queue, promise_s, late, abandoned)
    enough = outlook(queue, agents, promise_s)
    assert enough.late_share <= late and enough.abandoned_share <= abandoned
    if agents > 1:
        fewer = outlook(queue, agents - 1, promise_s)
        assert fewer.late_share > late or fewer.abandoned_share > abandoned


def test_parameters_come_from_totals_of_a_simulated_queue():
    rng = np.random.default_rng(4)
    waits_s, patience_s = rng.exponential(60, 200_000), rng.exponential(200, 200_000)
    abandoned = patience_s < waits_s
    queue = estimate(
        offered=200_000,
        period_s=1e6,
        served=(~abandoned).sum(),
        service_total_s=(~abandoned).sum() * 150.0,
        abandoned=abandoned.sum(),
        wait_total_s=np.minimum(waits_s, patience_s).sum(),
    )
    assert queue.patience_s == pytest.approx(200, rel=0.02)
    assert (queue.arrivals_per_s, queue.service_s) == pytest.approx((0.2, 150.0))


def test_nobody_gave_up_means_endless_patience_and_nothing_means_refusal():
    totals = {"period_s": 60.0, "service_total_s": 60.0, "abandoned": 0, "wait_total_s": 5.0}
    assert estimate(offered=2, served=2, **totals).patience_s == inf
    with pytest.raises(ValueError, match="calls"):
        estimate(offered=0, served=0, **totals)
    with pytest.raises(ValueError, match="agents"):
        outlook(Queue(1, 1, 1), 0, 1)
