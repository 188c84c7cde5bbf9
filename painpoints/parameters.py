"""Everything a score depends on besides the evidence: the stored parameters of a run.

They are plain JSON, so that a run shows them and can be computed again from them alone.
"""

import hashlib
import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from accounts.held import Held
from analytics.ranking import FORMULA
from evidence.metrics import Scale, scales_of
from evidence.question import Place, Question, Standard
from evidence.scope import Scope
from journeys.models import Journey
from painpoints.models import ScoringSettings
from painpoints.watched import PARAMETERS
from touchpoints.codes import codes_of, touchpoint_by_code
from touchpoints.models import Promise, Touchpoint

_kept: Held[dict[str, Any]] = Held(PARAMETERS)


def kept_parameters(journey: Journey) -> dict[str, Any]:
    """The same as `parameters_of`, for reading only: remembered while nothing of it changes."""
    values = {"workspace": journey.workspace_id, "journey": journey.pk}
    return _kept.get(values, lambda: parameters_of(journey))


def parameters_of(journey: Journey) -> dict[str, Any]:
    """The journey's parameters as they stand now."""
    workspace = journey.workspace
    chosen = ScoringSettings.of(workspace)
    own = list(journey.touchpoints().values_list("code", flat=True))
    goals = list(journey.goal_touchpoints.order_by("code").values_list("code", flat=True))
    raw_codes = codes_of(workspace, [*own, *goals])
    promises = _promises(journey)
    return {
        "journey": journey.slug,
        "timezone": workspace.timezone,
        "weights": chosen.weights(),
        "short_abandon_ms": _ms(chosen.short_abandon_s),
        "repeat_days": chosen.repeat_days,
        "metrics": {code: scale.to_json() for code, scale in sorted(scales_of(workspace).items())},
        "touchpoints": [
            {
                "code": code,
                "codes": raw_codes[code],
                "promises": promises.get(code, []),
            }
            for code in own
        ],
        "goals": [{"code": code, "codes": raw_codes[code]} for code in goals],
    }


def key_of(scope: Scope, parameters: dict[str, Any]) -> str:
    """Names the question: equal formula, scope and parameters have equal keys."""
    document = {"formula": FORMULA, "scope": scope.to_json(), "parameters": parameters}
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def question_of(workspace_id: int, scope: Scope, parameters: dict[str, Any]) -> Question:
    """The question that a run's stored scope and parameters put to the evidence."""
    goals = {goal["code"] for goal in parameters["goals"]}
    on_map = [
        Place(
            code=t["code"],
            raw_codes=tuple(t["codes"]),
            promises=tuple(
                Standard(p["max_wait_ms"], p["segment"], p["channel"]) for p in t["promises"]
            ),
            is_goal=t["code"] in goals,
        )
        for t in parameters["touchpoints"]
    ]
    drawn = {place.code for place in on_map}
    beyond = [
        Place(g["code"], tuple(g["codes"]), is_goal=True, on_map=False)
        for g in parameters["goals"]
        if g["code"] not in drawn
    ]
    return Question(
        workspace_id=workspace_id,
        journey=parameters["journey"],
        places=(*on_map, *beyond),
        scales={code: Scale.from_json(code, s) for code, s in parameters["metrics"].items()},
        short_abandon_ms=parameters["short_abandon_ms"],
        repeat_days=parameters["repeat_days"],
        scope=scope,
        zone=ZoneInfo(parameters["timezone"]),
    )


def touched_by(journeys: Iterable[Journey], codes: set[str], slugs: set[str]) -> list[Journey]:
    """Of these journeys those whose scores depend on evidence with these codes."""
    journeys = list(journeys)
    if not journeys:
        return []
    meant = {t for raw, t in touchpoint_by_code(journeys[0].workspace).items() if raw in codes}
    places = Touchpoint.objects.filter(workspace=journeys[0].workspace, code__in=meant)
    touched = {journey.pk for journey in standing_on(journeys, places.values_list("pk", flat=True))}
    return [j for j in journeys if j.pk in touched or j.slug in slugs]


def standing_on(journeys: Iterable[Journey], touchpoints: Iterable[int]) -> list[Journey]:
    """Of these journeys those with one of the touchpoints on their map or among their goals."""
    places = Touchpoint.objects.filter(pk__in=list(touchpoints))
    touched = set(places.values_list("steps__journey", flat=True))
    touched |= set(Journey.objects.filter(goal_touchpoints__in=places).values_list("pk", flat=True))
    return [journey for journey in journeys if journey.pk in touched]


def _promises(journey: Journey) -> dict[str, list[dict[str, Any]]]:
    """Touchpoint code → its promises; the least special first."""
    found: dict[str, list[dict[str, Any]]] = {}
    promises = Promise.objects.filter(touchpoint__in=journey.touchpoints().values("pk"))
    for code, segment, channel, max_wait_s, target_share in promises.values_list(
        "touchpoint__code", "segment__code", "channel__code", "max_wait_s", "target_share"
    ):
        found.setdefault(code, []).append(
            {
                "segment": segment,
                "channel": channel,
                "max_wait_ms": _ms(max_wait_s),
                "target_share": _text(target_share),
            }
        )
    for promised in found.values():
        promised.sort(key=lambda p: (p["segment"] or "", p["channel"] or ""))
    return found


def _text(number: Decimal | None) -> str | None:
    """One spelling per value, whatever its trailing zeros."""
    return None if number is None else f"{number.normalize():f}"


def _ms(seconds: Decimal) -> int:
    return int(seconds * 1000)
