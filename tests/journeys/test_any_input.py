"""Whatever stands in a map file: a journey comes out, or a list of problems; never a crash."""

from copy import deepcopy
from random import Random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Workspace
from journeys.errors import MapError
from journeys.mapfile import dump_map, load_map
from tests.journeys.documents import example

pytestmark = pytest.mark.django_db

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["phone-banking", "priority", "call", "do", "mei", "c1", "ask"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) in the document."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, inner in pairs:
        found.append((value, key))
        if isinstance(inner, dict | list):
            found += places(inner)
    return found


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 10**6), values=st.lists(ANYTHING, min_size=1, max_size=3))
def test_a_document_with_anything_in_any_place(
    workspace: Workspace, seed: int, values: list[Any]
) -> None:
    random = Random(seed)
    document = deepcopy(example())
    for value in values:
        container, key = random.choice(places(document))
        container[key] = value
    with transaction.atomic():
        try:
            journey = load_map(workspace, document, None)
        except MapError as error:
            assert error.problems
        else:
            exported = dump_map(journey)
            assert dump_map(load_map(workspace, exported, None)) == exported
        transaction.set_rollback(True)


@settings(max_examples=50, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(document=ANYTHING)
def test_anything_at_all(workspace: Workspace, document: Any) -> None:
    with pytest.raises(MapError):
        load_map(workspace, document, None)
