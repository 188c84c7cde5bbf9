"""Run by test_erased_from_disk.py in a home of its own: a customer comes in every way, and goes."""

import json
import os
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
ID, WORDS, FORM = "zz-anna-77", "the teller knew my sister", "zzz-form-77"
HEAD = "at,where,score,who,said,id\n"
LINE = f"2025-03-01,a,4,{ID},{WORDS},{FORM}\n"
MAPPING: dict[str, Any] = {
    "kind": "responses",
    "fields": {
        "occurred_at": {"column": "at"},
        "touchpoint": {"column": "where"},
        "metric": {"value": "csat"},
        "score": {"column": "score"},
        "customer": {"column": "who"},
        "comment": {"column": "said"},
        "event_id": {"column": "id"},
    },
}


def bring_in(place: Path) -> dict[str, Any]:
    """Few rows (inlined in the catalogue) and many, rejected ones, undone ones, posts, drafts."""
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from accounts.models import User, Workspace
    from accounts.tokens import create_token
    from evidence.actions import create_import, undo_import
    from evidence.models import Import, State

    call_command("migrate", "-v0")
    call_command("create_workspace", "bank", "--name", "B", "--owner", "a@example.org",
                 stdout=StringIO())  # fmt: skip
    workspace = Workspace.objects.get()
    (place / "mapping.json").write_text(json.dumps(MAPPING))

    def bring(name: str, text: str) -> Import:
        (place / name).write_text(HEAD + text)
        out = StringIO()
        call_command("import_evidence", str(place / name), "--workspace", "bank", "--json",
                     "--mapping", str(place / "mapping.json"), stdout=out)  # fmt: skip
        return Import.objects.get(pk=json.loads(out.getvalue())["import"])

    others = "".join(f"2025-03-01,b,4,c{n},fine,f{n}\n" for n in range(3000))
    bring("few.csv", LINE.replace(FORM, FORM + "-few"))
    bring("many.csv", LINE + others + f"2025-03-01,a,99,{ID},{WORDS} in vain,r1\n")
    undo_import(found=bring("undone.csv", LINE.replace(FORM, FORM + "-undone")), user=None)
    for state in (State.DRAFT, State.FAILED):
        path = place / "waiting.csv"
        path.write_text(HEAD + LINE)
        found = create_import(workspace=workspace, user=None, path=path, source="waiting.csv",
                              keep=False)  # fmt: skip
        Import.objects.filter(pk=found.pk).update(state=state)
    token = create_token(workspace=workspace, user=User.objects.get(), name="nightly")[1]
    item = {"occurred_at": "2025-03-01T10:00:00", "touchpoint": "a", "metric": "csat"}
    posted = Client(
        SERVER_NAME="localhost",
        headers={"Authorization": f"Token {token}", "Idempotency-Key": ID},
    ).post(
        "/api/v1/evidence/responses/",
        [{**item, "score": 4, "customer": ID, "comment": WORDS, "event_id": FORM + "-post"},
         {**item, "score": ID, "customer": ID, "comment": WORDS}],
        "application/json",
    )  # fmt: skip
    assert posted.json()["accepted"] == 1, posted.content
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # the planner notes the most common values, as it does in time
    for path in place.glob("*.csv"):
        path.unlink()  # the sender's own
    return {"hash": _hash(workspace)}


def erase(place: Path) -> dict[str, Any]:
    from django.core.management import call_command

    from accounts.models import Workspace

    out = StringIO()
    call_command("erase_customer", ID, "--workspace", "bank", "--json", stdout=out)
    return {**json.loads(out.getvalue()), "hash": _hash(Workspace.objects.get())}


def _hash(workspace: Any) -> str:
    from evidence.erasure import hash_of

    return str(hash_of(workspace, ID))


if __name__ == "__main__":
    django.setup()
    from config import embedded

    embedded.ensure_started(Path(os.environ["TOUCHLINE_HOME"]))
    print(json.dumps({"bring_in": bring_in, "erase": erase}[sys.argv[1]](Path(sys.argv[2]))))
