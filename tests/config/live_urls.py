"""A page that tells how it is served, a stream of what is said on one channel, and health."""

from collections.abc import AsyncIterator

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from accounts import live
from config import health


@csrf_exempt
def page(request: HttpRequest) -> HttpResponse:
    meta = request.META
    return JsonResponse(
        {
            "handler": type(request).__name__,
            "forwarded": meta.get("HTTP_X_FORWARDED_PROTO", ""),
            "received": len(request.body),
        }
    )


async def stream(request: HttpRequest) -> HttpResponseBase:
    return live.sse_response(events())


async def events() -> AsyncIterator[tuple[str, dict[str, str]]]:
    async with live.subscription("news") as messages:
        yield "ready", {}
        async for message in messages:
            yield "news", {"text": message}


urlpatterns = [
    path("page/", page),
    path("api/v1/evidence/page/", page),
    path("live/news/", stream),
    path("healthz", health.healthz),
]
