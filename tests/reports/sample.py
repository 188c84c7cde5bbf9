"""A small map and a scoring result without a database, from the real scoring."""

from decimal import Decimal
from typing import Any

from django.utils import timezone

from evidence.answers import ScoreCount, by_metric, feeling, felt
from evidence.distribution import LAST_BIN, WaitBins
from evidence.measures import Measure, Measures, Passages, Waits
from evidence.metrics import BUILT_IN
from painpoints.scoring import result_of
from reports.board import (
    Board,
    BoardCard,
    BoardLane,
    BoardPersona,
    BoardStage,
    BoardStep,
    BoardTouchpoint,
)
from reports.figures.sheet import Source

WEIGHTS = {"felt": 1.0, "waited": 0.6, "repeated": 0.5, "lost": 0.8, "complained": 1.0}
NASTY = "<script>alert(1)</script>"


def board() -> Board:
    """counter and desk at one step, app at another; the last step has no touchpoint."""
    feel = {"feel": [BoardCard("", persona="mei", emotion=-1)]}
    do = {"do": [BoardCard("Takes a ticket", "observation", "Observation"),
                 BoardCard(f"Believes {NASTY}", "assumption", "Assumption")]}  # fmt: skip
    return Board(
        name="Opening an account",
        stages=(
            BoardStage("apply", "Apply", (
                BoardStep("come", "Comes in", (
                    BoardTouchpoint("counter", "The counter", "Branch"),
                    BoardTouchpoint("desk", "The desk"),
                ), {**feel, **do}),
            )),
            BoardStage("start", "Start", (
                BoardStep("use", "Uses it", (
                    BoardTouchpoint("app", f"The app {NASTY}"),
                    BoardTouchpoint("letter", "The letter"),
                )),
                BoardStep("rest", "Rests"),
            )),
        ),
        lanes=(BoardLane("do", "action", "What customers do"),
               BoardLane("feel", "emotion", "How customers feel")),
        personas=(BoardPersona("mei", "Lin Mei, 24"),),
    )  # fmt: skip


def result() -> dict[str, Any]:
    """counter: answers, waits, passages; desk: too little; app: answers; letter: nothing."""
    return result_of(
        Measures(
            touchpoints=(
                _asked("counter", {1: 60, 2: 60, 4: 100, 5: 80},
                       waits=Waits(400, 40, 90.0, 50.0, 200.0, 260.0, 400, 160, 240, 395),
                       passages=Passages(500, 40, 450)),
                _asked("desk", {1: 3, 4: 9}),
                _asked("app", {1: 10, 2: 20, 4: 300, 5: 170}),
                Measure("letter"),
            ),
            customers=600,
            outcome=_answers("nps", {3: 50, 8: 100, 10: 150})[0],
        ),
        {
            "journey": "opening",
            "weights": WEIGHTS,
            "touchpoints": [
                {"code": "counter", "promises": [
                    {"segment": None, "channel": None, "max_wait_ms": 60_000,
                     "target_share": "0.8"}]},
                *({"code": code, "promises": []} for code in ("desk", "app", "letter")),
            ],
        },
        {"counter": "The counter", "desk": "The desk", "app": f"The app {NASTY}",
         "letter": "The letter"},
    )  # fmt: skip


def line(code: str) -> dict[str, Any]:
    return next(t for t in result()["touchpoints"] if t["code"] == code)


def source(**changes: Any) -> Source:
    return Source(
        **{
            "workspace": "North Bank",
            "journey": "Opening an account",
            "scope": "all evidence",
            "filters": {},
            "period": "all evidence",
            "revision": 4,
            "snapshot": 12,
            "formula": "pain/1",
            "made_at": timezone.now(),
            "made_at_text": "scored today",
            **changes,
        }
    )


def bins() -> WaitBins:
    """400 waits in bins of 5 s: 6 served a bin, 40 gave up in the first, the rest beyond."""
    served = [6] * LAST_BIN
    return WaitBins(5.0, (*served, 0), (40, *[0] * LAST_BIN))


def _asked(code: str, counts: dict[int, int], **more: Any) -> Measure:
    answers, scores = _answers("csat", counts)
    return Measure(
        code, answers=answers, felt=felt(answers), feeling=feeling(scores, BUILT_IN), **more
    )


def _answers(metric: str, counts: dict[int, int]) -> Any:
    scores = [ScoreCount(metric, Decimal(s), n, Decimal(n), Decimal(n)) for s, n in counts.items()]
    return by_metric(scores, BUILT_IN), scores
