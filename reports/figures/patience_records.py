"""Curves of patience in words, as a table and as exact records."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts import wording
from reports.figures import words
from reports.figures.sheet import table
from reports.patience import LEAST_AT_RISK, Difference, Group, at, is_reached

FIELDS = ("kind", "code", "name", "n", "gave_up", "median_s", "median_low_s", "median_high_s",
          "logrank_p", "differs", "time_s", "share", "low", "high")  # fmt: skip
HAZARD_FIELDS = ("touchpoint", "from_s", "to_s", "at_risk", "gave_up", "waited_s",
                 "per_minute", "per_minute_low", "per_minute_high")  # fmt: skip


def records_of(
    kind: str, groups: Sequence[Group], differing: Sequence[Difference]
) -> list[dict[str, Any]]:
    """One record for every time at which a curve was told; the first of `groups` is compared."""
    against = {one.group.code: one for one in differing}
    records = []
    for group in groups:
        curve = group.virtual if kind == "virtual wait" else group.patience
        median = group.median() if kind != "virtual wait" else (None, None, None)
        found = against.get(group.code)
        head = {
            "kind": kind, "code": group.code, "name": group.name, "n": group.n,
            "gave_up": group.gave_up,
            **{name: value if value is not None and is_reached(value) else None for name, value
               in zip(("median_s", "median_low_s", "median_high_s"), median, strict=True)},
            "logrank_p": found.p if found else None, "differs": found.holds if found else None,
        }  # fmt: skip
        for time, share, low, high in zip(*(part.tolist() for part in curve), strict=True):
            records.append({**head, "time_s": time, "share": share, "low": low, "high": high})
    return records


def table_of(
    caption: str, groups: Sequence[Group], differing: Sequence[Difference], promise_s: float | None
) -> dict[str, Any]:
    """One row a group: median, shares still patient at two times, and whether it differs."""
    short_s = promise_s or 60.0
    moments = (short_s, 3 * short_s)
    against = {one.group.code: one for one in differing}
    columns: list[str | tuple[str, bool]] = [
        _("Who"), (_("Gave up, of waits"), True), (_("Half would give up within"), True),
        *((_("Still patient after %s") % wording.duration(m), True) for m in moments),
        _("Against the first"),
    ]  # fmt: skip
    rows: list[list[Any]] = []
    for group in groups:
        rows.append(
            [
                group.name,
                _("%(x)s of %(n)s")
                % {"x": wording.number(group.gave_up), "n": wording.number(group.n)},
                median_text(group),
                *(_patient(group, moment) for moment in moments),
                difference_text(against[group.code]) if group.code in against else "",
            ]
        )
    return table(caption, columns, rows)


def median_text(group: Group) -> str:
    """2 min 10 s (2 min 2 s – 2 min 20 s), or why there is none."""
    if not group.seen_until_s:
        return _("too little evidence")
    value, low, high = group.median()
    if not is_reached(value):
        return _("longer than %s") % wording.duration(group.seen_until_s)
    upper = wording.duration(high) if is_reached(high) else "…"
    return f"{wording.duration(value)} ({wording.duration(low)} – {upper})"


def sentence(groups: Sequence[Group], promise_s: float | None) -> str:
    """Half of “…” would give up within 2 min 10 s (2 min – 2 min 20 s). Of “…” more than half …"""
    return " ".join(_told(group, promise_s) for group in groups if group.seen_until_s)


def _told(group: Group, promise_s: float | None) -> str:
    if is_reached(group.median()[0]):
        return _("Half of “%(name)s” would give up within %(median)s.") % {
            "name": group.name,
            "median": median_text(group),
        }
    moment = min(3 * (promise_s or 60.0), group.seen_until_s)
    found = group.patient_at(moment)
    assert found is not None
    return _("Of “%(name)s”, %(share)s would still wait after %(time)s.") % {
        "name": group.name,
        "share": words.share_text(*found),
        "time": wording.duration(moment),
    }


def comparison(first: Group, differing: Sequence[Difference]) -> str:
    """Who gives up sooner or later than the first, and of whom it cannot be told."""
    kinds = (
        (_("sooner: %s"), [d for d in differing if d.holds and d.sooner]),
        (_("later: %s"), [d for d in differing if d.holds and not d.sooner]),
        (_("cannot be told apart: %s"), [d for d in differing if not d.holds]),
    )
    told = [text % ", ".join(d.group.name for d in found) for text, found in kinds if found]
    if not told:
        return ""
    return _(
        "Compared with “%(name)s” they give up %(told)s (log-rank test, at most 10%% false finds)."
    ) % {"name": first.name, "told": "; ".join(told)}


def difference_text(found: Difference) -> str:
    if found.p is None:
        return _("cannot be told: too few gave up")
    p = p_text(found.p)
    if not found.holds:
        return _("cannot be told apart (%s)") % p
    if found.sooner:
        return _("gives up sooner (%s)") % p
    return _("gives up later (%s)") % p


def p_text(p: float) -> str:
    return "p < 0.001" if p < 0.001 else f"p = {wording.number(p, 3)}"


def _patient(group: Group, seconds: float) -> str:
    found = group.patient_at(seconds)
    if found is None:
        return _("fewer than %s waited so long") % LEAST_AT_RISK
    return words.share_text(*found)


def hover_text(group: Group, seconds: float) -> str:
    share, low, high = at(group.patience, seconds)
    return _("%(name)s: after %(time)s %(share)s still patient") % {
        "name": words.plotly_text(group.name),
        "time": wording.duration(seconds),
        "share": words.share_text(share, low, high),
    }


def hazard_records(code: str, found: Any) -> list[dict[str, Any]]:
    return [
        {"touchpoint": code, "from_s": a, "to_s": b, "at_risk": n, "gave_up": x, "waited_s": w,
         "per_minute": 60 * v, "per_minute_low": 60 * low, "per_minute_high": 60 * high}
        for a, b, n, x, w, v, low, high in zip(*(part.tolist() for part in found), strict=True)
    ]  # fmt: skip


def hazard_table(name: str, records: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    columns: list[str | tuple[str, bool]] = [
        _("Time waited"), (_("Still waiting at its start"), True), (_("Gave up"), True),
        (_("Give up per minute, of those waiting"), True),
    ]  # fmt: skip
    rows = [
        [f"{wording.duration(r['from_s'])} – {wording.duration(r['to_s'])}",
         words.n_text(r["at_risk"]), wording.number(r["gave_up"]), per_minute_text(r)]
        for r in records
    ]  # fmt: skip
    return table(_("When customers of %s give up") % name, columns, rows)


def per_minute_text(record: Mapping[str, Any]) -> str:
    return words.share_text(
        record["per_minute"], record["per_minute_low"], record["per_minute_high"]
    )
