"""Which event ids came by posts: asked instead of the lake, whose scan grows with all its rows.

An id is kept as a keyed hash in the transaction that accounts for its row, so one that is not here
has no row by a post. One that is may have lost its row since (undone, erased), or be another's:
then the lake is asked. It is also asked as long as rows stand whose ids came another way.
"""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from django.db import connection

from evidence import lake
from evidence.models import Import, State
from evidence.sql import elements

ASK = """
SELECT
    EXISTS (
        SELECT FROM evidence_import
        WHERE workspace_id = %(workspace)s AND kind = %(kind)s AND NOT ids_kept
            AND (state = %(done)s OR unsettled <> '') AND mapping -> 'fields' ? 'event_id'
    ),
    ARRAY (
        SELECT hash FROM evidence_postedid
        WHERE workspace_id = %(workspace)s AND hash = ANY(%(hashes)s)
    )
"""
KEEP = """
INSERT INTO evidence_postedid (workspace_id, hash)
SELECT %(workspace)s, unnest(%(hashes)s::bigint[]) ON CONFLICT DO NOTHING
"""


def known(in_lake: lake.Cursor, joined: Import, event_ids: Sequence[str]) -> set[str]:
    """Those that stand in the lake. Call it holding `locks.event_ids`."""
    perhaps = _perhaps(joined, event_ids) if event_ids else []
    if not perhaps:
        return set()
    found = in_lake.execute(
        f"SELECT DISTINCT event_id FROM {lake.known(joined.kind)} WHERE workspace_id = $workspace "
        f"AND event_id IN (SELECT {elements('VARCHAR', 'ids')})",
        {"workspace": joined.workspace_id, "ids": json.dumps(perhaps)},
    ).fetchall()
    return {event_id for (event_id,) in found}


def keep(joined: Import, event_ids: Sequence[str]) -> None:
    """Within the transaction that accounts for their rows."""
    if event_ids:
        with connection.cursor() as cursor:
            hashes = _hashes(joined, event_ids)
            cursor.execute(KEEP, {"workspace": joined.workspace_id, "hashes": hashes})


def _perhaps(joined: Import, event_ids: Sequence[str]) -> list[str]:
    hashes = _hashes(joined, event_ids)
    about: dict[str, Any] = {
        "workspace": joined.workspace_id,
        "kind": joined.kind,
        "done": str(State.DONE),
        "hashes": hashes,
    }
    with connection.cursor() as cursor:
        cursor.execute(ASK, about)
        came_otherwise, posted = cursor.fetchone()
    if came_otherwise:
        return list(event_ids)
    among = set(posted)
    return [each for each, hashed in zip(event_ids, hashes, strict=True) if hashed in among]


def _hashes(joined: Import, event_ids: Sequence[str]) -> list[int]:
    secret = bytes(joined.workspace.secret)
    return [
        int.from_bytes(
            hashlib.blake2b(f"{joined.kind} {each}".encode(), key=secret, digest_size=8).digest(),
            signed=True,
        )
        for each in event_ids
    ]
