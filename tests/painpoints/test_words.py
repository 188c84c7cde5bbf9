"""The words of the evidence are read from its rows once for each state of it."""

from django.core.cache import cache
from django.utils import timezone

from accounts.models import Workspace
from evidence.models import Import
from painpoints.vocabulary import named_by_evidence
from tests.lake_rows import put, wait


def test_words_are_remembered_for_all_processes_until_the_evidence_changes(
    workspace: Workspace,
) -> None:
    Import.objects.create(workspace=workspace, kind="waits", finished_at=timezone.now())
    put("waits", workspace, [wait("counter", 5, channel="branch")])
    assert named_by_evidence(workspace)["channels"] == ["branch"]
    put("waits", workspace, [wait("counter", 5, channel="phone")], 2)
    assert named_by_evidence(workspace)["channels"] == ["branch"]
    cache.clear()  # another process has a memory of its own
    assert named_by_evidence(workspace)["channels"] == ["branch"]
    workspace.raise_evidence_revision()
    assert named_by_evidence(workspace)["channels"] == ["branch", "phone"]
