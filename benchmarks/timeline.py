"""A customer's timeline among many rows: the page and the API as the server answers them.

The rows (a third of each kind, a million customers, 14 months) are written straight into the lake,
in files as an import makes them. Each customer asked for is another one; nothing is kept between.
"""

import statistics
import sys
import time
import uuid

from benchmarks import ours

ASKED = 40
CUSTOMERS = 1_000_000
SLUG = "timelines"
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
       'tp-' || (hash(i + 1) % 40), CAST(md5((hash(i * 7 + 2) % {customers})::VARCHAR) AS UUID),
       'channel-' || (hash(i + 8) % 5), ['mass', 'affluent', 'private'][1 + (hash(i + 3) % 3)::INT],
       'unit-' || (hash(i + 4) % 20), {values}
FROM range({rows}) AS r(i)
"""


def main(rows: int) -> None:
    ours.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from accounts.actions import create_workspace
    from accounts.tokens import create_token
    from evidence import lake, timeline

    settings.ALLOWED_HOSTS.append("testserver")
    call_command("collectstatic", interactive=False, verbosity=0)
    workspace, user, _password = create_workspace(
        slug=SLUG, name="Timelines", owner_email="timelines@example.org"
    )
    print(f"Writing {rows:,} rows…", file=sys.stderr)
    with lake.cursor() as cursor:
        for number, (table, (names, values)) in enumerate(OWN.items(), start=1):
            cursor.execute(
                INSERT.format(
                    table=table, names=names, values=values, number=number,
                    workspace=workspace.pk, customers=CUSTOMERS, rows=rows // len(OWN),
                )
            )  # fmt: skip
        known = [
            customer
            for (customer,) in cursor.execute(
                "SELECT DISTINCT customer FROM waits WHERE row_no <= ?", [ASKED]
            ).fetchall()
        ]
    token = create_token(workspace=workspace, user=user, name="bench")[1]
    client = Client(headers={"Authorization": f"Token {token}"})
    client.force_login(user)

    def page(customer: uuid.UUID) -> None:
        answer = client.get(f"/w/{SLUG}/evidence/customers/{customer}/")
        assert answer.status_code == 200, answer.status_code

    def api(customer: uuid.UUID) -> None:
        asked = {"customer": customer.hex}
        answer = client.post("/api/v1/customers/timeline/", asked, "application/json")
        assert answer.status_code == 200, answer.content

    def bare(customer: uuid.UUID) -> None:
        found = timeline.timeline(workspace, customer)
        assert found.total, f"{customer} is not among the rows"

    ways = {"the rows alone": bare, "the page": page, "the API": api}
    for ask in ways.values():
        ask(known[0])
    times: dict[str, list[float]] = {name: [] for name in ways}
    for customer in known:
        for name, ask in ways.items():
            before = time.perf_counter()
            ask(customer)
            times[name].append((time.perf_counter() - before) * 1000)
    _print(rows, times)


def _print(rows: int, times: dict[str, list[float]]) -> None:
    print(f"\nA customer's timeline among {rows:,} rows\n")
    print("| what | p50 ms | p95 ms | slowest ms |")
    print("|---|--:|--:|--:|")
    for name, found in times.items():
        cuts = statistics.quantiles(found, n=20)
        print(f"| {name} | {cuts[9]:.0f} | {cuts[18]:.0f} | {max(found):.0f} |")
    print(flush=True)
