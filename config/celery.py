"""The queue. What it does when is settled in settings (CELERY_…); the jobs app says what runs."""

import os
import resource

from celery import Celery
from celery.signals import worker_before_create_process, worker_process_init

from config.lifeline import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("touchline", set_as_current=True)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_serializer="json",
    accept_content=["json"],
    result_backend=None,
    task_ignore_result=True,
    # A message is done when its work is done; a killed worker's message comes back.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    # Whatever beat missed while it was away is not made up for: the sweep looks at everything.
    beat_scheduler="celery.beat:Scheduler",
    worker_send_task_events=False,
)
app.autodiscover_tasks()


@worker_process_init.connect
def _keep_to_its_memory(**kwargs: object) -> None:
    """What asks for more is refused it, and fails alone: the machine and the other work go on."""
    from django.conf import settings

    if settings.JOB_MEMORY_MB:
        _soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (settings.JOB_MEMORY_MB * 2**20, hard))


_worker = 0


@worker_before_create_process.connect
def _remember_the_worker(**kwargs: object) -> None:
    """A new process that asked for its parent's number would not notice that it is gone already."""
    global _worker
    _worker = os.getpid()


@worker_process_init.connect
def _end_with_the_worker(**kwargs: object) -> None:
    """A task whose worker was killed stops at once; the job is taken up again by another."""
    die_with_parent(_worker or os.getppid())
