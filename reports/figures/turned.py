"""Orders that turn round (Simpson's paradox), in a sentence, a reason and a small table."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import wording
from analytics.simpson import Seen
from painpoints.reversals import Turned
from reports.figures import words
from reports.figures.sheet import table

Names = Mapping[str, str]
# (dimension, in every value) → the sentence
SEVERITY = {
    ("segment", True): gettext_lazy(
        "Overall “%(worse)s” hurts more than “%(better)s”, but within every segment "
        "“%(better)s” hurts more."
    ),
    ("segment", False): gettext_lazy(
        "Overall “%(worse)s” hurts more than “%(better)s”, but within segments, on average, "
        "“%(better)s” hurts more."
    ),
    ("channel", True): gettext_lazy(
        "Overall “%(worse)s” hurts more than “%(better)s”, but within every channel "
        "“%(better)s” hurts more."
    ),
    ("channel", False): gettext_lazy(
        "Overall “%(worse)s” hurts more than “%(better)s”, but within channels, on average, "
        "“%(better)s” hurts more."
    ),
}
SIGNAL = {
    ("segment", True): gettext_lazy(
        "%(family)s: overall more often at “%(worse)s” than at “%(better)s”, but within every "
        "segment more often at “%(better)s”."
    ),
    ("segment", False): gettext_lazy(
        "%(family)s: overall more often at “%(worse)s” than at “%(better)s”, but within segments, "
        "on average, more often at “%(better)s”."
    ),
    ("channel", True): gettext_lazy(
        "%(family)s: overall more often at “%(worse)s” than at “%(better)s”, but within every "
        "channel more often at “%(better)s”."
    ),
    ("channel", False): gettext_lazy(
        "%(family)s: overall more often at “%(worse)s” than at “%(better)s”, but within channels, "
        "on average, more often at “%(better)s”."
    ),
}


def turned(
    found: Sequence[Turned], count: int, places: Names, names: Mapping[str, Names]
) -> dict[str, Any] | None:
    """As templates/reports/turned.html takes it.

    count: of all reversals.  places: touchpoint's code → name.  names: dimension → value → name.
    """
    if not found:
        return None
    shown = [_told(one, places, names[one.dimension]) for one in found]
    return {"first": shown[0], "others": shown[1:], "left": count - len(shown)}


def _told(one: Turned, places: Names, names: Names) -> dict[str, Any]:
    said = {
        "worse": places.get(one.worse, one.worse),
        "better": places.get(one.better, one.better),
        "family": words.family_name(one.family) if one.family else "",
    }
    sentence = (SIGNAL if one.family else SEVERITY)[one.dimension, one.everywhere]
    return {"sentence": str(sentence) % said, "why": _why(one, said, names),
            "table": _table(one, said, names)}  # fmt: skip


def _why(one: Turned, said: Names, names: Names) -> str:
    if one.why is None:
        return ""
    return _(
        "“%(worse)s” serves more of “%(value)s” (%(mine)s of its experiences here against "
        "%(others)s), and there both hurt more."
    ) % {
        **said,
        "value": names.get(one.why, one.why),
        "mine": wording.percent(one.share(0, one.why)),
        "others": wording.percent(one.share(1, one.why)),
    }


def _table(one: Turned, said: Names, names: Names) -> dict[str, Any]:
    order = [v for v in names if v in one.rows] + [v for v in one.rows if v not in names]
    rows = [[names.get(v, v), *map(seen_text, one.rows[v])] for v in order]
    caption = _(
        "Groups in which both count at least 30; 90%% intervals. The order as a whole is %(whole)s "
        "sure, that within groups %(within)s."
    ) % {"whole": wording.percent(one.p_overall), "within": wording.percent(one.p_within)}
    together = [_("together"), *map(seen_text, one.together)]
    return table(caption, [_label(one), said["worse"], said["better"]], [*rows, together])


def _label(one: Turned) -> str:
    return _("Segment") if one.dimension == "segment" else _("Channel")


def seen_text(seen: Seen) -> str:
    """27% (23–32%), 71 of 263; or, of several signals, with n alone."""
    counted = (
        words.n_text(seen.n)
        if seen.x is None
        else _("%(x)s of %(n)s") % {"x": wording.number(seen.x), "n": wording.number(seen.n)}
    )
    return f"{words.share_text(seen.value, seen.low, seen.high)}, {counted}"
