"""A customer's timeline among many rows: the page and the API as the server answers them.

The rows (a third of each kind, a million customers, 14 months) are written straight into the lake,
in files as an import makes them. Each customer asked for is another one; nothing is kept between.
"""

import statistics
import sys
import time
import uuid
from typing import Any

from benchmarks import ours

NAMES = [f"customer-{n}" for n in range(41)]  # asked for, the first one only to begin with
CUSTOMERS = 1_000_000
OWN = {
    "waits": (
        "wait_ms, service_ms, outcome",
        "(hash(i + 5) % 700)::INT * 1000, (hash(i + 6) % 900)::INT * 1000, 'served'",
    ),
    "responses": ("metric, score, weight", "'nps', (hash(i + 5) % 11)::INT, 1"),
    "interactions": ("outcome", "NULL"),
}
INSERT = """
INSERT INTO {table} (workspace_id, import_id, row_no, occurred_at, touchpoint, customer, channel,
                     segment, unit, {names})
SELECT {workspace}, {number}, i + 1,
       TIMESTAMP '2025-09-01' + to_seconds((hash(i + {number}) % 36288000)::BIGINT),
       'tp-' || (hash(i + 1) % 40),
       coalesce(CAST({asked} AS UUID[])[1 + n], CAST(md5(n::VARCHAR) AS UUID)),
       'channel-' || (hash(i + 8) % 5), ['mass', 'affluent', 'private'][1 + (hash(i + 3) % 3)::INT],
       'unit-' || (hash(i + 4) % 20), {values}
FROM (SELECT i, CAST(hash(i * 7 + 2) % {customers} AS BIGINT) AS n FROM range({rows}) AS r(i))
"""


def main(rows: int) -> None:
    ours.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from accounts.actions import create_workspace
    from accounts.models import Workspace
    from accounts.tokens import create_token
    from evidence import timeline

    settings.ALLOWED_HOSTS.append("testserver")
    call_command("collectstatic", interactive=False, verbosity=0)
    slug = f"timelines-{rows}"
    workspace = Workspace.objects.filter(slug=slug).first()  # in a home that was kept
    if workspace is None:
        workspace = create_workspace(
            slug=slug, name="Timelines", owner_email="timelines@example.org"
        )[0]
        _write(workspace, rows)
    user = workspace.memberships.get().user
    asked = dict(zip(NAMES, _hashes(workspace), strict=True))
    token = create_token(workspace=workspace, user=user, name="bench")[1]
    client = Client(headers={"Authorization": f"Token {token}"})
    client.force_login(user)

    def page(name: str) -> None:
        answer = client.get(f"/w/{slug}/evidence/customers/{asked[name]}/")
        assert answer.status_code == 200, answer.status_code

    def api(name: str) -> None:
        answer = client.post("/api/v1/customers/timeline/", {"customer": name}, "application/json")
        assert answer.json()["rows"], answer.content

    def bare(name: str) -> None:
        found = timeline.timeline(workspace, asked[name])
        assert found.total, f"{name} is not among the rows"

    ways = {"the rows alone": bare, "the page": page, "the API": api}
    for ask in ways.values():
        ask(NAMES[0])
    times: dict[str, list[float]] = {name: [] for name in ways}
    for customer in NAMES[1:]:
        for name, ask in ways.items():
            before = time.perf_counter()
            ask(customer)
            times[name].append((time.perf_counter() - before) * 1000)
    _print(rows, times)


def _hashes(workspace: Any) -> list[uuid.UUID]:
    from evidence.erasure import hash_of

    return [hash_of(workspace, name) for name in NAMES]


def _write(workspace: Any, rows: int) -> None:
    from evidence import lake

    print(f"Writing {rows:,} rows…", file=sys.stderr)
    with lake.cursor() as cursor:
        for number, (table, (names, values)) in enumerate(OWN.items(), start=1):
            cursor.execute(
                INSERT.format(
                    table=table, names=names, values=values, number=number,
                    workspace=workspace.pk, customers=CUSTOMERS, rows=rows // len(OWN),
                    asked=[str(known) for known in _hashes(workspace)],
                )
            )  # fmt: skip


def _print(rows: int, times: dict[str, list[float]]) -> None:
    print(f"\nA customer's timeline among {rows:,} rows\n")
    print("| what | p50 ms | p95 ms | slowest ms |")
    print("|---|--:|--:|--:|")
    for name, found in times.items():
        cuts = statistics.quantiles(found, n=20)
        print(f"| {name} | {cuts[9]:.0f} | {cuts[18]:.0f} | {max(found):.0f} |")
    print(flush=True)
