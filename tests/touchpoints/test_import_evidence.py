"""The command that imports: its answer is stable, its errors are sentences."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Workspace
from evidence.models import Import
from tests.factories import TouchpointFactory
from touchpoints.models import EvidenceCode

MAPPING: dict[str, Any] = {
    "kind": "waits",
    "fields": {
        "occurred_at": {"column": "at"},
        "touchpoint": {"column": "queue"},
        "wait_s": {"column": "wait"},
    },
}
TEXT = "at,queue,wait\n2025-03-01,desk,1\n2025-03-01,D1,1\n2025-03-01,moon,1\n2025-03-01,moon,x\n"


@pytest.fixture(autouse=True)
def calm_heart(settings: Any) -> None:
    settings.JOB_HEARTBEAT_S = 600.0


@pytest.fixture
def run(workspace: Workspace, tmp_path: Path) -> Any:
    def command(text: str | None = TEXT, mapping: Any = MAPPING, *more: str) -> str:
        if text is not None:
            (tmp_path / "a.csv").write_text(text)
        (tmp_path / "m.json").write_text(
            mapping if isinstance(mapping, str) else json.dumps(mapping)
        )
        out = StringIO()
        call_command(
            "import_evidence", str(tmp_path / "a.csv"), "--workspace", workspace.slug,
            "--mapping", str(tmp_path / "m.json"), *more, stdout=out,
        )  # fmt: skip
        return out.getvalue()

    return command


def test_every_row_is_accounted_for(run: Any, workspace: Workspace) -> None:
    desk = TouchpointFactory(workspace=workspace, code="desk")
    EvidenceCode.objects.create(workspace=workspace, code="D1", touchpoint=desk)
    told = json.loads(run(TEXT, MAPPING, "--json"))
    assert told == {
        "import": Import.objects.get().pk,
        "rows": 4,
        "unit": "rows",
        "accepted": 3,
        "ignored": 0,
        "missing": 0,
        "duplicate": 0,
        "rejected": 1,
        "unmapped": {"moon": 1},
    }


def test_people_read_it_too(run: Any) -> None:
    told = run()
    assert "wait: not a number" in told
    assert "no touchpoint has the code “moon” (1)" in told


@pytest.mark.parametrize(
    ("text", "mapping", "says"),
    [
        (None, MAPPING, "There is no file"),
        ("", MAPPING, "The file is empty"),
        (TEXT, "{", "is not JSON"),
        (TEXT, [], "A mapping is a JSON object"),
        (TEXT, {**MAPPING, "kind": "wait"}, "Did you mean “waits”"),
        ("at,queue\n1,2\n", MAPPING, "no column “wait”"),
    ],
)
def test_errors_are_sentences_and_nothing_stays(
    run: Any, text: str | None, mapping: Any, says: str
) -> None:
    with pytest.raises(CommandError, match=says):
        run(text, mapping)
    assert not Import.objects.exists()


def test_an_unknown_workspace(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no workspace “nowhere”"):
        call_command("import_evidence", "a.csv", "--workspace", "nowhere", "--mapping", "m.json")
