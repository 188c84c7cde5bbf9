"""What no address of ours can mean is refused before anything looks at it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.utils.translation import gettext as _


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
