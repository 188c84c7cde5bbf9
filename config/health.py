"""For load balancers: is the process alive, and can it do its work?"""

import logging
from collections.abc import Callable

from celery import current_app
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

log = logging.getLogger(__name__)


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: answers without asking anything else."""
    return JsonResponse({"status": "alive"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Ready: the database, the broker and the evidence lake answer; 503 where one does not."""
    checks = {"database": _database, "broker": _broker, "lake": _lake}
    answers = {name: _answer(name, check) for name, check in checks.items()}
    ready = all(answer == "ok" for answer in answers.values())
    return JsonResponse(
        {"status": "ready" if ready else "not ready", **answers}, status=200 if ready else 503
    )


def _answer(name: str, check: Callable[[], object]) -> str:
    """Reasons go to the log, not to whoever asks: they name hosts."""
    try:
        check()
    except Exception as error:
        log.warning("Not ready, %s does not answer: %s", name, error)
        return "does not answer"
    return "ok"


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _broker() -> None:
    with current_app.connection_for_write(connect_timeout=2) as broker:
        broker.ensure_connection(max_retries=1, timeout=2)


def _lake() -> None:
    from evidence import lake  # DuckDB: only for those who ask

    lake.ping()
