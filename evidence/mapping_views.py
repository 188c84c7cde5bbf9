"""The mapping page: what the file is, where each field comes from, what becomes of its rows."""

from collections.abc import Mapping as AnyMapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Permission
from accounts.models import User
from evidence import drafts, presets
from evidence.actions import read_mapping, start_import
from evidence.errors import EvidenceError, FileError, MappingError
from evidence.field_words import LABELS
from evidence.forms import JsonForm, ReadForm
from evidence.guessing import Guess, field_for
from evidence.guessing_columns import Column
from evidence.mapping import FIELDS
from evidence.mapping_actions import save_mapping
from evidence.mapping_page import page_context
from evidence.models import Import, Kind, State
from evidence.sampling import Preview, preview_of
from evidence.trial import start_trial
from evidence.views import get_import, outcome_of


@login_required
@require_http_methods(["GET", "POST"])
def import_mapping(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A draft's mapping: shown, corrected, tried on the first rows, and started."""
    found = get_import(request, slug, pk, Permission.IMPORT)
    if outcome_of(found) not in ("draft", "failed"):
        return redirect("evidence:result", slug, pk)
    drafts.settle(found)
    if drafts.is_looked_at(found):
        return _looking(request, found)
    try:
        preview = preview_of(found)
    except FileError as error:
        job = found.job
        told = job.error if job is not None and job.kind == "look" else ""
        return render(request, "evidence/gone.html", {"found": found, "error": told or error})
    if request.method == "POST":
        return _posted(request, found, preview)
    return render(request, "evidence/mapping.html", page_context(found, preview))


def _looking(request: HttpRequest, found: Import) -> HttpResponse:
    """A large file is being looked at: how far that is, until the page can be shown."""
    job, slug = found.job, found.workspace.slug
    assert job is not None
    context = {
        "found": found,
        "sse_url": reverse("job_live", args=[slug, job.pk]),
        "poll_url": reverse("job_progress", args=[slug, job.pk]),
    }
    return render(request, "evidence/looking.html", context)


def _posted(request: HttpRequest, found: Import, preview: Preview) -> HttpResponse:
    from evidence.mapping_form import document_from_post

    document = document_from_post(request.POST, found.mapping, preview)
    deed, _colon, what = request.POST.get("do", "check").partition(":")
    if request.headers.get("HX-Request"):
        return _live(request, found, preview, document)
    if deed == "kind" and what in Kind.values:
        document = with_kind(found, preview, document, what)
    elif deed == "shape":
        document = with_shape(found, preview, document, wide=what == "wide")
    _keep(found, document)
    if deed == "start":
        return _start(request, found, preview, document)
    if deed == "try":
        assert isinstance(request.user, User)
        start_trial(found=found, document=document, user=request.user)
    if deed == "save":
        _save_as(request, found, preview, document)
    return redirect("evidence:mapping", found.workspace.slug, found.pk)


def _keep(found: Import, document: dict[str, Any]) -> None:
    """Stores the draft's mapping; a late answer to a change leaves a started import alone."""
    found.mapping, found.kind = document, document.get("kind", "")
    still_a_draft = Import.objects.filter(pk=found.pk, state__in=[State.DRAFT, State.FAILED])
    still_a_draft.update(mapping=found.mapping, kind=found.kind)


def _live(
    request: HttpRequest, found: Import, preview: Preview, document: dict[str, Any]
) -> HttpResponse:
    """The answer to one change: the new check, and the changed field with fresh values."""
    trigger = request.headers.get("HX-Trigger-Name", "")
    name = trigger.removeprefix("f-").removesuffix("-source")
    changed = trigger.endswith("-source") and name in LABELS
    if changed:
        _read_anew(found, preview, document, name)
    _keep(found, document)
    context = page_context(found, preview, whole=changed)
    context["changed"] = [row for row in context["fields"] if changed and row.name == name]
    return render(request, "evidence/_live.html", context)


def _read_anew(found: Import, preview: Preview, document: dict[str, Any], name: str) -> None:
    """A field whose column was just changed gets the format, unit and values of that column."""
    given = document["fields"].get(name, {})
    if "column" in given and given["column"] in preview.header:
        i = preview.header.index(given["column"])
        values = [row[i] if i < len(row) else "" for row in preview.rows]
        document["fields"][name] = field_for(name, Column(given["column"], values), found.workspace)


def with_kind(
    found: Import, preview: Preview, document: AnyMapping[str, Any], kind: str
) -> dict[str, Any]:
    """The mapping for another kind of evidence: what still fits stays, the rest is guessed."""
    if kind == document.get("kind"):
        return dict(document)
    guess: Guess = drafts.guess(found, preview, kind)
    kept = {n: f for n, f in document.get("fields", {}).items() if n in FIELDS[kind]}
    guess.document["fields"] = {**guess.document["fields"], **kept}
    if "answers" in guess.document:
        for name in ("score", "comment", "metric"):
            guess.document["fields"].pop(name, None)
    made = {**{k: v for k, v in document.items() if k == "ignore"}, **guess.document}
    if read := {**guess.document.get("read", {}), **document.get("read", {})}:
        made["read"] = read
    return made


def with_shape(
    found: Import, preview: Preview, document: dict[str, Any], *, wide: bool
) -> dict[str, Any]:
    """Responses as one answer a row, or (`wide`) as a column for each question."""
    made = dict(document)
    made["fields"] = dict(document["fields"])
    if wide and "answers" not in made:
        guess = drafts.guess(found, preview, Kind.RESPONSES).document
        made["answers"] = guess.get("answers", [])
        for name in ("score", "comment", "metric"):
            made["fields"].pop(name, None)
    elif not wide:
        made.pop("answers", None)
    return made


def _start(
    request: HttpRequest, found: Import, preview: Preview, document: dict[str, Any]
) -> HttpResponse:
    assert isinstance(request.user, User)
    try:
        known = drafts.is_read_so(preview, document.get("read", {}))
        start_import(
            found=found,
            document=document,
            user=request.user,
            columns=(preview.header, preview.repeated) if known else None,
        )
    except EvidenceError as error:
        context = page_context(found, preview)
        context["refused"] = error
        context["earlier"] = getattr(error, "earlier", None)
        return render(request, "evidence/mapping.html", context, status=422)
    return redirect("evidence:result", found.workspace.slug, found.pk)


def _save_as(
    request: HttpRequest, found: Import, preview: Preview, document: dict[str, Any]
) -> None:
    """Keeps the mapping under a name, for the next file of this make."""
    assert isinstance(request.user, User)
    name = request.POST.get("mapping_name", "").strip()[:120]
    if not name:
        messages.error(request, _("Give the mapping a name to save it."))
        return
    try:
        saved = save_mapping(
            workspace=found.workspace,
            name=name,
            document=document,
            header=preview.header,
            user=request.user,
        )
    except MappingError as error:
        messages.error(request, _("Not saved: %s") % error)
        return
    messages.success(
        request,
        _("Saved as “%(name)s”, version %(version)d; it is taken for the next file of this shape.")
        % {"name": saved.name, "version": saved.version},
    )


@login_required
@require_POST
def import_read(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Reads the file with another encoding, delimiter or sheet."""
    found = get_import(request, slug, pk, Permission.IMPORT)
    if outcome_of(found) not in ("draft", "failed"):
        return redirect("evidence:result", slug, pk)
    try:
        preview = preview_of(found)
        form = ReadForm(request.POST, preview=preview)
        if not form.is_valid():
            raise FileError(" ".join(str(e) for errors in form.errors.values() for e in errors))
        assert isinstance(request.user, User)
        drafts.read_again(found=found, user=request.user, read=form.cleaned_data)
    except EvidenceError as error:
        messages.error(request, str(error))
    return redirect("evidence:mapping", slug, pk)


@login_required
@require_POST
def import_json(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Takes the mapping from JSON; one with mistakes is shown again with the key at fault."""
    found = get_import(request, slug, pk, Permission.IMPORT)
    if outcome_of(found) not in ("draft", "failed"):
        return redirect("evidence:result", slug, pk)
    try:
        preview = preview_of(found)
    except FileError:
        return redirect("evidence:mapping", slug, pk)
    assert isinstance(request.user, User)
    form = JsonForm(request.POST)
    if form.is_valid():
        document = form.cleaned_data["document"]
        try:
            mapping = read_mapping(workspace=found.workspace, document=document)
            if not preview.log and not drafts.is_read_so(preview, mapping.read.told()):
                drafts.read_again(found=found, user=request.user, read=mapping.read.told())
            drafts.read_as_told(found, preview, mapping.read.case)
            _keep(found, document)
            messages.success(request, _("The mapping was taken over."))
            return redirect("evidence:mapping", slug, pk)
        except EvidenceError as error:
            form.add_error("document", str(error))
    context = page_context(found, preview)
    context["json_form"] = form
    return render(request, "evidence/mapping.html", context, status=422)


@login_required
@require_POST
def import_use(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Takes a saved mapping, a preset, or a guess by names and values alone."""
    found = get_import(request, slug, pk, Permission.IMPORT)
    if outcome_of(found) not in ("draft", "failed"):
        return redirect("evidence:result", slug, pk)
    try:
        preview = preview_of(found)
    except FileError:
        return redirect("evidence:mapping", slug, pk)
    chosen = request.POST.get("mapping", "")
    preset = presets.by_code(chosen.removeprefix("preset:"))
    if chosen == "guess":
        document = drafts.guess(found, preview).document
    elif preset is not None and preset in drafts.presets_for(preview):
        document = drafts.proposed(found, preview, preset).document
    else:
        mappings = found.workspace.mappings.all()
        saved = get_object_or_404(mappings, pk=int(chosen) if chosen.isdigit() else 0)
        document = dict(saved.document)
    if read := {**preview.read, **document.get("read", {})}:
        document["read"] = read
    assert isinstance(request.user, User)
    try:
        drafts.read_as_told(found, preview, read.get("case", ""))
        _keep(found, document)
        if not preview.log and not drafts.is_read_so(preview, read):
            drafts.read_again(found=found, user=request.user, read=read)
    except FileError as error:
        messages.error(request, str(error))
    return redirect("evidence:mapping", slug, pk)
