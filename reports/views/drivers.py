"""Key drivers of a journey: what moves its outcome, by which measure, by which method."""

import time
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.access import get_workspace
from evidence import snapshots
from painpoints.drivers_work import kept_drivers, request_drivers
from painpoints.models import ScoringRun
from reports import exports, reading
from reports.figures import drivers_records
from reports.figures.drivers import drivers as drivers_figure
from reports.figures.sheet import Figure
from reports.gallery import user_of
from reports.sources import source_of
from reports.views.downloads import sentence
from reports.views.pages import Asked, address, asked_for, page, reading_of

METHODS = (("weights", gettext_lazy("Johnson's weights")), ("lmg", gettext_lazy("LMG")))


@login_required
@require_GET
def drivers(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    workspace = get_workspace(request, slug)
    asked = asked_for(request, workspace, journey)
    read = reading_of(request, asked)
    context: dict[str, Any] = {"kept": "outcome method"}
    if read is not None and read.run is not None:
        context |= _shown(request, asked, read.run)
    return page(request, asked, "drivers", read, context)


@login_required
@require_GET
def drivers_download(
    request: HttpRequest, slug: str, journey: str, figure: str, form: str
) -> HttpResponse:
    """The drivers of ?outcome= by ?method=, to take away."""
    workspace = get_workspace(request, slug)
    asked = asked_for(request, workspace, journey)
    if figure != "drivers":
        raise Http404
    read = reading_of(request, asked)
    if read is None:
        return sentence(asked.error, 400)
    kept = kept_drivers(read.run) if read.run else None
    if read.run is None or (kept is None and _was_asked(read.run)):
        said = _("The key drivers of this scope are not found yet. Open their page first.")
        return sentence(said, 503)
    taken = _figure(request, asked, read.run, kept) if kept else None
    if taken is None:
        said = _("There is nothing to download here: no evidence of this kind in this scope.")
        return sentence(said, 404)
    answer = exports.csv_response if form == "csv" else exports.html_response
    return answer([taken], f"{asked.journey.slug}-drivers.{form}")


def _shown(request: HttpRequest, asked: Asked, run: ScoringRun) -> dict[str, Any]:
    if not _was_asked(run):
        return {"unasked": True}
    kept = kept_drivers(run)
    if kept is None:
        if not snapshots.is_kept(run.snapshot):
            return {"gone": True}
        job = request_drivers(run=run, user=user_of(request.user))
        kept = _wait_for(run)
        if kept is None:
            job.refresh_from_db()
            return {"finding": _progress(asked, job)}
    if not kept["outcomes"]:
        return {"unasked": True}
    outcome, method = _chosen(request, kept)
    found = outcome["methods"][method]
    context: dict[str, Any] = {
        "outcomes": _switch(
            asked,
            [(o["metric"], drivers_records.outcome_name(o["metric"])) for o in kept["outcomes"]],
            "outcome", outcome["metric"], method=method,
        ),
        "methods": _switch(asked, METHODS, "method", method, outcome=outcome["metric"]),
    }  # fmt: skip
    if "refused" in found:
        why, what_to_do = drivers_records.refusal(found)
        names = _names(run)
        left_out = [
            {"name": names.get(o["code"], o["code"]), "n": o["n"],
             "why": drivers_records.left_out_text(o["reason"])}
            for o in outcome["left_out"]
        ]  # fmt: skip
        return {**context, "refused": why, "what_to_do": what_to_do, "left_out": left_out}
    figure = _figure(request, asked, run, kept)
    assert figure is not None
    return {**context, "figure": figure.context(_downloads(asked, outcome["metric"], method))}


def _was_asked(run: ScoringRun) -> bool:
    """Whether anybody was asked about the journey as a whole."""
    outcome = dict((run.result or {}).get("outcome") or {})
    own = outcome.pop("metrics", None)
    return bool(own) or any(outcome.values())


def _wait_for(run: ScoringRun) -> dict[str, Any] | None:
    """Small journeys are ready within the patience of a page."""
    until = time.monotonic() + reading.PATIENCE_S
    while (kept := kept_drivers(run)) is None and time.monotonic() < until:
        time.sleep(reading.POLL_S)
    return kept


def _progress(asked: Asked, job: Any) -> dict[str, Any]:
    slug = asked.journey.workspace.slug
    return {
        "job": job,
        "sse_url": reverse("job_live", args=[slug, job.pk]),
        "poll_url": reverse("job_progress", args=[slug, job.pk]),
    }


def _chosen(request: HttpRequest, kept: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The outcome and method of the address; where it is silent, an outcome that can be told."""
    metric, method = request.GET.get("outcome", ""), request.GET.get("method") or "weights"
    if method not in dict(METHODS):
        raise Http404
    found = [o for o in kept["outcomes"] if metric in ("", o["metric"])]
    if not found:
        raise Http404
    told = [o for o in found if "refused" not in o["methods"][method]]
    return (told or found)[0], method


def _figure(
    request: HttpRequest, asked: Asked, run: ScoringRun, kept: dict[str, Any]
) -> Figure | None:
    if not kept["outcomes"]:
        return None
    outcome, method = _chosen(request, kept)
    if "refused" in outcome["methods"][method]:
        return None
    return drivers_figure(outcome, method, _names(run), source_of(asked.journey, asked.scope, run))


def _names(run: ScoringRun) -> dict[str, str]:
    return {line["code"]: line["name"] for line in (run.result or {})["touchpoints"]}


def _switch(
    asked: Asked, choices: Any, name: str, current: str, **more: str
) -> list[dict[str, Any]]:
    args = [asked.journey.workspace.slug, asked.journey.slug]
    return [
        {
            "label": label,
            "url": address("reports:drivers", args, asked.scope, **more, **{name: value}),
            "current": value == current,
        }
        for value, label in choices
    ]


def _downloads(asked: Asked, outcome: str, method: str) -> list[dict[str, str]]:
    args = [asked.journey.workspace.slug, asked.journey.slug, "drivers"]
    more = {"outcome": outcome, "method": method}
    return [
        {"label": label, "url": address(f"reports:drivers_{form}", args, asked.scope, **more)}
        for label, form in (
            (_("HTML, works offline"), "html"),
            (_("CSV, exact values"), "csv"),
        )
    ]
