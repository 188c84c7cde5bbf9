"""The first page: what this is, the living demo, and the way to one's own workspace."""

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.models import User, Workspace
from reports.landing import demo_figures

DEMO_WORKSPACE = "demo"
DEMO_VISITOR = "visitor@touchline.example"


def home(request: HttpRequest) -> HttpResponse:
    """Sends members to their workspace; shows newcomers what Touchline is."""
    user = request.user
    if isinstance(user, User):
        workspace = Workspace.objects.of(user).first()
        if workspace is None:
            return redirect("workspace_new")
        return redirect("reports:portfolio", workspace.slug)
    figures = demo_figures(DEMO_WORKSPACE) if settings.OPEN_DEMO else []
    return render(request, "landing.html", {"demo_figures": figures})


@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Lets a newcomer look round the demo workspace as a viewer."""
    visitor = User.objects.filter(
        email=DEMO_VISITOR, memberships__workspace__slug=DEMO_WORKSPACE
    ).first()
    if not settings.OPEN_DEMO or visitor is None:
        raise Http404
    login(request, visitor, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect("reports:portfolio", DEMO_WORKSPACE)
