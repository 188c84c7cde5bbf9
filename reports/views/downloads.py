"""Figures to take away: a page that works from disk without a network, and exact values as CSV."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import get_workspace
from reports import exports, gallery
from reports.figures.sheet import Figure
from reports.reading import read
from reports.views.pages import asked_for

RETRY_S = 5


@login_required
@require_GET
def standalone(request: HttpRequest, slug: str, journey: str, figure: str) -> HttpResponse:
    workspace = get_workspace(request, slug)
    return _download(request, workspace, journey, figure, "html")


@login_required
@require_GET
def as_csv(request: HttpRequest, slug: str, journey: str, figure: str) -> HttpResponse:
    workspace = get_workspace(request, slug)
    return _download(request, workspace, journey, figure, "csv")


def _download(request, workspace, slug: str, figure: str, form: str) -> HttpResponse:  # type: ignore[no-untyped-def]
    if figure not in gallery.FIGURES:
        raise Http404
    asked = asked_for(request, workspace, slug)
    if asked.error:
        return sentence(asked.error, 400)
    reading = read(journey=asked.journey, scope=asked.scope, user=gallery.user_of(request.user))
    if reading.run is None:
        said = _("The journey is being scored for this scope. Try again in a few seconds.")
        return sentence(said, 503)
    persona = request.GET.get("persona", "")
    found = _chosen(gallery.figures_of(figure, asked.journey, reading, persona), request)
    if not found:
        said = _("There is nothing to download here: no evidence of this kind in this scope.")
        return sentence(said, 404)
    name = _file_name(asked.journey.slug, figure, request, form)
    if form == "csv":
        return exports.csv_response(found, name)
    return exports.html_response(found, name)


def _chosen(figures: list[Figure], request: HttpRequest) -> list[Figure]:
    code = request.GET.get("touchpoint")
    return [f for f in figures if not code or f.id.endswith(f"-{code}")]


def _file_name(journey: str, figure: str, request: HttpRequest, form: str) -> str:
    scope = "-filtered" if any(k != "touchpoint" for k in request.GET) else ""
    return f"{journey}-{figure}{scope}.{form}"


def sentence(text: str, status: int) -> HttpResponse:
    response = HttpResponse(text + "\n", status=status, content_type="text/plain; charset=utf-8")
    if status == 503:
        response["Retry-After"] = str(RETRY_S)
    return response
