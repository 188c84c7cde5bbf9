"""Links to a map: made, listed, ended. What they show: reports/views/shared.py."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Permission, get_workspace
from journeys import sharing
from journeys.errors import JourneyError
from journeys.models import Journey, ShareLink
from journeys.share_forms import ShareForm
from journeys.views import current_user, journey_of

# Until it was shown once, a new link's secret waits in the maker's session.
SECRET = "new_share_link"


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def links(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    """All links to this map, and the form for another one."""
    workspace = get_workspace(request, slug, Permission.EDIT_JOURNEYS)
    found = journey_of(workspace, journey)
    answer = request.POST if request.method == "POST" else None
    form = ShareForm(answer, journey=found)
    if answer is not None and form.is_valid():
        try:
            link, secret = sharing.make_link(
                journey=found, user=current_user(request), **form.asked()
            )
        except JourneyError as error:
            form.add_error(None, str(error))
        else:
            request.session[SECRET] = {"link": link.pk, "secret": secret}
            return redirect("journeys:share", slug, journey)
    return _page(request, found, form, 200 if answer is None else 422)


def _page(request: HttpRequest, journey: Journey, form: ShareForm, status: int) -> HttpResponse:
    link, address = _new(request, journey) if request.method == "GET" else (None, "")
    return render(
        request,
        "journeys/share.html",
        {
            "journey": journey,
            "form": form,
            "links": _told(journey),
            "new_link": link,
            "new_address": address,
        },
        status=status,
    )


def _new(request: HttpRequest, journey: Journey) -> tuple[ShareLink | None, str]:
    """The link just made for this map and its address, which is shown only this once."""
    made = request.session.get(SECRET)
    link = journey.share_links.filter(pk=made["link"], revoked_at=None).first() if made else None
    if made is None or link is None:
        return None, ""
    del request.session[SECRET]
    return link, request.build_absolute_uri(reverse("shared", args=[made["secret"]]))


def _told(journey: Journey) -> list[ShareLink]:
    """The links with the names of what they show."""
    lanes = dict(journey.lanes.values_list("key", "name"))
    versions: dict[int | None, str] = dict(
        journey.versions.standing().values_list("number", "name")
    )
    found = list(journey.share_links.select_related("made_by"))
    for link in found:
        link.lane_names = [lanes[key] for key in link.lanes if key in lanes]  # type: ignore[attr-defined]
        link.version_name = versions.get(link.number)  # type: ignore[attr-defined]
    return found


def _link(request: HttpRequest, slug: str, journey: str, pk: int) -> ShareLink:
    workspace = get_workspace(request, slug, Permission.EDIT_JOURNEYS)
    return get_object_or_404(ShareLink, journey=journey_of(workspace, journey), pk=pk)


@login_required
@require_POST
def end(request: HttpRequest, slug: str, journey: str, pk: int) -> HttpResponse:
    link = _link(request, slug, journey, pk)
    sharing.end_link(link=link)
    messages.success(
        request,
        _("The link “%s” opens nothing any more.") % link,
        extra_tags="undo:" + reverse("journeys:share_reopen", args=[slug, journey, pk]),
    )
    return redirect("journeys:share", slug, journey)


@login_required
@require_POST
def reopen(request: HttpRequest, slug: str, journey: str, pk: int) -> HttpResponse:
    link = _link(request, slug, journey, pk)
    sharing.reopen_link(link=link)
    messages.success(request, _("The link “%s” opens the map again.") % link)
    return redirect("journeys:share", slug, journey)
