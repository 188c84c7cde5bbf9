"""Pictures going in (JSON answers) and out (files that never change, so they may be kept)."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from accounts.access import Permission, get_workspace
from journeys.models import Picture
from journeys.pictures import MAX_BYTES, NotAPicture, add_picture
from journeys.views import current_user


@login_required
@require_POST
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    """Takes in the file `picture`; answers {id, url, width, height}, or {error} with 422."""
    workspace = get_workspace(request, slug, Permission.EDIT_JOURNEYS)
    file = request.FILES.get("picture")
    if file is None:
        return JsonResponse({"error": _("Expected a file in the field “picture”.")}, status=422)
    try:
        raw = file.read(MAX_BYTES + 1)
        picture = add_picture(workspace=workspace, raw=raw, user=current_user(request))
    except NotAPicture as error:
        return JsonResponse({"error": str(error)}, status=422)
    return JsonResponse(
        {
            "id": picture.sha256,
            "url": picture.get_absolute_url(),
            "width": picture.width,
            "height": picture.height,
        }
    )


@login_required
@require_GET
@cache_control(private=True, max_age=365 * 24 * 3600, immutable=True)
def picture(request: HttpRequest, slug: str, sha256: str) -> HttpResponse:
    workspace = get_workspace(request, slug)
    found = get_object_or_404(Picture, workspace=workspace, sha256=sha256)
    try:
        content = found.path.read_bytes()
    except FileNotFoundError:
        raise Http404 from None
    response = HttpResponse(content, content_type=f"image/{found.kind}")
    response["Content-Disposition"] = f'inline; filename="{found.sha256[:12]}.{found.kind}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
