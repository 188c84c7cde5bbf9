"""What customers wrote, only where at least five of them answered, as it stood behind the run."""

from datetime import UTC, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import wording
from accounts.filter_bar import day
from evidence import lake, snapshots
from evidence.scope import Scope
from journeys.models import Journey
from painpoints.models import ScoringRun
from reports.figures import words
from reports.figures.sheet import Figure, table
from reports.sources import source_of

FEWEST = 5
MOST = 50
EVER = (datetime(1, 1, 2), datetime(9999, 12, 30))


def comments_of(
    journey: Journey, scope: Scope, run: ScoringRun, most: int
) -> tuple[list[Figure], str]:
    """A table of the newest, or why there is none."""
    places = (run.result or {}).get("touchpoints", [])
    place_of = {line["code"]: i for i, line in enumerate(places)}
    pairs = [
        (raw, place_of[t["code"]])
        for t in run.parameters["touchpoints"]
        if t["code"] in place_of
        for raw in t["codes"]
    ]
    zone = journey.workspace.zone
    since, until = (
        moment.astimezone(UTC).replace(tzinfo=None) if moment else ever
        for moment, ever in zip((scope.starts_at(zone), scope.ends_at(zone)), EVER, strict=True)
    )
    asked = {
        "workspace": journey.workspace_id, "codes": [raw for raw, _place in pairs],
        "places": [place for _raw, place in pairs], "since": since, "until": until,
        "channels": list(scope.channels), "segments": list(scope.segments),
        "units": list(scope.units), "fewest": FEWEST, "most": most or MOST,
    }  # fmt: skip
    try:
        with snapshots.at(run.snapshot) as cursor:
            found = cursor.execute(lake.query("comments"), asked).fetchall()
    except snapshots.SnapshotGone as gone:
        return [], str(gone)
    if not found:
        return [], _("No comments, or fewer than five customers answered where they were made.")
    records = [
        {
            "touchpoint": places[place]["code"], "name": places[place]["name"], "metric": metric,
            "score": float(score) if score is not None else None, "comment": comment,
            "at": at.replace(tzinfo=UTC), "answered": answered,
        }
        for place, metric, score, comment, at, answered, _all in found
    ]  # fmt: skip
    return [_figure(journey, scope, run, records, found[0][-1])], ""


def _figure(
    journey: Journey, scope: Scope, run: ScoringRun, records: list[dict], every: int
) -> Figure:
    rows = [
        [
            one["name"],
            "“" + one["comment"] + "”",
            _score(one),
            day(one["at"].astimezone(journey.workspace.zone)),
        ]
        for one in records
    ]
    said = ngettext("%(n)s comment", "%(n)s comments", every) % {"n": wording.number(every)}
    if every > len(records):
        said = _("%(all)s; the newest %(n)s are shown") % {
            "all": said, "n": wording.number(len(records)),
        }  # fmt: skip
    return Figure(
        id="comments",
        heading=_("Customers' words"),
        definition=_("In their own words, newest first; only where at least five answered."),
        aria=said + ".",
        source=source_of(journey, scope, run),
        n=every,
        n_of=_("comments"),
        table=table(
            _("%s as a table") % _("Customers' words"),
            [_("Touchpoint"), _("Comment"), _("Answer"), _("Day")],
            rows,
        ),
        fields=("touchpoint", "name", "metric", "score", "comment", "at", "answered"),
        records=records,
    )


def _score(one: dict) -> str:
    if one["score"] is None:
        return wording.NO_VALUE
    metric = words.METRICS.get(one["metric"], one["metric"])
    digits = 0 if one["score"] == int(one["score"]) else 1
    return f"{metric} {wording.number(one['score'], digits)}"
