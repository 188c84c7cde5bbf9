"""What people say of a pain point is kept, told in words, and can be taken back."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.access import Role
from painpoints import actions
from painpoints.history import history_of
from painpoints.models import PainPoint, PainPointChange


@pytest.fixture
def point(journey, workspace) -> PainPoint:
    return PainPoint.objects.create(
        workspace=workspace, journey=journey, touchpoint=workspace.touchpoints.get(code="counter"),
        origin="person", title="The queue",
    )  # fmt: skip


@pytest.fixture
def manager(member, client_for):
    return client_for(member(Role.MANAGER))


def url(name: str, workspace, *args) -> str:
    return reverse(f"painpoints:{name}", args=[workspace.slug, *args])


def test_only_what_became_something_else_is_kept(point, owner) -> None:
    change = actions.change_pain_point(
        painpoint=point,
        user=owner,
        changes={"effort_days": 5, "title": "The queue", "owner": owner},
    )
    assert change is not None
    assert change.before == {"effort_days": None, "owner": None}
    assert change.after == {"effort_days": 5, "owner": owner.pk}
    again = actions.change_pain_point(painpoint=point, user=owner, changes={"effort_days": 5})
    assert again is None and PainPointChange.objects.count() == 1


def test_entries_are_told_in_words_and_never_rewritten(point, owner) -> None:
    change = actions.change_pain_point(
        painpoint=point, user=owner, changes={"status": "in_progress", "effort_days": 8}
    )
    point.refresh_from_db()
    (entry,) = history_of(point)
    assert [(line.before, line.after) for line in entry.lines] == [
        ("Open", "Being worked on"),
        ("not decided", "8 person-days"),
    ]
    assert entry.can_go_back
    assert change is not None
    with pytest.raises(TypeError):
        change.save()


def test_effort_alone_is_set_and_taken_back(workspace, point, manager) -> None:
    answer = manager.post(
        url("worth", workspace, point.pk),
        {"effort_days": "13"},
        headers={"X-Requested-With": "fetch"},
    )
    assert answer.status_code == 200
    point.refresh_from_db()
    assert point.effort_days == 13 and point.business_value is None
    undone = manager.post(answer.json()["undo"])
    assert undone.status_code == 302
    point.refresh_from_db()
    assert point.effort_days is None
    assert [c.after for c in point.changes.all()] == [{"effort_days": None}, {"effort_days": 13}]


@pytest.mark.parametrize(
    "sent", [{"effort_days": "0"}, {"effort_days": "9999"}, {"business_value": "11"}]
)
def test_what_no_estimate_can_be_is_refused(workspace, point, manager, sent) -> None:
    answer = manager.post(
        url("worth", workspace, point.pk), sent, headers={"X-Requested-With": "fetch"}
    )
    assert answer.status_code == 422 and answer.json()["error"]
    assert not point.changes.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        PainPoint.objects.filter(pk=point.pk).update(**{k: int(v) for k, v in sent.items()})


def test_another_points_change_cannot_be_taken_back_here(workspace, point, owner, manager) -> None:
    other = PainPoint.objects.create(
        workspace=workspace, journey=point.journey, touchpoint=point.touchpoint, origin="person",
        title="Another",
    )  # fmt: skip
    change = actions.change_pain_point(painpoint=other, user=owner, changes={"effort_days": 3})
    assert change is not None
    assert manager.post(url("undo", workspace, point.pk, change.pk)).status_code == 404


def test_the_page_saves_with_history(workspace, point, owner, manager) -> None:
    sent = {"status": "open", "title": "The queue", "note": "", "effort_days": "20",
            "business_value": "7"}  # fmt: skip
    manager.post(url("detail", workspace, point.pk), sent)
    page = manager.get(url("detail", workspace, point.pk)).content.decode()
    assert "20 person-days" in page and "7 of 10" in page


def test_the_api_keeps_history_too(workspace, point, owner, client_for) -> None:
    path = f"/api/v1/painpoints/{point.pk}/?workspace={workspace.slug}"
    answer = client_for(owner).patch(path, {"effort_days": 2}, content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert answer.json()["effort_days"] == 2
    assert point.changes.get().via == "api"
