from math import inf

import numpy as np
import pytest

from analytics.agents import fit_agents, implied_agents
from analytics.hours import HourQueue, by_hour
from analytics.queues import Queue, outlook
from tests.analytics.simulated_queue import play

PROMISE_S = 30.0


def counted(played, promise_s=PROMISE_S):
    kept = played.served & (played.wait_s <= promise_s)
    return {"in_time": int(kept.sum()), "abandoned": int((~played.served).sum())}


@pytest.mark.parametrize(
    ("queue", "agents"),
    [
        (Queue(0.05, 180, 240), 7),  # overloaded: 9 erlangs for 7
        (Queue(0.05, 180, 240), 9),
        (Queue(0.05, 180, 240), 12),
        (Queue(0.02, 200, 60), 2),
        (Queue(0.3, 120, 300), 36),
        (Queue(0.05, 180, inf), 12),
    ],
)
def test_agents_of_a_simulated_queue_come_back(queue, agents):
    rng = np.random.default_rng(agents)
    played = play(rng, *queue, agents=agents, period_s=400_000)
    totals = played.totals(400_000)
    hours = by_hour(**{name: [value] for name, value in totals.items()})
    [found] = implied_agents(
        hours, **{name: [n] for name, n in counted(played).items()}, promise_s=PROMISE_S
    )
    assert found.fit.agents == pytest.approx(agents, abs=0.25)
    assert found.close
    expected = outlook(queue, agents, PROMISE_S)
    assert found.observed_abandoned_share == pytest.approx(expected.abandoned_share, abs=0.02)
    assert found.observed_late_share == pytest.approx(1 - expected.in_time_share, abs=0.03)


def test_a_queue_that_is_no_erlang_a_is_told_apart():
    # seven of ten wait long, but hardly any give up, though patience is short
    queue = Queue(0.05, 180, 60)
    hour = HourQueue(1000, queue, None, ())
    [found] = implied_agents([hour], in_time=[300], abandoned=[20], promise_s=PROMISE_S)
    assert not found.close
    assert found.observed_late_share == pytest.approx(0.7)


def test_shares_between_two_whole_numbers_are_mixed():
    queue = Queue(0.02, 200, 60)
    three, four = (outlook(queue, n, PROMISE_S) for n in (3, 4))
    mixed = [
        1e6 * (0.3 * a + 0.7 * b)
        for a, b in (
            (three.in_time_share, four.in_time_share),
            (three.abandoned_share, four.abandoned_share),
        )
    ]
    fit = fit_agents(queue, PROMISE_S, in_time=mixed[0], abandoned=mixed[1], offered=1e6)
    assert fit.agents == pytest.approx(3.7, abs=1e-4)
    assert fit.in_time_share == pytest.approx(mixed[0] / 1e6)


def test_the_likelihood_is_highest_of_all_numbers():
    rng = np.random.default_rng(3)
    for _ in range(30):
        queue = Queue(rng.uniform(0.01, 0.2), rng.uniform(60, 300), rng.uniform(30, 600))
        told = rng.multinomial(400, rng.dirichlet([4, 2, 1]))
        fit = fit_agents(queue, PROMISE_S, in_time=told[0], abandoned=told[2], offered=400)

        def height(shares, told=told):
            late = max(1 - shares[0] - shares[1], 1e-12)
            kept, gone = (max(share, 1e-12) for share in shares)
            return told @ np.log([kept, late, gone])

        others = [
            height((found.in_time_share, found.abandoned_share))
            for found in (outlook(queue, n, PROMISE_S) for n in range(1, 120))
        ]
        assert height((fit.in_time_share, fit.abandoned_share)) >= max(others) - 1e-6


def test_nobody_waited_leaves_only_a_lower_bound():
    queue = Queue(0.05, 180, 240)
    fit = fit_agents(queue, PROMISE_S, in_time=300, abandoned=0, offered=300)
    assert fit.at_least
    # one fewer, and more than 3 of 300 would have been expected to wait: chance of none below 5%
    assert outlook(queue, int(fit.agents), PROMISE_S).in_time_share >= 0.99
    assert outlook(queue, int(fit.agents) - 1, PROMISE_S).in_time_share < 0.99


def test_everybody_gave_up_or_none_was_in_time():
    queue = Queue(0.05, 180, 240)
    gone = fit_agents(queue, PROMISE_S, in_time=0, abandoned=50, offered=50)
    assert gone.agents == pytest.approx(0, abs=1e-3) and gone.abandoned_share > 0.999
    late = fit_agents(queue, PROMISE_S, in_time=0, abandoned=10, offered=50)
    assert 0 < late.agents < 9
    assert fit_agents(queue, 0.0, in_time=20, abandoned=10, offered=50).agents > 0


def test_endless_patience_and_calls_given_up_contradict_each_other():
    hour = HourQueue(50, Queue(0.05, 180, inf), None, ())
    [found] = implied_agents([hour], in_time=[40], abandoned=[1], promise_s=PROMISE_S)
    assert (found.fit, found.reason, found.close) == (None, "contradiction", None)
    assert found.observed_abandoned_share == 0.02
    with pytest.raises(ValueError, match="counts"):
        fit_agents(hour.queue, PROMISE_S, in_time=40, abandoned=11, offered=50)


def test_an_hour_without_a_queue_passes_its_reason_on():
    hours = [HourQueue(0, None, "closed", ()), HourQueue(5, None, "few", ())]
    found = implied_agents(hours, in_time=[0, 5], abandoned=[0, 0], promise_s=PROMISE_S)
    assert [hour.reason for hour in found] == ["closed", "few"]
    assert all(hour.fit is None and hour.close is None for hour in found)
    with pytest.raises(ValueError, match="2 hours"):
        implied_agents(hours, in_time=[0], abandoned=[0], promise_s=PROMISE_S)
