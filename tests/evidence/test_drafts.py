"""Drafts nobody finished are swept, with their files."""

from datetime import timedelta

import pytest
from django.utils import timezone

from evidence.actions import create_import, folder_of
from evidence.drafts import KEPT_FOR, sweep_drafts
from evidence.models import Import, State

pytestmark = pytest.mark.django_db


@pytest.fixture
def import_of(workspace, owner, tmp_path):
    def make(age: timedelta, state: str = State.DRAFT) -> Import:
        path = tmp_path / "a.csv"
        path.write_text("a,b\n1,2\n")
        found = create_import(workspace=workspace, user=owner, path=path, source="a.csv")
        Import.objects.filter(pk=found.pk).update(created_at=timezone.now() - age, state=state)
        return found

    return make


def test_an_old_draft_goes_with_its_file(import_of):
    old = import_of(KEPT_FOR + timedelta(hours=1))
    assert sweep_drafts() == 1
    assert not Import.objects.filter(pk=old.pk).exists()
    assert not folder_of(old).exists()


@pytest.mark.parametrize("state", [State.DONE, State.UNDONE, State.IMPORTING])
def test_what_was_started_stays(import_of, state):
    found = import_of(KEPT_FOR * 9, state)
    assert sweep_drafts() == 0
    assert folder_of(found).exists()


def test_a_young_draft_stays(import_of):
    found = import_of(KEPT_FOR - timedelta(hours=1))
    assert sweep_drafts() == 0
    assert Import.objects.filter(pk=found.pk).exists()


def test_a_failed_import_stays_in_the_list_without_its_file(import_of):
    found = import_of(KEPT_FOR * 2, State.FAILED)
    sweep_drafts()
    assert Import.objects.filter(pk=found.pk, state=State.FAILED).exists()
    assert not folder_of(found).exists()
