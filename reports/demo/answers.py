"""Survey answers of the simulated customers: who answers, which score, which words."""

from dataclasses import dataclass

import numpy as np

from reports.demo.comments import COMPLAINTS, PRAISE, WISHES
from reports.demo.evidence import DAY, SEED, Customers, Passages
from reports.demo.process import DAYS

# Scores with their chances: of customers whom the passage hurt, and of the others. The hurt ones
# give exactly the scores that count as painful.
SCORES: dict[str, tuple[tuple[range, tuple[float, ...]], tuple[range, tuple[float, ...]]]] = {
    "nps": (
        (range(0, 7), (0.05, 0.04, 0.08, 0.14, 0.17, 0.27, 0.25)),
        (range(7, 11), (0.24, 0.33, 0.22, 0.21)),
    ),
    "csat": ((range(1, 3), (0.36, 0.64)), (range(3, 6), (0.17, 0.44, 0.39))),
    "ces": ((range(1, 4), (0.22, 0.33, 0.45)), (range(4, 8), (0.13, 0.28, 0.35, 0.24))),
}
COMMENT_SHARE = {True: 0.16, False: 0.035}
OUTCOME_SHARE = {"nps": 0.30, "csat": 0.16}


@dataclass(frozen=True)
class Answers:
    """One entry per answer; `point` is −1 and `passage` the case for answers about the journey."""

    metric: str
    point: np.ndarray
    case: np.ndarray
    customer: np.ndarray
    unit: np.ndarray
    at: np.ndarray
    score: np.ndarray
    comment: list[str]


def answer(customers: Customers, passages: Passages, seed: int = SEED) -> list[Answers]:
    """All answers about one journey: its touchpoints, metric by metric, then the whole."""
    rng = np.random.default_rng([seed, 1, len(passages.journey)])
    shares = np.array([point.answers for point in passages.points])[passages.point]
    # Who has to come back is asked once the matter is done, mostly.
    asked = rng.random(len(passages.at)) < shares * np.where(passages.again, 0.6, 1.0)
    asked &= ~passages.abandoned
    metrics = np.array([point.metric for point in passages.points])[passages.point]
    given = [_about_points(rng, customers, passages, asked & (metrics == m), m) for m in SCORES]
    return given + [_about_journey(rng, passages, metric) for metric in OUTCOME_SHARE]


def _about_points(
    rng: np.random.Generator,
    customers: Customers,
    passages: Passages,
    asked: np.ndarray,
    metric: str,
) -> Answers:
    i = np.flatnonzero(asked)
    spent = np.maximum(passages.wait_s[i], 0) + passages.service_s[i]
    at = passages.at[i] + spent + rng.lognormal(np.log(3 * 3600), 1.2, len(i))
    i, at = i[at < DAYS * DAY], at[at < DAYS * DAY].astype(np.int64)
    score = draw_scores(rng, metric, passages.hurt[i])
    return Answers(
        metric, passages.point[i], passages.case[i], passages.customer[i], passages.unit[i], at,
        score, _comments(rng, customers, passages, i),
    )  # fmt: skip


def draw_scores(rng: np.random.Generator, metric: str, hurt: np.ndarray) -> np.ndarray:
    (bad, bad_p), (good, good_p) = SCORES[metric]
    return np.where(
        hurt,
        rng.choice(np.array(bad), len(hurt), p=bad_p),
        rng.choice(np.array(good), len(hurt), p=good_p),
    )


def _comments(
    rng: np.random.Generator, customers: Customers, passages: Passages, rows: np.ndarray
) -> list[str]:
    """A few percent write something, in the language they speak to this touchpoint."""
    hurt = passages.hurt[rows]
    writes = rng.random(len(rows)) < np.where(hurt, COMMENT_SHARE[True], COMMENT_SHARE[False])
    pick = rng.integers(0, 1 << 30, len(rows))
    texts = [""] * len(rows)
    for k in np.flatnonzero(writes):
        row = rows[k]
        point = passages.points[passages.point[row]]
        chinese = point.channel == "wechat" or customers.chinese[passages.customer[row]]
        if hurt[k]:
            variants = COMPLAINTS[point.theme]
        elif point.code in WISHES:
            variants = WISHES[point.code]
        else:
            variants = PRAISE
        text = variants[int(chinese)][pick[k] % len(variants[int(chinese)])]
        if "{m}" in text:
            minutes = round(passages.wait_s[row] / 60)
            text = text.replace("{m}", str(minutes)) if minutes >= 5 else variants[int(chinese)][0]
        texts[k] = text
    return texts


def _about_journey(rng: np.random.Generator, passages: Passages, metric: str) -> Answers:
    """The journey's outcome: worse for each thing that hurt, and for a goal not reached."""
    logit = -2.6 + 1.1 * passages.sorrow + 2.2 * ~passages.reached
    hurt = rng.random(len(logit)) < 1 / (1 + np.exp(-logit))
    at = passages.ended_at + rng.lognormal(np.log(2 * DAY), 0.6, len(logit))
    asked = rng.random(len(logit)) < OUTCOME_SHARE[metric]
    i = np.flatnonzero(asked & (at >= 0) & (at < DAYS * DAY))
    score = draw_scores(rng, metric, hurt[i])
    nobody = np.full(len(i), -1)
    return Answers(
        metric, nobody, i, passages.case_customer[i], nobody, at[i].astype(np.int64), score,
        [""] * len(i),
    )  # fmt: skip
