"""What a run counted as painful: the promises, thresholds and goals that decide on a number."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts import wording
from painpoints.explanation import label_of
from painpoints.knowing import ASKED, SCORES, WAITS, Number
from painpoints.knowing_counts import PartNumber


def rules_of(number: Number) -> list[tuple[str, str]]:
    """(label, what holds), of what has a say in this number, as the run kept it."""
    parameters = number.run.parameters
    families = set(number.line.get("families", {})) if number.figure in SCORES else {number.figure}
    rules = []
    if "felt" in families or number.figure in ASKED:
        rules.append((_("Painful answers"), _thresholds(number)))
    if "waited" in families or number.figure in WAITS:
        rules.append((_("Promise"), promises_text(_promises(number))))
        short = wording.duration(parameters["short_abandon_ms"] / 1000)
        rules.append((_("Short abandons"), _("up to %(time)s are left out") % {"time": short}))
    if "repeated" in families:
        days = parameters["repeat_days"]
        rules.append((_("Repeats"), _("within %(days)s days") % {"days": days}))
    if "lost" in families:
        names = {t["code"]: t["name"] for t in number.result["touchpoints"]}
        goals = [names.get(g["code"], g["code"]) for g in parameters["goals"]]
        rules.append((_("Goal"), ", ".join(goals) or _("none named, so nothing counts as lost")))
    if number.is_scored:
        weights = parameters["weights"]
        told = [f"{label_of(f)} {weights[f]:g}" for f in weights if f in families]
        rules.append((_("Weights"), " · ".join(told) or wording.NO_VALUE))
    return [(label, said) for label, said in rules if said]


def why_not(number: Number) -> str:
    """Why a number cannot be told; empty where it can."""
    if number.shown.value is not None:
        return ""
    if isinstance(number, PartNumber) and number.counted is None:
        return _("The rows behind this run are gone, and this part was never counted.")
    if number.figure == "rank" and number.line["severity"] is not None:
        return _("Too little evidence: fewer than 30 experiences of every kind, so no rank.")
    if number.figure in ("waited", "service_level") and number.line.get("waits"):
        return _("No promise applies to these waits, so none can be longer than promised.")
    if number.figure == "lost" and not number.run.parameters["goals"]:
        return _("The journey names no touchpoint that means success, so nothing counts as lost.")
    if number.figure == "complained":
        return _("No complaints have been counted.")
    return _("There is no evidence of it in this scope.")


def promises_text(promises: list[Mapping[str, Any]]) -> str:
    said = []
    for one in promises:
        whom = ", ".join(one[key] for key in ("segment", "channel") if one[key])
        within = _("within %s") % wording.duration(one["max_wait_ms"] / 1000)
        said.append(f"{within} ({whom})" if whom else within)
    return " · ".join(said) or _("no promise")


def _promises(number: Number) -> list[Mapping[str, Any]]:
    touchpoints = number.run.parameters["touchpoints"]
    return next((t["promises"] for t in touchpoints if t["code"] == number.code), [])


def _thresholds(number: Number) -> str:
    scales = number.run.parameters["metrics"]
    told = [m for m in ("nps", "csat", "ces") if number.line.get(m)]
    told += list(number.line.get("metrics") or {})
    if number.figure in ASKED:
        told = [number.metric or number.figure]
    return " · ".join(_threshold(code, scales[code]) for code in told if code in scales)


def _threshold(code: str, scale: Mapping[str, str | None]) -> str:
    name = code.upper() if code in ("nps", "csat", "ces") else code
    if scale["pain_at_most"] is not None:
        return f"{name} ≤ {scale['pain_at_most']}"
    return f"{name} ≥ {scale['pain_at_least']}"
