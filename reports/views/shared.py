"""What a link shows to people without a login: one map, read-only, and nothing else.

Whatever opens nothing (a wrong address, an ended or expired link, a deleted journey) gets the same
answer, so that nobody learns what once was there.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from journeys import sharing
from journeys.models import Picture, ShareLink
from journeys.states import present, state_at
from reports.poster import sheets
from reports.poster.build import newest_run, poster_of
from reports.poster.parts import Poster
from reports.views.showing import paper_context, slides_context

COOKIE = "share"
KNOWN_FOR_S = 12 * 3600
POLICY = (
    "default-src 'none'; img-src 'self' data:; script-src 'self'; "
    "style-src 'self' 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
View = Callable[..., HttpResponse]


def _private(view: View) -> View:
    """Kept nowhere, found by no search engine, its address told to no other site."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response["Content-Security-Policy"] = POLICY
        # Forms need it of their own site: without one, browsers send them with a null origin.
        response.setdefault("Referrer-Policy", "no-referrer")
        return response

    return answer


def _opened(view: View) -> View:
    """Finds the link and asks for its password; the view gets the link."""

    @wraps(view)
    def answer(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
        link = sharing.open_link(token)
        if link is None:
            return _gone(request)
        timezone.activate(link.journey.workspace.zone)
        if link.password and not _knows(request, link):
            return _ask(request, link, token)
        return view(request, link, token, *args, **kwargs)

    return answer


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "reports/poster/gone.html", status=404)


def _knows(request: HttpRequest, link: ShareLink) -> bool:
    known = request.get_signed_cookie(COOKIE, default="", salt=COOKIE, max_age=KNOWN_FOR_S)
    return constant_time_compare(known or "", sharing.pass_of(link))


@sensitive_post_parameters("password")
def _ask(request: HttpRequest, link: ShareLink, token: str) -> HttpResponse:
    problem, status = "", 200
    if request.method == "POST":
        password = request.POST.get("password", "")
        try:
            if sharing.takes_password(link=link, password=password, sender=_sender(request)):
                return _let_in(request, link, token)
            problem, status = _("This is not the password. Try again."), 422
        except sharing.TooManyTries as error:
            problem, status = str(error), 429
    context = {"problem": problem}
    response = render(request, "reports/poster/password.html", context, status=status)
    response["Referrer-Policy"] = "same-origin"
    return response


def _sender(request: HttpRequest) -> str:
    """The address a try came from; behind a proxy, the one that the proxy saw (the last named)."""
    seen = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_TLS else ""
    return seen.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def _let_in(request: HttpRequest, link: ShareLink, token: str) -> HttpResponse:
    response = redirect(request.path)
    response.set_signed_cookie(
        COOKIE,
        sharing.pass_of(link),
        salt=COOKIE,
        max_age=KNOWN_FOR_S,
        path=reverse("shared", args=[token]),
        httponly=True,
        secure=settings.BEHIND_TLS,
        samesite="Lax",
    )
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_private
@_opened
def shared(request: HttpRequest, link: ShareLink, token: str) -> HttpResponse:
    """The map on one sheet; on a phone, stage by stage."""
    if request.method == "POST":
        return redirect("shared", token)
    ShareLink.objects.filter(pk=link.pk).seen()
    poster = _poster(link, token)
    context = {
        "poster": poster,
        "sheet": sheets.whole(poster),
        "sheets": sheets.paper(poster),
        "is_public": True,
        "present_url": reverse("shared_presentation", args=[token]),
        "paper_url": reverse("shared_paper", args=[token]),
    }
    return render(request, "reports/poster/shared.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_private
@_opened
def shared_presentation(request: HttpRequest, link: ShareLink, token: str) -> HttpResponse:
    if request.method == "POST":
        return redirect("shared_presentation", token)
    context = {
        **slides_context(_poster(link, token)),
        "leave_url": reverse("shared", args=[token]),
        "paper_url": reverse("shared_paper", args=[token]),
        "is_public": True,
    }
    return render(request, "reports/poster/slides.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_private
@_opened
def shared_paper(request: HttpRequest, link: ShareLink, token: str) -> HttpResponse:
    if request.method == "POST":
        return redirect("shared_paper", token)
    context = {
        **paper_context(_poster(link, token)),
        "leave_url": reverse("shared", args=[token]),
        "is_public": True,
    }
    return render(request, "reports/poster/paper.html", context)


@never_cache
@require_safe
@_private
def shared_picture(request: HttpRequest, token: str, sha256: str) -> HttpResponse:
    """A picture that stands on the part of the map the link shows."""
    link = sharing.open_link(token)
    if link is None or (link.password and not _knows(request, link)):
        return _gone(request)
    address = _picture_address(token)(sha256)
    poster = _poster(link, token)
    shown = {card.picture for card in poster.cards} | {one.picture for one in poster.people}
    picture = Picture.objects.filter(workspace=link.journey.workspace, sha256=sha256).first()
    if address not in shown or picture is None:
        return _gone(request)
    try:
        content = picture.path.read_bytes()
    except FileNotFoundError:
        return _gone(request)
    return HttpResponse(content, content_type=f"image/{picture.kind}")


def _picture_address(token: str) -> Callable[[str], str]:
    return lambda key: reverse("shared_picture", args=[token, key])


def _poster(link: ShareLink, token: str) -> Poster:
    """What the link lets see of its map."""
    journey = link.journey
    if link.number is None:
        number, lists = present(journey)
    else:
        number, lists = link.number, state_at(journey, link.number)
    return poster_of(
        journey=journey,
        lists=lists,
        number=number,
        address_of=_picture_address(token),
        lanes=link.lanes,
        run=newest_run(journey) if link.shows_figures else None,
    )
