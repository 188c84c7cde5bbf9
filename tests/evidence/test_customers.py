"""Identifiers are hashed on the way in: HMAC-SHA-256 with the workspace's secret."""

import hashlib
import hmac
import uuid
from pathlib import Path

import pytest

from accounts.models import Workspace
from tests.evidence.bringing import WAITS, bring, having, rows

DOCUMENT = having(WAITS, customer={"column": "who", "missing": ["0"]})


@pytest.mark.parametrize("length", [1, 32, 64, 65, 200])
def test_the_hash_is_python_s(workspace: Workspace, tmp_path: Path, length: int) -> None:
    workspace.secret = bytes(range(length))
    workspace.save()
    people = ["7", "客户甲", "a" * 500, "émile", "7"]
    text = "at,queue,wait,who\n" + "".join(f"2025-03-01,a,1,{who}\n" for who in people)
    found = bring(workspace, tmp_path, text, DOCUMENT)
    expected = [
        uuid.UUID(hmac.new(workspace.secret, who.encode(), hashlib.sha256).hexdigest()[:32])
        for who in people
    ]
    assert [row[0] for row in rows(found, "customer")] == expected


def test_nobody_stays_nobody(workspace: Workspace, tmp_path: Path) -> None:
    text = "at,queue,wait,who\n2025-03-01,a,1,0\n2025-03-01,a,1,\n"
    found = bring(workspace, tmp_path, text, DOCUMENT)
    assert rows(found, "customer") == [(None,), (None,)]
