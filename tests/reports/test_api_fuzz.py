"""The API called with whatever its own description allows, and with what it does not: never a 5xx.

API_FUZZ_EXAMPLES looks further: docs/reliability.md tells how far it was looked.
"""

import os
import traceback
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.urls import Resolver404, resolve
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from accounts.models import Workspace
from accounts.tokens import create_token
from tests.evidence.bringing import HEAD, WAITS, bring

EXAMPLES = int(os.environ.get("API_FUZZ_EXAMPLES", "4"))
OPERATIONS = 85
fuzzing = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def described() -> Iterator[Any]:
    """The API as it describes itself, behind the real WSGI application on the test's connection."""
    document = SchemaGenerator().get_schema(request=None, public=True)
    schema = schemathesis.openapi.from_dict(document)
    schema.app = get_wsgi_application()
    ends = (signals.request_started, signals.request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    yield schema
    for end in ends:
        end.connect(close_old_connections)


class Caller:
    """Calls one operation after the other; nothing of what a call changed in our books stays."""

    def __init__(self, workspace: Workspace, token: str) -> None:
        self.workspace, self.headers = workspace, {"Authorization": f"Token {token}"}
        self.statuses: Counter[int] = Counter()
        self.failures: list[str] = []

    def fuzz(self, operation: Any) -> None:
        cases = st.one_of(
            operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
            operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
        )

        @fuzzing
        @seed(6)
        @given(case=cases, meant=st.booleans(), which=st.integers(0, 9))
        def call(case: Any, meant: bool, which: int) -> None:
            if meant:
                self._point_at_something(case, which)
            self._call(case)

        try:
            call()
        except Unsatisfiable:
            self.failures.append(f"{operation.label}: no case could be made")

    def _point_at_something(self, case: Any, which: int) -> None:
        """Numbers made up at random name nothing; so they name what is there."""
        path = "/api/v1" + case.path.removeprefix("/api/v1")
        try:
            view = resolve(path.format(**dict.fromkeys(case.path_parameters, "1"))).func.cls  # type: ignore[attr-defined]
        except (Resolver404, AttributeError):
            return
        if getattr(view, "model", None) and view.lookup_field in case.path_parameters:
            found = view.model.objects.filter(workspace=self.workspace)
            keys = list(found.values_list(view.lookup_field, flat=True)[:10])
            if keys:
                case.path_parameters[view.lookup_field] = str(keys[which % len(keys)])

    def _call(self, case: Any) -> None:
        with transaction.atomic():
            try:
                answer = case.call(headers=self.headers)
                self.statuses[answer.status_code] += 1
                if answer.status_code >= 500:
                    self.failures.append(f"{answer.status_code}: {case.as_curl_command()}")
            except Exception:
                ours = [line for line in traceback.format_exc().splitlines() if _is_ours(line)]
                self.failures.append("\n".join([case.as_curl_command()[:500], *ours[-6:]]))
            transaction.set_rollback(True)


def _is_ours(line: str) -> bool:
    return "Error" in line or "Exception" in line or ("File" in line and ".venv" not in line)


# A file that is sent in parts is closed by a server, and not by the client used here.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_nothing_that_is_sent_breaks_the_api(
    run: Any, workspace: Workspace, owner: Any, described: Any, settings: Any, tmp_path: Any
) -> None:
    settings.DEBUG_PROPAGATE_EXCEPTIONS = True  # so that a failure tells where
    settings.ALLOWED_HOSTS = ["*"]
    settings.API_CALLS_PER_MINUTE = 0
    bring(workspace, tmp_path, HEAD + "2025-03-01,counter,1\n", WAITS)
    caller = Caller(workspace, create_token(workspace=workspace, user=owner, name="fuzz")[1])
    operations = [found.ok() for found in described.get_all_operations()]
    for operation in operations:
        caller.fuzz(operation)
    assert not caller.failures, "\n\n".join(caller.failures[:10])
    assert len(operations) >= OPERATIONS
    # Not all was refused at the door.
    assert caller.statuses[200] > EXAMPLES * 10, caller.statuses
