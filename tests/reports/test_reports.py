"""Reports: begun from templates, composed by forms, never lost by a deletion."""

import pytest
from django.test import Client

from accounts.models import User
from evidence.scope import Scope
from reports import report_actions
from reports.blocks.content import filled
from reports.blocks.kinds import Block, BlockError, blocks_of
from reports.blocks.starters import STARTERS
from reports.report_models import Report
from tests.lake_rows import answer, put
from tests.reports.conftest import scored

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst(member) -> User:
    return member("analyst")


@pytest.fixture
def editor(client_for, analyst) -> Client:
    return client_for(analyst)


@pytest.fixture
def report(workspace, journey, analyst) -> Report:
    blocks = [Block("b1", "text", title="Why", text="- one\n- two"), Block("b2", "ranking"),
              Block("b3", "table", "outcome")]  # fmt: skip
    return report_actions.create_report(
        workspace=workspace, user=analyst, name="Review", journey=journey, blocks=blocks
    )


def ids(report: Report) -> list[str]:
    report.refresh_from_db()
    return [block["id"] for block in report.blocks]


@pytest.mark.parametrize("template", STARTERS)
def test_every_template_says_something_or_why_not(run, workspace, journey, analyst, template):
    report = report_actions.create_report(
        workspace=workspace, user=analyst, name="R", template=template, journey=journey
    )
    for content in filled(report, analyst).contents:
        assert content.figures or content.paragraphs or content.why, content.block


@pytest.mark.parametrize("template", STARTERS)
def test_every_template_is_a_page(run, workspace, journey, editor, template):
    asked = {"template": template, "journey": journey.pk, "name": ""}
    made = editor.post(f"/w/{workspace.slug}/reports/new/", asked)
    assert made.status_code == 302
    assert editor.get(made["Location"]).status_code == 200
    report = Report.objects.get(workspace=workspace)
    assert report.name == f"{STARTERS[template].name} · Opening an account"
    assert editor.get(report.get_absolute_url()).status_code == 200


def test_a_template_of_a_journey_asks_for_one(workspace, editor):
    made = editor.post(f"/w/{workspace.slug}/reports/new/", {"template": "deep-dive"})
    assert made.status_code == 422
    assert not Report.objects.exists()


def test_blocks_are_added_moved_and_changed(report, editor):
    at = f"/w/{report.workspace.slug}/reports/{report.pk}"
    editor.post(f"{at}/blocks/add/", {"what": "figure:waiting"})
    assert ids(report) == ["b1", "b2", "b3", "b4"]
    editor.post(f"{at}/blocks/b4/move/", {"to": "up"})
    assert ids(report) == ["b1", "b2", "b4", "b3"]
    editor.post(f"{at}/blocks/order/", {"order": ["b3", "b1", "b2", "b4"]})
    assert ids(report) == ["b3", "b1", "b2", "b4"]
    editor.post(f"{at}/blocks/b2/edit/", {"title": "Worst", "most": "1", "journey": ""})
    report.refresh_from_db()
    assert report.blocks[2] == {"id": "b2", "kind": "ranking", "title": "Worst", "most": 1}
    assert report.changes.count() == 4


def test_what_cannot_be_meant_is_refused(report, editor):
    at = f"/w/{report.workspace.slug}/reports/{report.pk}"
    answer = editor.post(f"{at}/blocks/add/", {"what": "figure:weather"}, follow=True)
    assert "weather" in answer.content.decode()
    assert editor.post(f"{at}/blocks/b2/edit/", {"most": "-1"}).status_code == 422
    assert editor.post(f"{at}/blocks/b9/remove/").status_code == 404
    assert ids(report) == ["b1", "b2", "b3"]


def test_a_removed_block_comes_back_where_it_stood(report, editor):
    at = f"/w/{report.workspace.slug}/reports/{report.pk}"
    editor.post(f"{at}/blocks/b2/remove/")
    assert ids(report) == ["b1", "b3"]
    editor.post(f"{at}/blocks/add/", {"what": "summary:"})  # takes an id of its own
    change = report.changes.get(what="remove")
    editor.post(f"{at}/undo/{change.pk}/")
    report.refresh_from_db()
    assert [block["kind"] for block in report.blocks] == ["text", "ranking", "table", "summary"]
    editor.post(f"{at}/undo/{change.pk}/")  # twice brings it back once
    assert len(ids(report)) == 4


def test_a_deleted_report_comes_back(report, editor):
    at = f"/w/{report.workspace.slug}/reports/{report.pk}/"
    editor.post(f"{at}delete/")
    assert editor.get(at).status_code == 404
    assert "Review" in editor.get(f"/w/{report.workspace.slug}/reports/").content.decode()
    editor.post(f"{at}restore/")
    assert editor.get(at).status_code == 200


def test_filters_reach_every_figure(run, journey, report, editor, analyst):
    scored(journey, Scope(channels=("branch",)))
    at = f"/w/{report.workspace.slug}/reports/{report.pk}/settings/"
    told = {"name": "Branch", "journey": journey.pk, "channel": ["branch"]}
    assert editor.post(at, told).status_code == 302
    report.refresh_from_db()
    found = filled(report, analyst)
    ranking = found.contents[1].figures[0]
    assert ranking.source.filters == {"channel": "branch"}
    assert ranking.n == 30 + 40
    refused = editor.post(at, {**told, "since": "2025-02-01", "last": "2025-01-01"})
    assert refused.status_code == 422


def test_a_scope_without_a_run_says_that_it_comes(run, report, analyst):
    scope = Scope(channels=("phone",))
    report_actions.change_report(
        report=report, user=analyst, name="R", journey=report.journey, scope=scope
    )
    found = filled(report, analyst)
    assert found.is_coming
    assert found.contents[1].is_coming and not found.contents[1].figures


def test_only_the_first_are_shown_but_all_are_told(run, report, analyst):
    report.blocks = [{"id": "b1", "kind": "ranking", "most": 1}]
    figure = filled(report, analyst).contents[0].figures[0]
    assert len(figure.records) == len(figure.table["rows"]) == 1
    assert figure.n == 40 + 60
    assert "1 of 2" in figure.definition


def test_comments_are_for_those_who_may_read_rows(run, report, journey, workspace, member):
    said = [answer("app", "csat", 2, comment="Nobody =helps") for _ in range(5)]
    put("responses", workspace, said, 9)
    put("responses", workspace, [answer("counter", "csat", 2, comment="Alone")], 10)
    workspace.raise_evidence_revision()
    journey.workspace.refresh_from_db()
    scored(journey)
    report.blocks = [{"id": "b1", "kind": "comments"}]
    found = filled(report, member("analyst"))
    texts = [record["comment"] for record in found.contents[0].figures[0].records]
    assert texts == ["Nobody =helps"] * 5  # where fewer than five answered, nothing is shown
    viewer = filled(report, member("viewer"))
    assert not viewer.contents[0].figures and viewer.contents[0].why
    assert viewer.hides_comments and not viewer.has_comments


@pytest.mark.parametrize(
    "blocks",
    [
        "b1",
        [{"id": "x", "kind": "text"}],
        [{"id": "b1", "kind": "nothing"}],
        [{"id": "b1", "kind": "table"}],
        [{"id": "b1", "kind": "text", "more": 1}],
        [{"id": "b1", "kind": "ranking", "most": True}],
        [{"id": "b1", "kind": "text"}] * 2,
    ],
)
def test_blocks_are_checked(blocks):
    with pytest.raises(BlockError):
        blocks_of(blocks)


def test_a_report_speaks_chinese(run, report, editor):
    page = editor.get(report.get_absolute_url(), HTTP_ACCEPT_LANGUAGE="zh-hans").content.decode()
    assert "痛点排名" in page or "痛点" in page
