"""The runs a report's blocks speak from: read while a page waits, made here in a job."""

import time
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from accounts.models import User
from evidence.scope import Scope
from jobs.actions import JobError, run_job
from jobs.models import Status
from journeys.models import Journey
from painpoints.actions import request_run
from painpoints.drivers_work import kept_drivers, request_drivers
from painpoints.models import ScoringRun
from reports.reading import Reading, read

PATIENCE_S = 300.0
POLL_S = 0.2


@dataclass
class Runs:
    """Each journey and scope is read once for a report, so that its blocks agree.

    `waits`: finish what is missing here and now, as a job may; pages never do.
    """

    user: User
    waits: bool = False
    known: dict[tuple[int, Scope], Reading] = field(default_factory=dict)

    def of(self, journey: Journey, scope: Scope) -> Reading:
        key = (journey.pk, scope)
        if key not in self.known:
            reading = read(journey=journey, scope=scope, user=self.user)
            if self.waits and not reading.is_fresh:
                reading = Reading(scope, _finished(journey, scope, self.user))
            self.known[key] = reading
        return self.known[key]

    def drivers_of(self, run: ScoringRun) -> dict | None:
        """The run's key drivers; None while they are looked for."""
        kept = kept_drivers(run)
        if kept is None:
            job = request_drivers(run=run, user=self.user)
            if self.waits:
                _done(str(job.pk))
                kept = kept_drivers(run)
        return kept


def _finished(journey: Journey, scope: Scope, user: User) -> ScoringRun:
    run = request_run(journey=journey, scope=scope, user=user)
    if run.result is None and run.job is not None:
        _done(str(run.job.pk))
        run = ScoringRun.objects.select_related("workspace", "journey").get(pk=run.pk)
    if run.result is None:
        raise JobError(
            _("“%s” could not be scored for this scope; score it on its page and try again.")
            % journey.name
        )
    return run


def _done(job_id: str) -> None:
    """Does the job here, or waits for the worker who has it."""
    until = time.monotonic() + PATIENCE_S
    while not (job := run_job(job_id=job_id)).has_ended:
        if time.monotonic() > until:
            raise JobError(_("The scores this report needs take too long; try again later."))
        time.sleep(POLL_S)
    if job.status != Status.DONE:
        raise JobError(job.error or _("The scores this report needs could not be made."))
