"""The next sensible step with a pain point, by rules that can be read: the first that holds.

1. closed, and found again: open it, or say why it may stay closed.
2. closed: nothing.
3. an action is done, and nothing is left to do: compare before and after.
4. too little evidence: how much more for an interval of ±10 of 100.
5. nobody owns it: name an owner.
6. no cause: read what customers wrote, or decide.
7. no effort: estimate it.
8. no action: say what will be done.
9. an action is overdue: the oldest.
10. it is being worked on: what is due next.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import wording
from accounts.filter_bar import day
from painpoints.models import Action, PainPoint
from painpoints.readings import volume

LITTLE_EVIDENCE_N = 30
# Half the width of an interval that a decision can stand on, and its normal quantile (90%).
HALF = 0.10
Z = 1.645
# Weeks that have to pass after an action before its effect can be looked for.
SETTLED = timedelta(days=28)


@dataclass(frozen=True)
class NextStep:
    """A sentence, and where to take the step; `anchor` on the page itself."""

    sentence: str
    url: str = ""
    label: str = ""


def next_step_of(
    point: PainPoint, line: Mapping[str, Any] | None, actions: Sequence[Action]
) -> NextStep | None:
    """None for what is closed and at rest."""
    if point.is_closed:
        return _found_again() if point.found_again else None
    open_ones = [a for a in actions if a.done_on is None]
    done = [a for a in actions if a.done_on is not None]
    if done and not open_ones:
        return _check_effect(point, max(a.done_on for a in done if a.done_on))
    known = line is not None and line["severity"] is not None
    if not known or (line and line["too_little_evidence"]):
        return _collect(line)
    if point.owner_id is None:
        return NextStep(_("Nobody owns it yet: name whoever will see to it."), "#id_owner",
                        _("Name an owner"))  # fmt: skip
    if not point.cause:
        return NextStep(
            _("No cause is decided, and the signals alone do not tell it: read what customers "
              "wrote, then decide."), "#comments", _("What customers wrote"),
        )  # fmt: skip
    if point.effort_days is None:
        return NextStep(
            _("Estimate what mending it would take, so that it can be set beside the others."),
            reverse("reports:matrix", args=[point.workspace.slug])
            + f"?journey={point.journey.slug}",
            _("What to mend first"),
        )
    if not open_ones:
        return NextStep(_("Say what will be done, by whom and until when."), "#actions",
                        _("Add an action"))  # fmt: skip
    return _at_work(point, open_ones)


def more_needed(line: Mapping[str, Any] | None) -> int:
    """How many more of the largest signal give an interval of about ±10 of 100.

    n = z² r (1 − r) ÷ h² for the rate seen (one half where there is none), and never fewer than
    the 30 below which nothing is ranked.
    """
    families = (line or {}).get("families") or {}
    largest = max(families.values(), key=lambda f: f["n"], default=None)
    rate = min(0.9, max(0.1, largest["rate"])) if largest else 0.5
    wanted = max(LITTLE_EVIDENCE_N, ceil(Z * Z * rate * (1 - rate) / HALF**2))
    return max(1, wanted - int(volume(line) if line else 0))


def _found_again() -> NextStep:
    return NextStep(
        _("Later evidence shows the pain again: open it, or say in the note why it may stay "
          "closed."), "#id_status", _("Change the status"),
    )  # fmt: skip


def _check_effect(point: PainPoint, last: date) -> NextStep:
    url = point.journey.get_absolute_url() + f"change/?touchpoint={point.touchpoint.code}"
    label = _("Compare before and after")
    ripe = last + SETTLED
    if timezone.now().astimezone(point.workspace.zone).date() < ripe:
        return NextStep(
            _("All that was to be done is done since %(day)s. Whether it helped can be told from "
              "about %(ripe)s, when four weeks have passed.")
            % {"day": day(last), "ripe": day(ripe)}, url, label,
        )  # fmt: skip
    return NextStep(
        _("All that was to be done is done since %(day)s: compare the weeks before with the weeks "
          "after, and close it if the pain is gone.") % {"day": day(last)}, url, label,
    )  # fmt: skip


def _collect(line: Mapping[str, Any] | None) -> NextStep:
    n = more_needed(line)
    return NextStep(
        ngettext(
            "Too little is known to decide on it: collect %(n)s more answer or wait, and the "
            "severity will be known within about ±%(half)s of 100.",
            "Too little is known to decide on it: collect %(n)s more answers or waits, and the "
            "severity will be known within about ±%(half)s of 100.",
            n,
        )
        % {"n": wording.number(n), "half": wording.points(HALF)}
    )


def _at_work(point: PainPoint, open_ones: Sequence[Action]) -> NextStep | None:
    today = timezone.now().astimezone(point.workspace.zone).date()
    dated = sorted((a for a in open_ones if a.due_on), key=lambda a: a.due_on or date.max)
    if not dated:
        return NextStep(
            _("Nothing that is to be done has a day: say until when “%(action)s” is done.")
            % {"action": open_ones[0].text}, "#actions", _("What is done about it"),
        )  # fmt: skip
    first = dated[0]
    words = {"action": first.text, "day": day(first.due_on or today)}
    said = (
        _("“%(action)s” was due on %(day)s: done, or later?")
        if first.due_on and first.due_on < today
        else _("It is being worked on; next is “%(action)s”, due on %(day)s.")
    )
    return NextStep(said % words, "#actions", _("What is done about it"))
