"""`manage.py score JOURNEY --workspace W […]`: scores a journey here and now.

`manage.py score --run ID --check` computes a stored run again from its snapshot instead.
"""

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Workspace
from evidence.scope import FILTERS, Scope, ScopeError
from jobs.actions import run_job
from jobs.models import Status
from journeys.models import Journey
from painpoints.actions import request_run
from painpoints.errors import LedgerError
from painpoints.models import ScoringRun
from painpoints.plaintext import as_table
from painpoints.verifying import IDENTICAL, verify
from painpoints.vocabulary import check_scope, unknown_word

LOOK_AGAIN_S = 0.5


class Command(BaseCommand):
    help = "Scores the pain at every touchpoint of a journey and prints the run."
    requires_system_checks: list[str] = []  # they would load every view first

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "journey", nargs="?", help="the journey's address, as in its page's URL"
        )
        parser.add_argument("--workspace", help="the workspace's address")
        parser.add_argument("--run", type=int, help="a stored run, by its number; with --check")
        parser.add_argument(
            "--check", action="store_true", help="compute the run again and compare every figure"
        )
        parser.add_argument("--since", default="", help="first day of the period, YYYY-MM-DD")
        parser.add_argument("--until", default="", help="first day after the period, YYYY-MM-DD")
        for name in FILTERS:
            parser.add_argument(
                f"--{name}", action="append", default=[], help=f"only this {name}; may be repeated"
            )
        parser.add_argument("--json", action="store_true", help="print the run as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"] or options["run"] is not None:
            return self._check(options)
        if not options["journey"] or not options["workspace"]:
            raise CommandError(
                "Name what to score: `score JOURNEY --workspace W`, or `score --run ID --check`."
            )
        journey = _journey(options["workspace"], options["journey"])
        run = _scored(journey, _scope(journey.workspace, options))
        if options["json"]:
            self.stdout.write(json.dumps(run.document(), ensure_ascii=False, indent=2))
        else:
            self.stdout.write(as_table(run))

    def _check(self, options: dict[str, Any]) -> None:
        """Ends well only where every figure came out the same."""
        if options["run"] is None or not options["check"] or options["journey"]:
            raise CommandError("A stored run is checked by `score --run ID --check`.")
        run = ScoringRun.objects.filter(pk=options["run"]).first()
        if run is None:
            raise CommandError(f"There is no run {options['run']}.")
        try:
            verdict = verify(run)
        except LedgerError as error:
            raise CommandError(str(error)) from None
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {"run": run.pk, "outcome": verdict.outcome, "differs_in": verdict.places}
                )
            )
        if verdict.outcome != IDENTICAL:
            raise CommandError("\n  ".join([verdict.sentence, *verdict.places]))
        if not options["json"]:
            self.stdout.write(verdict.sentence)


def _journey(workspace_slug: str, slug: str) -> Journey:
    workspaces = Workspace.objects.values_list("slug", flat=True)
    workspace = Workspace.objects.filter(slug=workspace_slug).first()
    if workspace is None:
        raise CommandError(unknown_word("workspace", workspace_slug, workspaces))
    journey = workspace.journeys.select_related("workspace").filter(slug=slug).first()
    if journey is None:
        known = workspace.journeys.values_list("slug", flat=True)
        raise CommandError(unknown_word("journey", slug, known))
    return journey


def _scope(workspace: Workspace, options: dict[str, Any]) -> Scope:
    try:
        scope = Scope.from_words(options, {name: options[name] for name in FILTERS})
        check_scope(workspace, scope)
    except ScopeError as error:
        raise CommandError(str(error)) from None
    return scope


def _scored(journey: Journey, scope: Scope) -> ScoringRun:
    """Does the work under the run's job, or waits for the worker that is doing it already."""
    run = request_run(journey=journey, scope=scope, send=False)
    while run.result is None:
        assert run.job is not None
        job = run_job(job_id=str(run.job.pk))
        if job.status == Status.FAILED:
            raise CommandError(job.error)
        if job.status == Status.CANCELLED:
            raise CommandError("The scoring was stopped by somebody; start it again.")
        if not job.has_ended:
            time.sleep(LOOK_AGAIN_S)
        run.refresh_from_db()
    return run
