"""Tables of a report: what is no drawing, with its sentence, its cells and its exact records."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import wording
from accounts.filter_bar import day
from accounts.models import Workspace
from evidence.coverage import coverage, mondays_until
from evidence.models import Import, Kind
from evidence.scope import Scope
from journeys.models import Journey
from painpoints.models import PainPoint, ScoringRun
from painpoints.readings import beside_scores, newest_runs
from reports.figures import words
from reports.figures.sheet import Cell, Figure, Source, table
from reports.overview import overview_of
from reports.sources import source_of
from touchpoints.coverage import lines_of

MOST_JOURNEYS, MOST_LINES = 200, 200


def _source(workspace: Workspace, journey: Journey | None = None) -> Source:
    """Of no single run; dated by now."""
    return source_of(journey or Journey(workspace=workspace, name=""), Scope(), None)


def captioned(heading: str) -> str:
    """A caption that says something else than the heading above it."""
    return _("%s as a table") % heading


def outcome(journey: Journey, scope: Scope, run: ScoringRun) -> list[Figure]:
    found = (run.result or {}).get("outcome") or {}
    asked = [(m, name, found[m]) for m, name in words.METRICS.items() if found.get(m)]
    said = [f"{name} {words.metric_text(m, one)}" for m, name, one in asked]
    rows: list[list[Cell]] = [
        [name, words.metric_value(m, one["value"]),
         words.metric_interval(m, one) or wording.NO_VALUE, wording.number(one["n"])]
        for m, name, one in asked
    ]  # fmt: skip
    return [
        Figure(
            id="outcome",
            heading=_("Answers about the journey"),
            definition=_(
                # xgettext:no-python-format
                "What customers answered about the journey as a whole, with 95% intervals. CSAT "
                "and CES: the share of good answers."
            ),
            aria="; ".join(said) or _("Nobody was asked about the journey as a whole."),
            source=source_of(journey, scope, run),
            n=sum(one["n"] for _m, _name, one in asked),
            n_of=_("answers"),
            table=table(
                captioned(_("Answers about the journey")),
                [_("Question"), (_("Value"), True), (_("Interval"), True), ("n", True)],
                rows,
            ),
            fields=("metric", "value", "low", "high", "n"),
            records=[
                {"metric": m, **{key: one[key] for key in ("value", "low", "high", "n")}}
                for m, _name, one in asked
            ],
        )
    ]


def painpoints(
    workspace: Workspace,
    journey: Journey | None,
    most: int,
    scope: Scope | None = None,
    runs: Mapping[int, ScoringRun] | None = None,
) -> Figure:
    """Of one journey, or of all; unsolved ones, worst first, beside the runs of the scope."""
    scope = scope or Scope()
    runs = newest_runs(workspace) if runs is None else runs
    points = PainPoint.objects.shown(workspace).unsolved().with_last_run()
    if journey is not None:
        points = points.filter(journey=journey)
    points = points.select_related("journey__workspace", "touchpoint", "owner")
    found = beside_scores(points, dict(runs))
    shown = found[: most or MOST_LINES]
    columns: list[str | tuple[str, bool]] = [
        _("Pain point"), *([] if journey else [_("Journey")]), _("Touchpoint"), _("Severity"),
        (_("Painful passages per 1,000 customers"), True), _("Status"), _("Owner"),
    ]  # fmt: skip
    rows: list[list[Cell]] = []
    records: list[dict[str, Any]] = []
    for one in shown:
        point, line = one.point, one.line
        rows.append([
            str(point.title), *([] if journey else [point.journey.name]), point.touchpoint.name,
            words.severity_text(line) if line else _("not measured yet"),
            words.burden_text(line) if line else wording.NO_VALUE,
            str(point.get_status_display()), str(point.owner or _("nobody")),
        ])  # fmt: skip
        scores = ("severity", "severity_low", "severity_high", "burden", "burden_low",
                  "burden_high")  # fmt: skip
        records.append({
            "id": point.pk, "title": point.title, "journey": point.journey.slug,
            "touchpoint": point.touchpoint.code, "status": point.status, "type": point.type,
            "cause": point.cause, "owner": str(point.owner or ""),
            "since": point.created_at.date().isoformat(),
            "n": words.volume(line) if line else None,
            **{name: line[name] if line else None for name in scores},
        })  # fmt: skip
    nobody = sum(one.point.owner is None for one in found)
    said = ngettext("%(n)s open pain point.", "%(n)s open pain points.", len(found)) % {
        "n": wording.number(len(found))
    }
    if nobody:
        said += " " + ngettext(
            "%(n)s has no owner.", "%(n)s have no owner.", nobody
        ) % {"n": wording.number(nobody)}  # fmt: skip
    fields = tuple(records[0]) if records else ("id", "title")
    return Figure(
        id="painpoints", heading=_("Pain points"),
        definition=_(
            # xgettext:no-python-format
            "Open and being worked on, worst first; 90% intervals in brackets."
        ),
        aria=said, n=len(found), n_of=_("pain points"),
        source=source_of(
            journey or Journey(workspace=workspace, name=""), scope,
            runs.get(journey.pk) if journey else None,
        ),
        table=table(captioned(_("Pain points")), columns, rows), fields=fields, records=records,
    )  # fmt: skip


def journeys(workspace: Workspace, journey: Journey | None, most: int) -> Figure:
    cards = overview_of(workspace).cards[: most or MOST_JOURNEYS]
    rows: list[list[Cell]] = []
    records = []
    for card in cards:
        asked, worst = card.outcome, card.worst
        asked_text = wording.NO_VALUE
        if asked:
            asked_text = f"{asked['name']} {words.metric_text(asked['figure'], asked)}"
        worst_text = _("no evidence")
        if worst:
            worst_text = f"{worst['name']}: {words.severity_text(worst)}"
        until = card.evidence_until
        rows.append([
            card.journey.name, asked_text, worst_text, wording.number(card.pain_points),
            day(until.astimezone(workspace.zone)) if until else wording.NO_VALUE,
            str(card.journey.owner or _("nobody")),
        ])  # fmt: skip
        records.append({
            "journey": card.journey.slug, "name": card.journey.name,
            **{f"outcome_{k}": (asked or {}).get(k)
               for k in ("figure", "value", "low", "high", "n")},
            "worst": worst["code"] if worst else None,
            **{f"worst_{k}": worst[k] if worst else None
               for k in ("severity", "severity_low", "severity_high")},
            "worst_n": card.worst_n if worst else None, "open_pain_points": card.pain_points,
            "evidence_until": until.isoformat() if until else None,
            "owner": str(card.journey.owner or ""),
            "snapshot": card.run.snapshot if card.run else None,
            "formula": card.run.formula if card.run else None,
        })  # fmt: skip
    return Figure(
        id="journeys", heading=_("All journeys"),
        definition=_(
            # xgettext:no-python-format
            "Each from its newest run over all evidence: answers with 95% intervals, severity with "
            "90% intervals."
        ),
        aria=ngettext("%(n)s journey.", "%(n)s journeys.", len(cards))
        % {"n": wording.number(len(cards))},
        source=_source(workspace), n=len(cards), n_of=_("journeys"),
        table=table(
            captioned(_("All journeys")),
            [_("Journey"), _("Answers"), _("Worst touchpoint"), (_("Open pain points"), True),
             _("Evidence until"), _("Owner")],
            rows,
        ),
        fields=tuple(records[0]) if records else ("journey", "name"), records=records,
    )  # fmt: skip


def evidence(workspace: Workspace, journey: Journey | None, most: int) -> Figure:
    """Rows of each kind by touchpoint, and how new they are."""
    mondays = mondays_until(workspace, None)
    lines, unmapped, _whole = lines_of(workspace, coverage(workspace, mondays))
    if journey is not None:
        own = set(journey.touchpoints().values_list("code", flat=True))
        lines, unmapped = [line for line in lines if line.code in own], []
    rows: list[list[Cell]] = []
    records = []
    for line in lines[: most or MOST_LINES]:
        counts = [line.kinds[kind].n if kind in line.kinds else 0 for kind in Kind.values]
        last = line.span[1] if line.span else None
        rows.append([
            str(line.touchpoint), *(wording.number(n) for n in counts),
            day(last.astimezone(workspace.zone)) if last else _("never"),
        ])  # fmt: skip
        records.append({
            "touchpoint": line.code, "name": str(line.touchpoint),
            **dict(zip(Kind.values, counts, strict=True)),
            "last": last.isoformat() if last else None,
        })  # fmt: skip
    bare = sum(not line.rows for line in lines)
    said = _("%(n)s of %(of)s touchpoints have no evidence.") % {
        "n": wording.number(bare), "of": wording.number(len(lines)),
    }  # fmt: skip
    if unmapped:
        said += " " + ngettext(
            "%(n)s code in the evidence belongs to no touchpoint.",
            "%(n)s codes in the evidence belong to no touchpoint.",
            len(unmapped),
        ) % {"n": wording.number(len(unmapped))}
    return Figure(
        id="coverage", heading=_("Evidence by touchpoint"),
        definition=_("Rows of each kind, all times, and the day of the newest."),
        aria=said, source=_source(workspace, journey), n=sum(line.rows for line in lines),
        n_of=_("rows"),
        table=table(
            captioned(_("Evidence by touchpoint")),
            [_("Touchpoint"), *((str(label), True) for label in Kind.labels), _("Newest")],
            rows,
        ),
        fields=("touchpoint", "name", *Kind.values, "last"), records=records,
    )  # fmt: skip


def imports(workspace: Workspace, journey: Journey | None, most: int) -> Figure:
    """What was brought in, and what became of its rows."""
    standing = Import.objects.filter(workspace=workspace).standing()
    found = list(standing.order_by("-finished_at", "-pk")[: most or MOST_LINES])
    accounts = ("rows", "accepted", "ignored", "missing", "duplicate", "rejected")
    rows: list[list[Cell]] = [
        [
            one.source, str(one.get_kind_display()),
            *(wording.number(getattr(one, name)) for name in accounts),
            wording.percent(one.rejected / one.rows if one.rows else None, 1),
            day(one.last_at.astimezone(workspace.zone)) if one.last_at else wording.NO_VALUE,
        ]
        for one in found
    ]  # fmt: skip
    total, refused = sum(one.rows for one in found), sum(one.rejected for one in found)
    return Figure(
        id="imports", heading=_("Imports"),
        definition=_("Every row of a file is accepted, ignored, missing, duplicate or rejected."),
        aria=_("%(refused)s of %(rows)s rows were rejected (%(share)s).")
        % {"refused": wording.number(refused), "rows": wording.number(total),
           "share": wording.percent(refused / total if total else None, 1)},
        source=_source(workspace), n=total, n_of=_("rows"),
        table=table(
            captioned(_("Imports")),
            [_("Source"), _("Kind"), (_("Rows"), True), (_("Accepted"), True), (_("Ignored"), True),
             (_("Missing"), True), (_("Duplicate"), True), (_("Rejected"), True),
             (_("Rejected, share"), True), _("Newest row")],
            rows,
        ),
        fields=("import", "source", "kind", *accounts, "first_at", "last_at"),
        records=[
            {"import": one.pk, "source": one.source, "kind": one.kind,
             **{name: getattr(one, name) for name in accounts},
             "first_at": one.first_at, "last_at": one.last_at}
            for one in found
        ],
    )  # fmt: skip


OF_JOURNEY: dict[str, Callable[[Journey, Scope, ScoringRun], Sequence[Figure]]] = {
    "outcome": outcome,
}
OF_WORKSPACE: dict[str, Callable[[Workspace, Journey | None, int], Figure]] = {
    "painpoints": painpoints, "journeys": journeys, "coverage": evidence, "imports": imports,
}  # fmt: skip
