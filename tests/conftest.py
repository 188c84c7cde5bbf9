"""Real services for every test, and the cast: a workspace, its people, and a stranger."""

import gc
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import pytest_django
from django.db import connection
from django.test import Client
from django.utils import timezone, translation
from hypothesis import settings as hypothesis_settings
from xdist.scheduler import LoadScopeScheduling

from accounts.access import Role
from accounts.models import User, Workspace
from evidence import lake
from tests.factories import MembershipFactory, UserFactory, WorkspaceFactory
from tests.s3_server import bucket, s3_server  # noqa: F401  (fixtures)

# The same examples every time; `--hypothesis-profile=default` looks further.
hypothesis_settings.register_profile("fixed", derandomize=True)
hypothesis_settings.load_profile("fixed")


def pytest_collection_finish() -> None:
    """Python does not look through the suite and its libraries for garbage again and again, which
    took a fourteenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)


class TogetherByFile(LoadScopeScheduling):
    """Where several processes share the work (`-n 2`), a file's tests stay together, and those
    of the browser, who share a running Touchline."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::")[0]
        return "browser" if file.startswith("tests/browser/") else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> TogetherByFile:
    return TogetherByFile(config, log)


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker
) -> Iterator[None]:
    """Imports have numbers that no row of `lake_rows.put` has, and the lake lets go of the test
    database before it is dropped."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER SEQUENCE evidence_import_id_seq RESTART WITH 1001")
        lake.instance()  # may read the folder of files there is now, not one that a test sets
    yield
    lake.close()


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """A page leaves its language and its time zone to whoever comes next in this thread."""
    yield
    translation.deactivate()
    timezone.deactivate()


@pytest.fixture
def workspace(db: None) -> Workspace:
    return WorkspaceFactory()


@pytest.fixture
def owner(workspace: Workspace) -> User:
    """An admin of the workspace."""
    return MembershipFactory(workspace=workspace, role=Role.ADMIN).user


@pytest.fixture
def member(workspace: Workspace) -> Callable[[str], User]:
    """Makes a member with this role."""
    return lambda role: MembershipFactory(workspace=workspace, role=role).user


@pytest.fixture
def stranger(db: None) -> User:
    """An admin, but of another workspace."""
    return MembershipFactory(role=Role.ADMIN).user


@pytest.fixture
def nobody(db: None) -> User:
    """Signed in, member of nothing."""
    return UserFactory()


@pytest.fixture
def client_for() -> Callable[[User], Client]:
    """A browser in which this user is signed in."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in
