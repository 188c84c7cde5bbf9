"""The demo bank's service as its designer wrote it: where it hurts, how much, since when.

These numbers are the truth behind the generated evidence; docs/demo.md retells them. Shares are
0–1, times in seconds or days, segments in the order of `SEGMENTS`.
"""

from dataclasses import dataclass, field

import numpy as np

SEGMENTS = ("high-net-worth", "affluent", "mass")
START = np.datetime64("2025-09-01", "s")  # a Monday; times are the bank's local times
END = np.datetime64("2026-11-01", "s")  # excluded
DAYS = int((END - START).astype(int)) // 86_400

EVEN = (1.0,) * 7
BUSY_MONDAY = (1.2, 1.0, 0.95, 0.95, 1.05, 1.1, 1.0)


def day_of(date: str) -> int:
    """Days from the start of the demo's period to this date."""
    return int((np.datetime64(date, "D") - START.astype("M8[D]")).astype(int))


@dataclass(frozen=True)
class Queue:
    """A queue: waits are lognormal, patience is exponential; weekday 0 is Monday."""

    median_s: float
    patience_s: float
    service_s: float
    promise_s: float
    sigma: float = 0.6
    weekdays: tuple[float, ...] = EVEN
    # Tickets of people the queue does not know, per known one.
    unknown: float = 1.0


@dataclass(frozen=True)
class Change:
    """From this date on, `what` (hurt, repeat or wait) is multiplied by this factor."""

    since: str
    what: str
    factor: float


@dataclass(frozen=True)
class Point:
    """How a touchpoint behaves."""

    code: str
    channel: str
    hurt: float  # chance that a first, punctual passage hurts (odds shift from there)
    theme: str = "procedures"  # what hurt customers write about
    metric: str = "csat"
    answers: float = 0.28  # share of passages that answer the survey
    segments: tuple[float, float, float] = (1.0, 1.0, 1.0)  # odds of hurt, by segment
    repeat: float = 0.03  # chance that the customer has to come back within days
    drop: float = 0.01  # chance that the journey ends here for good
    queue: Queue | None = None
    changes: tuple[Change, ...] = ()
    drives: float = 0.5  # what a hurt here adds to the log-odds of a bad outcome
    minutes: float = 6.0
    hours: str = ""  # opening hours, where they are not the channel's


@dataclass(frozen=True)
class Slot:
    """A turn of the journey: one of several touchpoints, chosen by segment."""

    choices: dict[str, tuple[float, float, float]]
    visit: float = 1.0
    lag_days: float = 0.0
    # Customers who give up on one touchpoint and go on at another.
    switch: dict[str, tuple[str, float]] = field(default_factory=dict)
    since: str = ""
    at_most: int = 0  # 0: no limit


@dataclass(frozen=True)
class Process:
    """One journey: how many start it, who they are, the way they take."""

    journey: str
    cases: int
    mix: tuple[float, float, float]
    points: tuple[Point, ...]
    slots: tuple[Slot, ...]
    goal: str
    lead_days: int  # cases begun before the period, so that its first months are full


def only(code: str) -> dict[str, tuple[float, float, float]]:
    return {code: (1.0, 1.0, 1.0)}


# Tables: a line a touchpoint reads better than a line a number.
# fmt: off
ACCOUNT = Process(
    journey="opening-an-account",
    cases=13_600,
    mix=(0.06, 0.27, 0.67),
    goal="account-activation",
    lead_days=20,
    points=(
        Point("account-website", "web", 0.08, "information", answers=0.12, drop=0.03),
        Point("account-wechat-page", "wechat", 0.09, "information", answers=0.12, drop=0.03),
        Point("account-chatbot", "chatbot", 0.26, "communication", "ces", 0.25, drop=0.015),
        Point("account-app-form", "app", 0.12, "procedures", "ces", drop=0.03, repeat=0.05),
        Point("account-web-form", "web", 0.16, "procedures", "ces", drop=0.04, repeat=0.05),
        # Looks worst by its mean score, but few come this way.
        Point("account-wechat-form", "wechat", 0.47, "procedures", "ces", 0.3, drop=0.05,
              repeat=0.08),
        Point("account-branch-desk", "branch", 0.08, "waiting", minutes=25,
              queue=Queue(240, 2400, 1100, 600, weekdays=BUSY_MONDAY)),
        # Planted: waits far above the promise of ten minutes.
        Point("account-id-counter", "branch", 0.14, "waiting", drop=0.02, repeat=0.04, drives=1.2,
              minutes=12, queue=Queue(760, 5400, 480, 600, weekdays=BUSY_MONDAY)),
        # Planted: retries fall from May 2026 on, when the camera guide came.
        Point("account-id-selfie", "app", 0.20, "procedures", "ces", repeat=0.36, drop=0.03,
              drives=0.8, changes=(Change("2026-05-01", "repeat", 0.28),
                                   Change("2026-05-01", "hurt", 0.45))),
        Point("account-id-video", "app", 0.10, "waiting", minutes=9, hours="phone",
              queue=Queue(70, 900, 420, 180, sigma=0.8)),
        # Planted: nothing dramatic, but nearly everyone passes: the itch.
        Point("account-status-messages", "app", 0.125, "information", answers=0.2, repeat=0.0,
              drop=0.005),
        Point("account-card-delivery", "post", 0.10, "waiting", answers=0.2, repeat=0.0,
              drop=0.005),
        Point("account-hotline", "phone", 0.12, "waiting", minutes=7,
              queue=Queue(55, 800, 300, 120, sigma=0.8, weekdays=BUSY_MONDAY)),
        Point("account-activation", "app", 0.06, "procedures", answers=0.2, drop=0.0),
    ),
    slots=(
        Slot({"account-website": (0.9, 0.8, 0.55), "account-wechat-page": (0.1, 0.2, 0.45)}, 0.85),
        Slot(only("account-chatbot"), 0.3),
        Slot({"account-app-form": (0.25, 0.45, 0.5), "account-web-form": (0.2, 0.25, 0.2),
              "account-wechat-form": (0.02, 0.04, 0.09), "account-branch-desk": (0.53, 0.26, 0.21)},
             lag_days=1.0),
        Slot({"account-id-counter": (0.5, 0.46, 0.5), "account-id-selfie": (0.25, 0.39, 0.4),
              "account-id-video": (0.25, 0.15, 0.1)}, lag_days=1.5,
             switch={"account-id-selfie": ("account-id-counter", 0.1)}),
        Slot(only("account-status-messages"), 0.92, lag_days=0.6),
        Slot(only("account-hotline"), 0.14, lag_days=1.0),
        Slot(only("account-card-delivery"), 0.95, lag_days=3.0),
        Slot(only("account-activation"), 0.97, lag_days=0.8),
    ),
)

MORTGAGE = Process(
    journey="mortgage",
    cases=5_100,
    mix=(0.12, 0.42, 0.46),
    goal="mortgage-signing",
    lead_days=60,
    points=(
        Point("mortgage-calculator", "web", 0.07, "information", answers=0.12, drop=0.06),
        Point("mortgage-wechat-adviser", "wechat", 0.11, "communication", answers=0.25),
        # Planted (Simpson): the branch is worse in every segment, yet looks better in total.
        Point("mortgage-advice-branch", "branch", 0.14, "communication", answers=0.5,
              segments=(0.5, 0.6, 2.6), repeat=0.02, drop=0.02, minutes=50, drives=0.6),
        Point("mortgage-advice-video", "app", 0.10, "communication", answers=0.5,
              segments=(0.2, 0.42, 2.4), repeat=0.02, drop=0.02, minutes=45, drives=0.6,
              hours="phone"),
        Point("mortgage-application", "web", 0.15, "procedures", "ces", drop=0.03, repeat=0.05,
              minutes=30),
        # Planted: the same papers again and again.
        Point("mortgage-document-upload", "app", 0.13, "procedures", "ces", repeat=0.5,
              drop=0.02, drives=1.3, minutes=15),
        Point("mortgage-documents-branch", "branch", 0.11, "procedures", minutes=15,
              queue=Queue(300, 3600, 700, 600, weekdays=BUSY_MONDAY)),
        Point("mortgage-document-hotline", "phone", 0.15, "waiting", minutes=8,
              queue=Queue(60, 800, 360, 120, sigma=0.8, weekdays=BUSY_MONDAY)),
        Point("mortgage-valuation", "visit", 0.09, "waiting", answers=0.25, minutes=60),
        # Planted: grows from July 2026 on.
        Point("mortgage-status", "app", 0.10, "information", answers=0.25, repeat=0.06, drop=0.01,
              changes=(Change("2026-07-01", "hurt", 3.6),)),
        Point("mortgage-offer", "app", 0.13, "information", answers=0.35, drop=0.05, repeat=0.01,
              drives=0.7),
        Point("mortgage-signing", "branch", 0.06, "procedures", "nps", 0.4, repeat=0.01, drop=0.0,
              minutes=70, queue=Queue(260, 60_000, 3000, 900)),
        Point("mortgage-payout", "app", 0.05, "information", answers=0.2, repeat=0.0, drop=0.0),
    ),
    slots=(
        Slot(only("mortgage-calculator"), 0.85),
        Slot(only("mortgage-wechat-adviser"), 0.22, lag_days=1.0),
        Slot({"mortgage-advice-branch": (0.8, 0.55, 0.14),
              "mortgage-advice-video": (0.2, 0.45, 0.86)}, lag_days=4.0),
        Slot(only("mortgage-application"), lag_days=3.0),
        Slot({"mortgage-document-upload": (0.84, 0.9, 0.9),
              "mortgage-documents-branch": (0.16, 0.1, 0.1)}, lag_days=1.5,
             switch={"mortgage-document-upload": ("mortgage-documents-branch", 0.08)}),
        Slot(only("mortgage-document-hotline"), 0.3, lag_days=1.0),
        Slot(only("mortgage-valuation"), 0.9, lag_days=5.0),
        Slot(only("mortgage-status"), 0.86, lag_days=1.5),
        Slot(only("mortgage-offer"), 0.98, lag_days=5.0),
        Slot(only("mortgage-signing"), lag_days=6.0),
        Slot(only("mortgage-payout"), 0.9, lag_days=2.0),
    ),
)

DISPUTE = Process(
    journey="card-dispute",
    cases=9_600,
    mix=(0.08, 0.33, 0.59),
    goal="dispute-refund",
    lead_days=30,
    points=(
        Point("dispute-alert", "app", 0.07, "information", answers=0.15, repeat=0.0, drop=0.0),
        Point("dispute-chatbot", "chatbot", 0.30, "communication", "ces", 0.25, drop=0.01),
        # Planted: on Mondays the queue outlasts callers' patience.
        Point("dispute-hotline", "phone", 0.12, "waiting", answers=0.3, drop=0.02, drives=1.2,
              minutes=9, queue=Queue(80, 700, 420, 120, sigma=0.8,
                                     weekdays=(3.6, 1.15, 0.9, 0.85, 1.0, 0.9, 0.8))),
        Point("dispute-app-form", "app", 0.13, "procedures", "ces", drop=0.02, repeat=0.04),
        Point("dispute-wechat-service", "wechat", 0.12, "communication", answers=0.3),
        Point("dispute-branch-counter", "branch", 0.10, "waiting", minutes=15,
              queue=Queue(330, 3600, 600, 600, weekdays=BUSY_MONDAY)),
        Point("dispute-evidence-upload", "app", 0.15, "procedures", "ces", repeat=0.1, drop=0.01),
        # Planted: a pilot desk with 18 customers, nearly all unhappy: too little to rank.
        Point("dispute-specialist-desk", "branch", 0.82, "communication", answers=0.8, repeat=0.0,
              drop=0.0, minutes=30, queue=Queue(900, 9e9, 900, 600, unknown=0.0)),
        Point("dispute-case-status", "app", 0.15, "information", answers=0.2, repeat=0.05,
              drop=0.005),
        Point("dispute-callback", "phone", 0.13, "communication", answers=0.25, repeat=0.0),
        Point("dispute-decision-letter", "post", 0.22, "communication", answers=0.25, repeat=0.0,
              drop=0.01, drives=0.8),
        Point("dispute-refund", "app", 0.08, "waiting", "nps", 0.3, repeat=0.0, drop=0.0),
        Point("dispute-new-card", "post", 0.07, "waiting", answers=0.2, repeat=0.0, drop=0.0),
    ),
    slots=(
        Slot(only("dispute-alert"), 0.7),
        Slot(only("dispute-chatbot"), 0.28),
        Slot({"dispute-hotline": (0.58, 0.5, 0.46), "dispute-app-form": (0.22, 0.3, 0.26),
              "dispute-wechat-service": (0.05, 0.12, 0.18),
              "dispute-branch-counter": (0.15, 0.08, 0.1)}, lag_days=0.4,
             switch={"dispute-hotline": ("dispute-branch-counter", 0.04)}),
        Slot(only("dispute-evidence-upload"), 0.62, lag_days=1.5),
        Slot(only("dispute-specialist-desk"), 0.3, lag_days=1.0, since="2026-10-05", at_most=18),
        Slot(only("dispute-case-status"), 0.78, lag_days=3.0),
        Slot(only("dispute-callback"), 0.45, lag_days=2.0),
        Slot(only("dispute-decision-letter"), 0.86, lag_days=5.0),
        Slot(only("dispute-refund"), 0.94, lag_days=2.0),
        Slot(only("dispute-new-card"), 0.35, lag_days=1.0),
    ),
)

PROCESSES = (ACCOUNT, MORTGAGE, DISPUTE)


@dataclass(frozen=True)
class Branch:
    code: str
    name: str
    region: str
    size: float
    wait: float = 1.0  # factor on waiting times
    hurt: float = 1.0  # factor on the odds that a passage hurts


REGIONS = (
    ("old-town", "Old Town"),
    ("harbourside", "Harbourside"),
    ("north-hills", "North Hills"),
    ("delta", "Delta"),
)

BRANCHES = (
    Branch("b01", "Drum Tower", "old-town", 1.4),
    Branch("b02", "Silk Market", "old-town", 1.2),
    Branch("b03", "Temple Lane", "old-town", 0.8),
    Branch("b04", "East Gate", "old-town", 1.0),
    # Planted: waits twice as long as elsewhere.
    Branch("b05", "Railway Station", "old-town", 1.5, wait=2.1),
    Branch("b06", "Ferry Pier", "harbourside", 1.3),
    Branch("b07", "Customs House", "harbourside", 1.6),
    Branch("b08", "Lantern Quay", "harbourside", 0.9),
    Branch("b09", "Exchange Tower", "harbourside", 1.8),
    Branch("b10", "Shipyard", "harbourside", 0.7),
    Branch("b11", "University", "north-hills", 1.3),
    Branch("b12", "Pine Terrace", "north-hills", 0.6),
    Branch("b13", "Reservoir Road", "north-hills", 0.5),
    Branch("b14", "Hospital Street", "north-hills", 0.9),
    Branch("b15", "Cable Car", "north-hills", 0.25),
    Branch("b16", "Delta Central", "delta", 1.4),
    # Planted: no longer waits than elsewhere, but customers leave angry.
    Branch("b17", "Canal Bridge", "delta", 1.1, hurt=3.2),
    Branch("b18", "Lotus Park", "delta", 0.9),
    Branch("b19", "Science Park", "delta", 1.0),
    Branch("b20", "Airport", "delta", 0.6),
)
