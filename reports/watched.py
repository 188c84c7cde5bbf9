"""What the kept pages of the portfolio and of a journey are made of (accounts/kept.py)."""

from accounts.kept import Rows, Watched
from accounts.models import Workspace
from jobs.models import Job
from journeys.models import Card, Journey, Lane, Persona, Stage, Step
from painpoints.models import Baseline, PainPoint, RunCounts, ScoringRun
from painpoints.watched import (
    IMPORTS,
    JOURNEYS,
    LIBRARY,
    NEWEST_RUNS,
    OF_ITS_JOURNEYS,
    OF_JOURNEY,
    OF_WORKSPACE,
    PEOPLE,
    PLACES,
    SETTINGS,
    WORDS,
    WORKSPACE,
)
from touchpoints.models import Channel, Touchpoint

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

# A map as figures draw it (board.py).
BOARD = Watched(
    (
        Rows(Workspace, "id = %(workspace)s", ("id", "slug")),
        Rows(
            Journey,
            f"{OF_WORKSPACE} AND (id = %(journey)s OR slug IN "
            f"(SELECT opens FROM journeys_step WHERE {OF_JOURNEY}))",
            ("id", "slug", "name", "deleted_at"),
        ),
        Rows(Stage, OF_JOURNEY),
        Rows(Step, OF_JOURNEY),
        PLACES,
        Rows(
            Touchpoint,
            "id IN (SELECT touchpoint_id FROM journeys_steptouchpoint WHERE step_id IN "
            f"(SELECT id FROM journeys_step WHERE {OF_JOURNEY}))",
        ),
        Rows(Channel, OF_WORKSPACE),
        Rows(Lane, OF_JOURNEY),
        Rows(Persona, OF_JOURNEY),
        Rows(Card, OF_JOURNEY),
    )
)
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
        Rows(Stage, OF_JOURNEY),
        Rows(Step, f"{OF_JOURNEY} OR opens <> '' AND {OF_ITS_JOURNEYS}"),
        PLACES,
        Rows(Lane, OF_JOURNEY),
        Rows(Persona, OF_JOURNEY),
        Rows(Card, OF_JOURNEY),
        Rows(ScoringRun, OF_JOURNEY),
        Rows(Job, f"id IN (SELECT job_id FROM painpoints_scoringrun WHERE {OF_JOURNEY})"),
    ),
    fixed=(RunCounts,),
)
