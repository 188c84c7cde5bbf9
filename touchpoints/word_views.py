"""Pages of the vocabulary: channels, segments and units, all three alike."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Permission, get_workspace
from touchpoints import actions, trash
from touchpoints.errors import LibraryError
from touchpoints.forms import WORD_FORMS
from touchpoints.models import Named, Unit
from touchpoints.vocabulary import KINDS


def _words(kind: str) -> dict[str, Any]:
    """What the pages say about this kind."""
    return {
        "channel": {
            "heading": _("Channels"),
            "text": _("Ways to reach you: branch, phone, web, app, WeChat, chatbot…"),
            "add": _("Add channel"),
        },
        "segment": {
            "heading": _("Segments"),
            "text": _("Customer tiers or groups; promises and personas may speak of one."),
            "add": _("Add segment"),
        },
        "unit": {
            "heading": _("Units"),
            "text": _("Branches, teams and desks. Evidence knows them by their codes."),
            "add": _("Add unit"),
        },
    }[kind]


@login_required
@require_http_methods(["GET", "POST"])
def word_list(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The list, with the form for one more below it."""
    needed = Permission.VIEW if request.method == "GET" else Permission.EDIT_LIBRARY
    workspace = get_workspace(request, slug, needed)
    model = KINDS[kind]
    answer = request.POST if request.method == "POST" else None
    form = WORD_FORMS[model](answer, workspace=workspace)
    if answer is not None and form.is_valid():
        word = actions.add_word(word=form.save(commit=False))
        messages.success(request, _("“%s” is added.") % word)
        return redirect("touchpoints:words", slug, kind)
    rows: QuerySet[Any] = model._default_manager.filter(workspace=workspace)
    if kind == "unit":
        rows = Unit.objects.filter(workspace=workspace).select_related("parent", "owner")
    return render(
        request,
        "touchpoints/words.html",
        {"rows": rows, "form": form, "kind": kind, "words": _words(kind)},
        status=200 if answer is None else 422,
    )


@login_required
@require_http_methods(["GET", "POST"])
def word_edit(request: HttpRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    workspace = get_workspace(request, slug, Permission.EDIT_LIBRARY)
    word = _word(workspace.pk, kind, pk)
    name = word.name
    answer = request.POST if request.method == "POST" else None
    form = WORD_FORMS[KINDS[kind]](answer, instance=word, workspace=workspace)
    if answer is not None and form.is_valid():
        form.save()
        messages.success(request, _("“%s” is saved.") % word)
        return redirect("touchpoints:words", slug, kind)
    return render(
        request,
        "touchpoints/word.html",
        {"form": form, "word": word, "name": name, "kind": kind, "words": _words(kind)},
        status=200 if answer is None else 422,
    )


@login_required
@require_POST
def word_move(request: HttpRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    workspace = get_workspace(request, slug, Permission.EDIT_LIBRARY)
    by = -1 if request.POST.get("to") == "earlier" else 1
    actions.move_word(word=_word(workspace.pk, kind, pk), by=by)
    return redirect("touchpoints:words", slug, kind)


@login_required
@require_POST
def word_delete(request: HttpRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    workspace = get_workspace(request, slug, Permission.EDIT_LIBRARY)
    word = _word(workspace.pk, kind, pk)
    try:
        fields = actions.delete_word(word=word)
    except LibraryError as error:
        messages.error(request, str(error))
    else:
        token = trash.keep(request, workspace, kind, fields)
        messages.success(
            request,
            _("“%s” is deleted.") % fields["name"],
            extra_tags="undo:" + reverse("touchpoints:restore", args=[slug, token]),
        )
    return redirect("touchpoints:words", slug, kind)


def _word(workspace_pk: int, kind: str, pk: int) -> Named:
    rows = KINDS[kind]._default_manager.filter(workspace_id=workspace_pk)
    return get_object_or_404(rows, pk=pk)
