"""What the map editor asks for beside operations: touchpoints by name, and saved views."""

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Permission, get_workspace
from journeys.editor import FOUND, touchpoints_told
from journeys.errors import JourneyError
from journeys.models import SavedView
from journeys.operation_views import read_document
from journeys.saved_views import save_view, told
from journeys.views import current_user, journey_of
from touchpoints.actions import new_touchpoint
from touchpoints.models import CODE_LENGTH, Touchpoint

NAME_LENGTH = 160


@login_required
@require_http_methods(["GET", "POST"])
def touchpoints(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    """GET: those of the library with `q` in their name or code, or with this `code`.

    POST {"name"}: a new one.
    """
    workspace = get_workspace(request, slug, Permission.EDIT_JOURNEYS)
    journey_of(workspace, journey)
    if request.method == "GET":
        found = Touchpoint.objects.filter(workspace=workspace).order_by("name")
        if "code" in request.GET:
            found = found.filter(code=request.GET["code"][:CODE_LENGTH])
        elif q := request.GET.get("q", "").strip()[:NAME_LENGTH]:
            found = found.filter(Q(name__icontains=q) | Q(code__icontains=q))
        return JsonResponse({"touchpoints": touchpoints_told(found[:FOUND])})
    get_workspace(request, slug, Permission.EDIT_LIBRARY)
    try:
        name = read_document(request.body).get("name")
    except JourneyError as error:
        return JsonResponse({"error": str(error)}, status=422)
    if not isinstance(name, str) or not 1 <= len(name.strip()) <= NAME_LENGTH:
        said = _("A touchpoint needs a name of at most %d characters.") % NAME_LENGTH
        return JsonResponse({"error": said}, status=422)
    made = new_touchpoint(workspace=workspace, name=name.strip())
    return JsonResponse(touchpoints_told(Touchpoint.objects.filter(pk=made.pk))[0])


@login_required
@require_POST
def views(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    """Keeps {"name", "shared", "settings"} as a view."""
    workspace = get_workspace(request, slug, Permission.EDIT_JOURNEYS)
    found = journey_of(workspace, journey)
    user = current_user(request)
    try:
        document = read_document(request.body)
        view = save_view(
            journey=found,
            user=user,
            name=document.get("name"),
            shared=document.get("shared"),
            settings=document.get("settings"),
        )
    except JourneyError as error:
        return JsonResponse({"error": str(error)}, status=422)
    return JsonResponse(told(view, user))


@login_required
@require_POST
def view(request: HttpRequest, slug: str, journey: str, pk: int) -> HttpResponse:
    """{"delete": true} deletes a view of one's own."""
    workspace = get_workspace(request, slug, Permission.EDIT_JOURNEYS)
    found = get_object_or_404(
        SavedView, journey=journey_of(workspace, journey), pk=pk, user=current_user(request)
    )
    try:
        document = read_document(request.body)
    except JourneyError as error:
        return JsonResponse({"error": str(error)}, status=422)
    if document.get("delete") is not True:
        return JsonResponse({"error": _("Expected {“delete”: true}.")}, status=422)
    found.delete()
    return JsonResponse({"deleted": pk})
