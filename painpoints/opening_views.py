"""Numbers of pages opened: the side panel, or a page of its own."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from evidence.scope import Scope
from evidence.snapshots import is_kept
from painpoints.knowing import UnknownNumber
from painpoints.knowing_views import get_run
from painpoints.opening import OPENERS


@login_required
@require_GET
def opened(request: HttpRequest, slug: str, pk: int, kind: str) -> HttpResponse:
    run = get_run(request, slug, pk)
    if run.result is None:
        return redirect("painpoints:run", slug, pk)
    try:
        found = OPENERS[kind](run, request.GET.dict())  # type: ignore[arg-type]
    except (KeyError, UnknownNumber):
        return render(request, "painpoints/unopened.html", {"run": run}, status=404)
    context: dict[str, Any] = {
        "opened": found,
        "run": run,
        "shown": found.shown,
        "definition": found.definition,
        "judged": found.judged,
        "scope": Scope.from_json(run.scope),
        "is_kept": is_kept(run.snapshot),
    }
    htmx: Any = request.htmx  # type: ignore[attr-defined]
    template = "opened_panel" if htmx and htmx.target == "panel" else "opened"
    return render(request, f"painpoints/{template}.html", context)
