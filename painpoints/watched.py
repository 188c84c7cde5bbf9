"""What pages that are kept (accounts/kept.py) are made of: of a workspace, of a journey's scores.

A test asks each page which tables it reads; one that is not told here fails it.
"""

from accounts.kept import Rows, Watched
from accounts.models import Membership, User, Workspace
from evidence.models import Import, Metric
from jobs.models import Job
from journeys.models import Card, Journey, Lane, Persona, Stage, Step, StepTouchpoint
from painpoints.models import (
    Action,
    Alert,
    AlertRule,
    Baseline,
    PainPoint,
    PainPointChange,
    RunCounts,
    ScoringRun,
    ScoringSettings,
)
from touchpoints.models import Channel, EvidenceCode, Promise, Segment, Touchpoint, Unit

OF_WORKSPACE = "workspace_id = %(workspace)s"
OF_ITS_JOURNEYS = (
    "journey_id IN (SELECT id FROM journeys_journey WHERE workspace_id = %(workspace)s)"
)
OF_ITS_TOUCHPOINTS = (
    "touchpoint_id IN (SELECT id FROM touchpoints_touchpoint WHERE workspace_id = %(workspace)s)"
)

WORKSPACE = Rows(Workspace, "id = %(workspace)s")
JOURNEYS = Rows(Journey, OF_WORKSPACE)
# Whoever may be named on a page, also after they left.
PEOPLE = Rows(
    User,
    "id IN (SELECT user_id FROM accounts_membership WHERE workspace_id = %(workspace)s "
    "UNION SELECT owner_id FROM journeys_journey WHERE workspace_id = %(workspace)s "
    "UNION SELECT owner_id FROM painpoints_painpoint WHERE workspace_id = %(workspace)s "
    "UNION SELECT created_by_id FROM evidence_import WHERE workspace_id = %(workspace)s)",
    ("id", "name", "email"),
)
IMPORTS = Rows(Import, OF_WORKSPACE)
# The words of the filter bar.
WORDS = (Rows(Channel, OF_WORKSPACE), Rows(Segment, OF_WORKSPACE), Rows(Unit, OF_WORKSPACE))
LIBRARY = Rows(Touchpoint, OF_WORKSPACE)
# What a journey's scores depend on besides the evidence (parameters.py).
SETTINGS = (
    Rows(Metric, OF_WORKSPACE),
    Rows(ScoringSettings, OF_WORKSPACE),
    Rows(EvidenceCode, OF_WORKSPACE),
    Rows(Promise, OF_ITS_TOUCHPOINTS),
    Rows(Journey.goal_touchpoints.through, OF_ITS_JOURNEYS),
)
_OF_THE_MAP = (
    "SELECT touchpoint_id FROM journeys_steptouchpoint WHERE step_id IN "
    "(SELECT id FROM journeys_step WHERE journey_id = %(journey)s) "
    "UNION SELECT touchpoint_id FROM journeys_journey_goal_touchpoints "
    "WHERE journey_id = %(journey)s"
)
OF_JOURNEY = "journey_id = %(journey)s"
PLACES = Rows(StepTouchpoint, f"step_id IN (SELECT id FROM journeys_step WHERE {OF_JOURNEY})")
# What `parameters_of` reads. Further codes are left out where they are a touchpoint's own.
PARAMETERS = Watched(
    (
        Rows(Workspace, "id = %(workspace)s", ("id", "timezone")),
        Rows(Journey, "id = %(journey)s", ("id", "slug")),
        Rows(
            Touchpoint,
            # joined by UNION, not OR, which would read all touchpoints there are
            f"id IN ({_OF_THE_MAP} UNION SELECT id FROM touchpoints_touchpoint "
            f"WHERE {OF_WORKSPACE} AND code IN "
            f"(SELECT code FROM touchpoints_evidencecode WHERE {OF_WORKSPACE}))",
            ("id", "code"),
        ),
        Rows(Stage, OF_JOURNEY, ("id", "position")),
        Rows(Step, OF_JOURNEY, ("id", "stage_id", "position")),
        PLACES,
        Rows(Promise, f"touchpoint_id IN ({_OF_THE_MAP})"),
        Rows(Channel, OF_WORKSPACE),
        Rows(Segment, OF_WORKSPACE),
        Rows(Metric, OF_WORKSPACE),
        Rows(ScoringSettings, OF_WORKSPACE),
        Rows(EvidenceCode, OF_WORKSPACE),
        Rows(Journey.goal_touchpoints.through, OF_JOURNEY),
    )
)
NEWEST_RUNS = (
    Rows(ScoringRun, f"{OF_WORKSPACE} AND is_whole"),
    Rows(
        Job,
        "id IN (SELECT job_id FROM painpoints_scoringrun WHERE workspace_id = %(workspace)s "
        "AND is_whole AND result IS NULL)",
    ),
)

LISTED = (
    WORKSPACE,
    JOURNEYS,
    PEOPLE,
    IMPORTS,
    LIBRARY,
    *WORDS,
    Rows(PainPoint, OF_WORKSPACE),
    Rows(Baseline, OF_ITS_JOURNEYS),
    Rows(Stage, OF_ITS_JOURNEYS),
    Rows(Step, OF_ITS_JOURNEYS),
    Rows(StepTouchpoint, OF_ITS_TOUCHPOINTS),
)
LIST = Watched((*LISTED, *NEWEST_RUNS), fixed=(RunCounts,))
LIST_IN_SCOPE = Watched(
    (
        *LISTED,
        *SETTINGS,  # one journey's is counted at once (at_once.py)
        Rows(ScoringRun, OF_WORKSPACE),
        Rows(Job, f"{OF_WORKSPACE} AND kind = 'score_scope'"),
    ),
    fixed=(RunCounts,),
)

# Of one pain point: `point` and `journey` are the keys of it and of its journey.
POINT = Watched(
    (
        WORKSPACE,
        JOURNEYS,
        Rows(Membership, OF_WORKSPACE),
        Rows(
            User,
            f"{PEOPLE.where} OR id IN ("
            "SELECT user_id FROM painpoints_painpointchange WHERE painpoint_id = %(point)s "
            "UNION SELECT (told ->> 'owner')::bigint FROM painpoints_painpointchange, "
            "unnest(ARRAY[before, after]) AS told WHERE painpoint_id = %(point)s "
            "UNION SELECT owner_id FROM painpoints_action WHERE painpoint_id = %(point)s "
            "UNION SELECT unnest(ARRAY[type_by_id, cause_by_id]) FROM painpoints_painpoint "
            "WHERE id = %(point)s)",
            PEOPLE.columns,
        ),
        LIBRARY,
        IMPORTS,
        *WORDS,
        *SETTINGS,
        Rows(PainPoint, "id = %(point)s"),
        Rows(Action, "painpoint_id = %(point)s"),
        Rows(PainPointChange, "painpoint_id = %(point)s"),
        Rows(AlertRule, "journey_id = %(journey)s"),
        Rows(
            Alert,
            "rule_id IN (SELECT id FROM painpoints_alertrule WHERE journey_id = %(journey)s)",
        ),
        Rows(ScoringRun, "journey_id = %(journey)s"),
        Rows(
            Card,
            "step_id IN (SELECT step_id FROM journeys_steptouchpoint WHERE touchpoint_id = "
            "(SELECT touchpoint_id FROM painpoints_painpoint WHERE id = %(point)s))",
        ),
        Rows(Lane, OF_ITS_JOURNEYS),
        Rows(Persona, OF_ITS_JOURNEYS),
        Rows(Step, OF_ITS_JOURNEYS),
        Rows(Stage, OF_ITS_JOURNEYS),
        Rows(StepTouchpoint, OF_ITS_TOUCHPOINTS),
    ),
    fixed=(RunCounts,),
)
