"""From a run over all evidence to pain points: which touchpoints, of what type, for what cause.

The rules, and the choices made where they leave some, are written down in docs/methods.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from painpoints.models import PainPoint, ScoringRun
from painpoints.titles import found_title
from painpoints.told import BETTER, Share, Themes, Told, asks_for_better, cause_told, told_of
from touchpoints.models import Touchpoint

SEVERE = 0.3
SURELY_WORST = 0.9
# A touchpoint is found where it is severe, or more likely than not among the three worst and
# hurts at least one passage in ten.
LIKELY_WORST = 0.5
NOTICEABLE = 0.1

PROCEDURES = ("repeated", "lost")
NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Finding:
    """What scoring says of one touchpoint; type and cause are empty where it cannot tell."""

    code: str
    type: str
    cause: str


def findings_in(result: Mapping[str, Any], told: Told = NOTHING) -> list[Finding]:
    """The touchpoints of a result that count as pain points, worst first.

    told: what comments tell of at each touchpoint, where it is known.
    """
    found = []
    for line in result["touchpoints"]:
        themes = told.get(line["code"], {})
        if is_pain_point(line) or is_itch(line, themes):
            cause = cause_of(line) or cause_told(themes)
            found.append(Finding(line["code"], type_of(line, cause, themes), cause))
    return found


def is_pain_point(line: Mapping[str, Any]) -> bool:
    if line["rank"] is None:
        return False
    return line["severity"] >= SEVERE or (
        line["p_top3"] >= LIKELY_WORST and line["severity"] >= NOTICEABLE
    )


def is_itch(line: Mapping[str, Any], themes: Themes) -> bool:
    """Below what counts as pain, people ask for something better."""
    return line["rank"] is not None and not _is_pain(line) and asks_for_better(themes)


def type_of(line: Mapping[str, Any], cause: str, themes: Themes = NOTHING) -> str:
    if cause == PainPoint.Cause.PROCEDURES and is_pain_point(line):
        return PainPoint.Type.DIFFICULTY
    if _is_pain(line):
        return PainPoint.Type.PAIN
    return PainPoint.Type.ITCH if is_itch(line, themes) else ""


def _is_pain(line: Mapping[str, Any]) -> bool:
    return is_pain_point(line) and (line["severity"] >= SEVERE or line["p_top3"] >= SURELY_WORST)


def cause_of(line: Mapping[str, Any]) -> str:
    """The cause that explains most; `felt` and `complained` leave it open, for comments to tell."""
    shares = {family: found["share"] for family, found in line["families"].items()}
    procedures = sum(shares.pop(family, 0.0) for family in PROCEDURES)
    waiting = shares.pop("waited", 0.0)
    largest = max([procedures, waiting, *shares.values()], default=0.0)
    if largest <= 0 or largest in shares.values():
        return ""
    return PainPoint.Cause.WAITING if largest == waiting else PainPoint.Cause.PROCEDURES


@transaction.atomic
def record_findings(*, run: ScoringRun, told: Told = NOTHING) -> list[PainPoint]:
    """Opens a pain point for each new finding and brings the known ones up to date.

    What a person said (type, cause, title, status, owner) stands. A pain point that was closed is
    not reopened; its page says that it was found again.
    """
    known = {
        p.touchpoint.code: p
        for p in PainPoint.objects.select_for_update(of=("self",))
        .filter(journey=run.journey, origin=PainPoint.Origin.SCORING)
        .select_related("touchpoint")
    }
    findings = findings_in(run.result or {"touchpoints": []}, told)
    touchpoints = Touchpoint.objects.filter(
        workspace=run.workspace, code__in=[finding.code for finding in findings]
    )
    by_code = {t.code: t for t in touchpoints}
    recorded = []
    for finding in findings:
        touchpoint = by_code.get(finding.code)
        if touchpoint is None:  # deleted while the run was under way
            continue
        point = known.get(finding.code) or PainPoint(
            workspace=run.workspace,
            journey=run.journey,
            touchpoint=touchpoint,
            origin=PainPoint.Origin.SCORING,
            title=found_title(touchpoint, finding.cause),
            first_run=run,
        )
        point.last_run = run
        if _is_other_now(point, finding) or point.pk is None:
            point.save()
        recorded.append(point)
    PainPoint.objects.filter(pk__in=[point.pk for point in recorded]).update(
        last_run=run, updated_at=timezone.now()
    )
    return recorded


def _is_other_now(point: PainPoint, finding: Finding) -> bool:
    """Takes over what nobody judged by hand; whether anything became something else."""
    before = (point.type, point.cause, point.title)
    untouched_title = point.title == found_title(point.touchpoint, point.cause)
    if point.type_by_id is None:
        point.type = finding.type
    if point.cause_by_id is None:
        point.cause = finding.cause
    if untouched_title:
        point.title = found_title(point.touchpoint, point.cause)
    return before != (point.type, point.cause, point.title)


def by_words(
    point: PainPoint, run: ScoringRun | None, line: Mapping[str, Any] | None
) -> dict[str, Share]:
    """What comments decided of this pain point, type or cause, and how many of them."""
    decided: dict[str, Share] = {}
    asked = [
        point.cause and not point.cause_by_id,
        point.type == PainPoint.Type.ITCH and not point.type_by_id,
    ]
    themes = told_of(run).get(point.touchpoint.code, {}) if any(asked) else {}
    if not themes or line is None:
        return decided
    if asked[0] and point.cause == cause_told(themes) and not cause_of(line):
        theme = themes[point.cause]
        decided["cause"] = Share(theme.painful_told, theme.painful_written)
    if asked[1] and asks_for_better(themes):
        decided["type"] = Share(themes[BETTER].told, themes[BETTER].written)
    return decided
