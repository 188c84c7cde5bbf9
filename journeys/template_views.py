"""Buttons for the workspace's own templates; they are chosen on the page for a new journey."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import Permission, get_workspace
from accounts.models import Workspace
from journeys import template_actions
from journeys.models import Template
from journeys.views import current_user, journey_of


@login_required
@require_POST
def make(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    workspace = get_workspace(request, slug, Permission.EDIT_JOURNEYS)
    found = journey_of(workspace, journey)
    template = template_actions.make_template(journey=found, user=current_user(request))
    messages.success(
        request, _("“%s” is a template now: new journeys can start with it.") % template
    )
    return redirect("journeys:add", slug)


def _template(workspace: Workspace, pk: int) -> Template:
    return get_object_or_404(Template, workspace=workspace, pk=pk)


@login_required
@require_POST
def delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    workspace = get_workspace(request, slug, Permission.EDIT_JOURNEYS)
    template = _template(workspace, pk)
    template_actions.delete_template(template=template)
    messages.success(
        request,
        _("“%s” is deleted.") % template,
        extra_tags="undo:" + reverse("journeys:template_restore", args=[slug, pk]),
    )
    return redirect("journeys:add", slug)


@login_required
@require_POST
def restore(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    workspace = get_workspace(request, slug, Permission.EDIT_JOURNEYS)
    template = _template(workspace, pk)
    template_actions.restore_template(template=template)
    messages.success(request, _("“%s” is back.") % template)
    return redirect("journeys:add", slug)
