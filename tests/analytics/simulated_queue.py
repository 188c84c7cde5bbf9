"""A queue played through call by call, without any formula of queueing theory."""

import heapq
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Played:
    """wait_s, service_s (0 where given up): (calls,).  served: bool (calls,)."""

    wait_s: np.ndarray
    service_s: np.ndarray
    served: np.ndarray

    def totals(self, period_s: float) -> dict[str, float]:
        return {
            "period_s": period_s,
            "offered": len(self.served),
            "served": int(self.served.sum()),
            "service_total_s": float(self.service_s.sum()),
            "abandoned": int((~self.served).sum()),
            "wait_total_s": float(self.wait_s.sum()),
        }


def play(rng, arrivals_per_s, service_s, patience_s, agents, period_s) -> Played:
    """M/M/n+M, first come first served, from an empty start."""
    count = rng.poisson(arrivals_per_s * period_s)
    comes = np.sort(rng.random(count) * period_s)
    works = rng.exponential(service_s, count)
    patience = (
        np.full(count, np.inf) if np.isinf(patience_s) else rng.exponential(patience_s, count)
    )
    free = [0.0] * agents  # when each agent is free again
    wait_s, spent_s, served = np.zeros(count), np.zeros(count), np.zeros(count, dtype=bool)
    for i in range(count):
        # the first agent to be free takes the first in line who is still there
        wait = max(0.0, free[0] - comes[i])
        if wait > patience[i]:
            wait_s[i] = patience[i]
            continue
        heapq.heapreplace(free, comes[i] + wait + works[i])
        wait_s[i], spent_s[i], served[i] = wait, works[i], True
    return Played(wait_s, spent_s, served)
