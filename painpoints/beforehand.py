"""A journey's rows are at hand by the time that somebody who opened its page filters it.

Copying them is most of what the first filter of a journey takes (evidence/at_hand.py), and who
opens a page looks at it for some seconds first. One thread of a web process copies one journey
after the other, the one opened last first; nothing waits for it.
"""

import logging
import threading
import time
from collections import OrderedDict

from django.db import connections

from evidence.at_hand import KEPT_S, rows_at_hand
from evidence.scope import Scope
from journeys.models import Journey
from painpoints.parameters import parameters_of, question_of

log = logging.getLogger(__name__)

MOST = 20  # journeys that wait for it
IS_ON = False  # only where pages are served (config/server.py)

Opened = tuple[int, int]  # a journey, at a revision of its workspace's evidence

_wanted: OrderedDict[Opened, None] = OrderedDict()
_copied: dict[Opened, float] = {}
_lock = threading.Lock()
_is_at_work = False


def expect(journey: Journey) -> None:
    """Somebody opened this journey's page and may filter it next."""
    global _is_at_work
    opened = journey.pk, journey.workspace.evidence_revision
    if not IS_ON or time.monotonic() - _copied.get(opened, -KEPT_S) < KEPT_S / 2:
        return
    with _lock:
        _wanted[opened] = None
        _wanted.move_to_end(opened)
        while len(_wanted) > MOST:
            _wanted.popitem(last=False)
        was_at_work, _is_at_work = _is_at_work, True
    if not was_at_work:
        threading.Thread(target=_work, daemon=True).start()


def _work() -> None:
    global _is_at_work
    try:
        while True:
            with _lock:
                if not _wanted:
                    _is_at_work = False
                    return
                opened, _ = _wanted.popitem()
                if len(_copied) > 1000:
                    _copied.clear()
                _copied[opened] = time.monotonic()
            try:
                _copy(*opened)
            except Exception:  # whoever filters copies them then
                log.exception("A journey's rows were not copied before they are asked for")
    finally:
        connections.close_all()


def _copy(journey_id: int, revision: int) -> None:
    journey = Journey.objects.select_related("workspace__scoring_settings").get(pk=journey_id)
    question = question_of(journey.workspace_id, Scope(), parameters_of(journey))
    with rows_at_hand(question, revision):
        pass
