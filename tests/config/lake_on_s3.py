"""Run by test_lake_on_s3.py in homes of their own: a lake's whole life on S3, by its commands."""

import hashlib
import json
import os
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
MAPPING = {
    "kind": "waits",
    "fields": {
        "occurred_at": {"column": "at"},
        "touchpoint": {"column": "queue"},
        "wait_s": {"column": "wait"},
        "customer": {"column": "who"},
    },
}
HEAD = "at,queue,wait,who\n"
MAP = {
    "format": "touchline-map/1",
    "journey": {"slug": "visit", "name": "Visit", "kind": "as-is"},
    "touchpoints": [{"code": "a", "name": "A", "promises": [{"max_wait_s": 60}]}],
    "stages": [{"id": "s", "name": "S"}],
    "steps": [{"id": "t", "stage": "s", "name": "T", "touchpoints": ["a"]}],
    "lanes": [],
}


def say(name: str, *arguments: str) -> Any:
    from django.core.management import call_command

    out = StringIO()
    call_command(name, *arguments, stdout=out)
    return json.loads(out.getvalue()) if "--json" in arguments else out.getvalue()


def live(place: Path) -> dict[str, Any]:
    from evidence import checking, lake
    from evidence.actions import undo_import
    from evidence.erasure import hash_of
    from evidence.models import Import
    from evidence.s3 import Prefix

    bank = ("--workspace", "bank")
    say("migrate", "-v0")
    say("create_workspace", "bank", "--name", "Bank", "--owner", "a@example.org")
    (place / "map.json").write_text(json.dumps(MAP))
    (place / "mapping.json").write_text(json.dumps(MAPPING))
    say("import_map", str(place / "map.json"), *bank)

    def bring(name: str, lines: list[str]) -> int:
        (place / name).write_text(HEAD + "".join(lines))
        told = say("import_evidence", str(place / name), *bank, "--json",
                   "--mapping", str(place / "mapping.json"))  # fmt: skip
        return int(told["import"])

    bring("first.csv", [f"2025-03-0{1 + n % 9},a,{n % 200},c{n}\n" for n in range(3000)])
    before = say("score", "visit", *bank, "--json")
    second = bring("second.csv", [f"2025-03-01,a,500,d{n}\n" for n in range(3000)])
    between = say("score", "visit", *bank, "--json")
    undo_import(found=Import.objects.get(pk=second), user=None)
    after = say("score", "visit", *bank, "--json")
    bring("third.csv", [f"2025-04-01,b,5,c{n}\n" for n in range(3000)])

    def objects() -> dict[str, bytes]:
        prefix = Prefix(lake.data_path())
        return {one.path: b"".join(map(bytes, prefix.read(one.path))) for one in prefix.list()}

    whom = hash_of(Import.objects.get(pk=second).workspace, "c7").bytes
    held = sum(whom in content for content in objects().values())
    erased = say("erase_customer", "c7", *bank, "--json")["erased"]
    upkeep = say("lake", "upkeep", "--keep-days", "1", "--json")
    left = objects()
    checked = say("lake", "check", "--json")
    backup = say("backup", str(place / "backup"), "--json")
    # a flipped bit, a lost file, and one that nothing needs are seen on S3, too
    prefix, name = Prefix(lake.data_path()), max(left)
    flipped = bytearray(left[name])
    flipped[200] ^= 1
    prefix.write(name, bytes(flipped))
    prefix.write("main/waits/extra.parquet", b"PAR1")
    checking.YOUNG = timedelta(days=-1)
    broken = [one.problem for one in checking.check().problems or []]
    prefix.delete(name)
    gone = [one.problem for one in checking.check().problems or []]
    prefix.write(name, left[name])
    with lake.cursor() as cursor:
        cursor.execute("CALL ducklake_delete_orphaned_files('lake', cleanup_all => true)")
    whole = say("lake", "check", "--json")["ok"]
    return {
        "before": before["touchpoints"], "between": between["touchpoints"],
        "after": after["touchpoints"], "held": held, "erased": erased,
        "left": sum(whom in content for content in left.values()), "checked": checked,
        "upkeep": upkeep["log"], "backup": backup, "broken": broken, "gone": gone, "whole": whole,
        "digests": {n: hashlib.sha256(c).hexdigest() for n, c in left.items()},
        "local": [str(p) for p in Path(os.environ["TOUCHLINE_HOME"]).rglob("*.parquet")],
    }  # fmt: skip


def restored(place: Path) -> dict[str, Any]:
    told = say("restore", str(place / "backup"), "--json")
    from evidence import lake, lake_files

    return {
        "check": told["check"],
        "digests": {name: lake_files.digest(name) for name in lake_files.listing()},
        "at": lake.data_path(),
    }


if __name__ == "__main__":
    django.setup()
    from config import embedded

    place = Path(sys.argv[2])
    embedded.ensure_started(Path(os.environ["TOUCHLINE_HOME"]))
    told = {"live": live, "restored": restored}[sys.argv[1]](place)
    print(json.dumps(told))
