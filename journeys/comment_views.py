"""Comments on the parts of a map: in the side panel with htmx, as pages without."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import Permission, get_workspace
from journeys import comments as said
from journeys.errors import JourneyError
from journeys.field_words import Names, title_of
from journeys.models import COMMENT_LENGTH, Comment, Journey
from journeys.operations import Lists
from journeys.states import present
from journeys.views import current_user, journey_of
from journeys.words import words_of

A_PAGE = 50


@login_required
@require_http_methods(["GET", "POST"])
def comments(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    """What is said about a part (`?list=` and `?part=`), or about the whole map.

    `?resolved` shows what is settled. POST says something: `text`, and `answers` whom.
    """
    found = journey_of(get_workspace(request, slug), journey)
    about, part = request.GET.get("list", ""), request.GET.get("part", "")
    if chosen := request.GET.get("on", ""):  # from the list of parts, "cards:c1"
        return _back(found, *chosen.partition(":")[::2])
    if request.method == "GET":
        return _page(request, found, about, part)
    text, answered = request.POST.get("text", ""), request.POST.get("answers", "")
    parent = _thread(found, answered) if answered else None
    try:
        said.add_comment(
            journey=found, user=current_user(request), text=text, about=about, part=part,
            parent=parent,
        )  # fmt: skip
    except JourneyError as error:
        wrong = {"error": str(error), "draft": text, "draft_of": parent.pk if parent else 0}
        return _page(request, found, about, part, **wrong)
    return _back(found, about, part)


def _thread(journey: Journey, pk: str) -> Comment:
    number = int(pk) if pk.isdecimal() and len(pk) < 18 else 0
    return get_object_or_404(journey.comments.threads(), pk=number)


@login_required
@require_POST
def change(request: HttpRequest, slug: str, journey: str, pk: int) -> HttpResponse:
    found = journey_of(get_workspace(request, slug), journey)
    comment = _own(request, found, pk)
    try:
        said.change_comment(comment=comment, text=request.POST.get("text", ""))
    except JourneyError as error:
        messages.error(request, str(error))
    return _back(found, *_asked(request, comment))


@login_required
@require_POST
def delete(request: HttpRequest, slug: str, journey: str, pk: int) -> HttpResponse:
    found = journey_of(get_workspace(request, slug), journey)
    comment = _own(request, found, pk)
    said.delete_comment(comment=comment)
    undo = reverse("journeys:comment_restore", args=[slug, journey, pk])
    messages.success(request, _("The comment is deleted."), extra_tags=f"undo:{undo}")
    return _back(found, *_asked(request, comment))


@login_required
@require_POST
def restore(request: HttpRequest, slug: str, journey: str, pk: int) -> HttpResponse:
    """Brings a deleted comment back."""
    found = journey_of(get_workspace(request, slug), journey)
    comment = get_object_or_404(found.comments.exclude(deleted_at=None), pk=pk)
    _refuse_others(request, comment)
    said.bring_back_comment(comment=comment)
    return _back(found, *_asked(request, comment))


@login_required
@require_POST
def resolve(request: HttpRequest, slug: str, journey: str, pk: int) -> HttpResponse:
    """Settles a remark, or with `reopen` opens it again."""
    workspace = get_workspace(request, slug, Permission.EDIT_JOURNEYS)
    found = journey_of(workspace, journey)
    comment = get_object_or_404(found.comments.threads(), pk=pk)
    if "reopen" in request.POST:
        said.reopen_comment(comment=comment)
    else:
        said.resolve_comment(comment=comment, user=current_user(request))
    return _back(found, *_asked(request, comment))


@login_required
@require_GET
def counts(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    """How many remarks each part has, for the editor: {"counts": {list: {part: {open, …}}}}."""
    found = journey_of(get_workspace(request, slug), journey)
    return JsonResponse({"counts": said.counts_of(found)})


def _own(request: HttpRequest, journey: Journey, pk: int) -> Comment:
    comment = get_object_or_404(journey.comments.standing(), pk=pk)
    _refuse_others(request, comment)
    return comment


def _refuse_others(request: HttpRequest, comment: Comment) -> None:
    if comment.author_id != current_user(request).pk:
        raise PermissionDenied(_("Only whoever wrote a comment can change it."))


def _asked(request: HttpRequest, comment: Comment) -> tuple[str, str]:
    """The page it was asked from: of the part, or of the whole map."""
    return (comment.list, comment.part) if "of_part" in request.POST else ("", "")


def _back(journey: Journey, about: str, part: str) -> HttpResponse:
    page = reverse("journeys:comments", args=[journey.workspace.slug, journey.slug])
    query = urlencode({"list": about, "part": part}) if about else ""
    return redirect(f"{page}?{query}" if query else page)


def _page(
    request: HttpRequest, journey: Journey, about: str, part: str, **wrong: Any
) -> HttpResponse:
    """The threads: a page of its own, or for htmx alone, to stand in the side panel."""
    of_part = about in Comment.About.values
    names, lists = Names(), present(journey)[1]
    names.add(lists)
    threads = said.threads_of(journey)
    if of_part:
        threads = threads.filter(list=about, part=part.replace("\0", ""))
    settled = threads.exclude(resolved_at=None)
    shown = threads if "resolved" in request.GET else threads.filter(resolved_at=None)
    is_panel = bool(request.htmx)  # type: ignore[attr-defined]
    page = Paginator(shown, A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "journeys/comments_panel.html" if is_panel else "journeys/comments.html",
        {
            "journey": journey,
            "about": about if of_part else "",
            "part": part,
            "heading": _heading(names, about, part) if of_part else "",
            "parts": [] if of_part else _parts(lists, names),
            "on_map": of_part and said.is_on_map(journey, about, part),
            "threads": [(thread, names.part(thread.list, thread.part)) for thread in page],
            "page": page,
            "settled": settled.count(),
            "shows_settled": "resolved" in request.GET,
            "calls": said.calls_of(said.members_of(journey.workspace)),
            "most": COMMENT_LENGTH,
            "panel": is_panel,
            **wrong,
        },
        status=422 if wrong else 200,
    )


def _parts(lists: Lists, names: Names) -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be commented on, in groups, each with its value and name."""
    return [
        (
            words_of(name),
            [
                (f"{name}:{entry['id']}", names.part(name, entry["id"]) or str(entry["id"]))
                for entry in lists[name]
            ],
        )
        for name in ("stages", "steps", "cards")
        if lists[name]
    ]


def _heading(names: Names, about: str, part: str) -> str:
    return names.part(about, part) or title_of({"name": part})
