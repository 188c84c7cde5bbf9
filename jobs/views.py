"""How far a job is: as JSON for polling, as a live stream, and the button that stops it."""

from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import live
from accounts.access import Permission, get_workspace
from jobs.actions import cancel_job
from jobs.models import Job


def get_job(
    request: HttpRequest, slug: str, pk: object, permission: Permission = Permission.VIEW
) -> Job:
    """The workspace's job, for this user."""
    workspace = get_workspace(request, slug, permission)
    return get_object_or_404(workspace.jobs, pk=pk)


@login_required
@require_safe
def job_progress(request: HttpRequest, slug: str, pk: object) -> HttpResponse:
    job = get_job(request, slug, pk)
    return JsonResponse(job.progress())


@login_required
@require_POST
def job_cancel(request: HttpRequest, slug: str, pk: object) -> HttpResponse:
    """Stops the work; whoever may import or score may stop it."""
    job = get_job(request, slug, pk, Permission.SCORE)
    cancel_job(job=job)
    messages.success(request, _("The work is being stopped; nothing is changed by it."))
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = f"/w/{slug}/"
    return redirect(back)


@require_safe
async def job_live(request: HttpRequest, slug: str, pk: object) -> HttpResponseBase:
    """The job's progress as server-sent events: `progress` as it goes, `end` at the end."""
    await request.auser()
    job = await sync_to_async(get_job)(request, slug, pk)
    return live.sse_response(job_events(job))


async def job_events(job: Job) -> AsyncIterator[tuple[str, dict[str, object]]]:
    async with live.subscription(job.live_channel) as changes:
        await job.arefresh_from_db()
        yield "progress", job.progress()
        while not job.has_ended:
            await anext(changes)
            await job.arefresh_from_db()
            yield "progress", job.progress()
        yield "end", job.progress()
