"""A bank as large as the goals of the pages speak of, ready to be looked at.

200 journeys of 15 touchpoints each (3,000), a map with cards and feelings on each, ten million
rows behind them, imported and scored by the real actions; one journey more, of 40 touchpoints that
others have too, for the deep-dive; 25 people in all roles. Where a home is named it is kept, and
found ready the next time: `script/bench pages --home DIR`.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import ours, rows

SLUG = "large"
JOURNEYS, EACH, DEEP = 200, 15, 40
PEOPLE = 25
FIRST = "person-0@large.example"
LOOK_AGAIN_S = 0.2
FEELINGS = (-2, 1, 0, 2, -1)
STAGES = ("Learn", "Choose", "Apply", "Use", "Renew")


def ready(folder: Path, count: int) -> Any:
    """The workspace, made in this home where it is not there yet."""
    from accounts.models import Workspace
    from jobs.models import ENDED, Job

    workspace, is_new = Workspace.objects.get_or_create(slug=SLUG, defaults={"name": "Large bank"})
    if is_new:
        before = time.perf_counter()
        _people(workspace)
        _draw(workspace)
        _say(f"{JOURNEYS + 1} maps drawn", before)
        rows.write_files(folder, count, touchpoints=JOURNEYS * EACH)
        ours.bring(workspace, folder)
        _say(f"{count:,} rows imported", before)
        _put_in_order()
        _say("the lake is in order", before)
    elif (held := sum(i.counts()["accepted"] for i in workspace.imports.standing())) < 0.99 * count:
        raise SystemExit(f"This home holds {held:,} rows, not {count:,}; name another one.")
    if Job.objects.filter(workspace=workspace, kind="score").exclude(status__in=ENDED).exists():
        before = time.perf_counter()
        with workers():
            while (
                left := Job.objects.filter(workspace=workspace, kind="score").exclude(
                    status__in=ENDED
                )
            ).exists():
                time.sleep(LOOK_AGAIN_S)
        _say(f"all scored, {left.count()} left", before)
    return workspace


def _say(what: str, since: float) -> None:
    print(f"{what} ({time.perf_counter() - since:.0f} s)", file=sys.stderr)


def _people(workspace: Any) -> None:
    """In all roles in turn; the first is an admin."""
    from accounts.access import Role
    from accounts.models import Membership, User

    roles = (Role.ADMIN, Role.MANAGER, Role.ANALYST, Role.DESIGNER, Role.VIEWER)
    for i in range(PEOPLE):
        user = User.objects.create_user(f"person-{i}@large.example", name=f"Person {i}")
        role = roles[i % len(roles)]
        Membership.objects.create(workspace=workspace, user=user, role=role)


def cookies(workspace: Any) -> list[str]:
    """Everybody's session, as a browser sends it; the admin's first."""
    from django.conf import settings
    from django.test import Client

    from accounts.models import User

    found = []
    for user in User.objects.filter(memberships__workspace=workspace).order_by("pk"):
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        found.append(f"{name}={client.cookies[name].value}")
    return found


def _draw(workspace: Any) -> None:
    from accounts.models import User
    from journeys.mapfile import load_map

    owners = list(User.objects.filter(memberships__workspace=workspace).order_by("pk")[:5])
    width = rows.code_width(JOURNEYS * EACH)
    codes = [f"tp-{n:0{width}}" for n in range(JOURNEYS * EACH)]
    for j in range(JOURNEYS):
        own = codes[j * EACH : (j + 1) * EACH]
        load_map(workspace, map_of(f"journey-{j}", own), owners[j % len(owners)])
    load_map(workspace, map_of("deep-dive", codes[:: len(codes) // DEEP][:DEEP]), owners[0])


def map_of(slug: str, codes: list[str]) -> dict[str, Any]:
    """A touchpoint a step, five stages, two personas, and something in every lane."""
    steps: list[dict[str, Any]] = []
    cards: list[dict[str, Any]] = []
    for i, code in enumerate(codes):
        stage = i * len(STAGES) // len(codes)
        step = f"s{i}"
        steps.append(
            {"id": step, "stage": f"st{stage}", "name": f"Step {i + 1}", "touchpoints": [code]}
        )
        cards += [
            {"id": f"f{i}", "lane": "feel", "step": step, "persona": ("mei", "zhou")[i % 2],
             "emotion": FEELINGS[i % len(FEELINGS)]},
            {"id": f"d{i}", "lane": "do", "step": step, "basis": ("log", "assumption")[i % 2],
             "text": f"Asks at the desk what is needed for {code}, and comes back with it"},
            {"id": f"t{i}", "lane": "think", "step": step, "basis": "interview",
             "text": "“Did I not hand that in already?”"},
        ]  # fmt: skip
    return {
        "format": "touchline-map/1",
        "journey": {"slug": slug, "name": slug.replace("-", " ").capitalize(),
                    "goal": "The customer has what they came for"},
        "touchpoints": [
            {"code": c, "name": f"Desk {c[3:]}", "promises": [{"max_wait_s": rows.PROMISE_S}]}
            for c in codes
        ],
        "stages": [{"id": f"st{i}", "name": name} for i, name in enumerate(STAGES)],
        "steps": steps,
        "lanes": [{"id": "feel", "kind": "emotion", "name": "Feelings"},
                  {"id": "do", "kind": "action", "name": "What customers do"},
                  {"id": "think", "kind": "thought", "name": "What customers think"}],
        "personas": [{"id": "mei", "name": "Mei", "segment": "mass"},
                     {"id": "zhou", "name": "Mr Zhou", "segment": "private"}],
        "cards": cards,
    }  # fmt: skip


def _put_in_order() -> None:
    from evidence.upkeep import keep_in_order

    keep_in_order(most_files=0)


@contextmanager
def workers() -> Iterator[None]:
    """Real ones, as `script/server` runs them."""
    manage = [sys.executable, str(Path(__file__).resolve().parent.parent / "manage.py")]
    started = [subprocess.Popen([*manage, name]) for name in ("worker", "beat")]
    try:
        yield
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait()
