"""What two runs were asked differently: scope, evidence, weights, thresholds, promises, codes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.wording import duration, number, percent, plain
from evidence.metrics import scale_text
from evidence.models import Import
from evidence.scope import FILTERS, Scope
from painpoints.explanation import label_of
from painpoints.models import ScoringRun

NONE = "–"


@dataclass(frozen=True)
class Difference:
    """One thing that is not the same in both runs, in words."""

    what: str
    then: str
    now: str


def asked_differently(then: ScoringRun, now: ScoringRun) -> list[Difference]:
    """Formula and scope."""
    return [
        Difference(what, *pair)
        for what, *pair in (
            (_("Formula"), then.formula, now.formula),
            (
                _("Scope"),
                Scope.from_json(then.scope).describe(),
                Scope.from_json(now.scope).describe(),
            ),
        )
        if pair[0] != pair[1]
    ]


def set_differently(then: ScoringRun, now: ScoringRun) -> list[Difference]:
    """Weights, thresholds, promises, codes, metrics, goals and the touchpoints on the map."""
    old, new = _words(then.parameters), _words(now.parameters)
    return [
        Difference(what, old.get(what, NONE), new.get(what, NONE))
        for what in {**old, **new}
        if old.get(what, NONE) != new.get(what, NONE)
    ]


def only_weights_differ(then: ScoringRun, now: ScoringRun) -> bool:
    """Then the stored x and n of both stand under any weights."""
    return {**then.parameters, "weights": 0} == {**now.parameters, "weights": 0}


def share_rows(then: ScoringRun, now: ScoringRun) -> bool:
    """Whether one row of evidence may count in both: their periods and filters meet."""
    a, b = Scope.from_json(then.scope), Scope.from_json(now.scope)
    if (a.until and b.since and a.until <= b.since) or (b.until and a.since and b.until <= a.since):
        return False
    return all(
        not mine or not theirs or set(mine) & set(theirs)
        for mine, theirs in ((getattr(a, name), getattr(b, name)) for name in FILTERS.values())
    )


def imports_between(then: ScoringRun, now: ScoringRun) -> QuerySet[Import]:
    """Imports whose rows only one of the two runs saw: brought in or taken out between them."""
    first, last = sorted((then, now), key=lambda run: run.snapshot or 0)
    brought = Q(snapshot__gt=first.snapshot, snapshot__lte=last.snapshot)
    undone = Q(undone_at__gt=first.finished_at, undone_at__lte=last.finished_at)
    found = now.workspace.imports.filter(brought & ~Q(kind="") | undone)
    return found.select_related("created_by", "undone_by").order_by("-created_at")


def _words(parameters: Mapping[str, Any]) -> dict[str, str]:
    return dict(_told(parameters))


def _told(parameters: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for family, weight in parameters["weights"].items():
        yield _("Weight of “%s”") % label_of(family), plain(weight)
    yield _("Short abandons up to"), duration(parameters["short_abandon_ms"] / 1000)
    yield _("A repeat comes within (days)"), number(parameters["repeat_days"])
    yield _("Time zone"), parameters["timezone"]
    yield _("Touchpoints that mean success"), _list(g["code"] for g in parameters["goals"])
    for code, scale in parameters["metrics"].items():
        yield _("Metric “%s”") % code, scale_text(scale)
    for touchpoint in parameters["touchpoints"]:
        code = touchpoint["code"]
        yield _("On the map: “%s”") % code, _("yes")
        yield _("Promise of “%s”") % code, _list(_promise(p) for p in touchpoint["promises"])
        yield _("Codes of “%s”") % code, _list(touchpoint["codes"])


def _list(words: Any) -> str:
    return ", ".join(words) or NONE


def _promise(promise: Mapping[str, Any]) -> str:
    wait = duration(promise["max_wait_ms"] / 1000)
    text = _("within %(wait)s") % {"wait": wait}
    if promise["target_share"]:
        text = _("%(share)s within %(wait)s") % {
            "share": percent(float(promise["target_share"])),
            "wait": wait,
        }
    whose = ", ".join(promise[kind] for kind in ("segment", "channel") if promise[kind])
    return f"{text} ({whose})" if whose else text
