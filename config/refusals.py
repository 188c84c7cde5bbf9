"""What no address of ours can mean, and what no disk has room for: refused with a sentence."""

import sys
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.defaults import server_error

from jobs.reasons import is_disk_full, want_of

INSUFFICIENT_STORAGE = 507


def without_nul(respond: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """The character NUL ends a text for some of what we hand texts to: the rest would be lost."""

    def answer(request: HttpRequest) -> HttpResponse:
        if "\0" not in request.path_info and "%00" not in request.META.get("QUERY_STRING", ""):
            return respond(request)
        told = _("The address holds a NUL character (%00); leave it out.")
        if request.path_info.startswith("/api/"):
            return JsonResponse({"detail": told}, status=400)
        return HttpResponseBadRequest(told, content_type="text/plain; charset=utf-8")

    return answer


def failed(request: HttpRequest) -> HttpResponse:
    """The answer where a view raised. Where the disk is full, programs may send the same later."""
    error = sys.exc_info()[1]
    if error is None or not is_disk_full(error):
        return server_error(request)
    told = want_of(error)
    if request.path_info.startswith("/api/"):
        wait = {"Retry-After": "300"}
        return JsonResponse({"detail": told}, status=INSUFFICIENT_STORAGE, headers=wait)
    return render(request, "500.html", {"told": told}, status=INSUFFICIENT_STORAGE)
