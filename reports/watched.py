"""What the kept pages of the portfolio and of a journey are made of (accounts/kept.py)."""

from accounts.kept import Rows, Watched
from jobs.models import Job
from journeys.models import Card, Journey, Lane, Persona, Stage, Step, StepTouchpoint
from painpoints.models import Baseline, PainPoint, RunCounts, ScoringRun
from painpoints.watched import (
    IMPORTS,
    JOURNEYS,
    LIBRARY,
    NEWEST_RUNS,
    OF_ITS_JOURNEYS,
    OF_WORKSPACE,
    PEOPLE,
    SETTINGS,
    WORDS,
    WORKSPACE,
)

PORTFOLIO = Watched(
    (
        WORKSPACE,
        JOURNEYS,
        PEOPLE,
        IMPORTS,
        LIBRARY,
        *NEWEST_RUNS,
        Rows(Baseline, OF_ITS_JOURNEYS),
        Rows(PainPoint, OF_WORKSPACE),
    ),
    fixed=(RunCounts,),
)

OWN = "journey_id = %(journey)s"
# The map, and the figures of a run: of other journeys only what leads to them.
JOURNEY = Watched(
    (
        WORKSPACE,
        Rows(Journey, OF_WORKSPACE, ("id", "slug", "name", "deleted_at")),
        Rows(Journey, "id = %(journey)s"),
        PEOPLE,
        IMPORTS,
        LIBRARY,
        *WORDS,
        *SETTINGS,
        Rows(Stage, OWN),
        Rows(Step, f"{OWN} OR opens <> '' AND {OF_ITS_JOURNEYS}"),
        Rows(StepTouchpoint, f"step_id IN (SELECT id FROM journeys_step WHERE {OWN})"),
        Rows(Lane, OWN),
        Rows(Persona, OWN),
        Rows(Card, OWN),
        Rows(ScoringRun, OWN),
        Rows(Job, f"id IN (SELECT job_id FROM painpoints_scoringrun WHERE {OWN})"),
    ),
    fixed=(RunCounts,),
)
