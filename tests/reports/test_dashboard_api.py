"""What the dashboards and reports show, a program gets too: the same numbers, the same rights."""

import io

import polars
import pytest

from accounts.access import Role
from accounts.tokens import create_token
from evidence.scope import Scope
from painpoints.models import PainPoint
from painpoints.view_models import SavedView
from reports import report_actions
from reports.blocks.kinds import Block
from reports.report_models import Report
from reports.schedule_models import Schedule
from tests.lake_rows import answer, put
from tests.reports.conftest import scored

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def impatient(monkeypatch) -> None:
    monkeypatch.setattr("painpoints.scopes.PATIENCE_S", 0.0)
    monkeypatch.setattr("painpoints.at_once.IS_ON", False)


@pytest.fixture
def api(workspace, member, client):
    """Calls with a token of somebody of this role; answers with the status and what was said."""
    tokens = {}

    def call(path: str, role: str = Role.VIEWER, method: str = "get", body=None, **query):
        if role not in tokens:
            tokens[role] = create_token(workspace=workspace, user=member(role), name=role)[1]
        said = getattr(client, method)(
            f"/api/v1/{path}", body if method != "get" else query,
            **({} if method == "get" else {"content_type": "application/json"}),
            headers={"Authorization": f"Token {tokens[role]}"},
        )  # fmt: skip
        is_json = said.headers.get("Content-Type", "").startswith("application/json")
        return said.status_code, said.json() if is_json else said

    return call


def test_what_is_done_about_a_pain_point(run, member, api) -> None:
    at = f"painpoints/{PainPoint.objects.get(touchpoint__code='app').pk}/actions/"
    body = {"text": "Call back", "owner": member(Role.ANALYST).email, "due_on": "2026-12-01"}
    assert api(at, Role.ANALYST, "post", body)[0] == 403
    status, made = api(at, Role.MANAGER, "post", body)
    assert status == 201 and made["owner"] == body["owner"] and made["done_on"] is None
    assert PainPoint.objects.get(touchpoint__code="app").status == "in_progress"
    one = f"{at}{made['id']}/"
    assert api(one, Role.MANAGER, "patch", {"done_on": "2026-11-30"})[0] == 200
    (told,) = api(at)[1]
    assert told == {**made, "done_on": "2026-11-30"}
    assert api(one, Role.VIEWER, "delete")[0] == 403
    assert api(one, Role.MANAGER, "delete")[0] == 204 and api(at)[1] == []
    elsewhere = PainPoint.objects.get(touchpoint__code="counter").pk
    assert api(f"painpoints/{elsewhere}/actions/{made['id']}/")[0] == 404


def test_the_portfolio_is_that_of_the_page(run, api, member, client_for) -> None:
    status, told = api("portfolio/")
    assert status == 200 and told["count"] == 1
    page = client_for(member("viewer")).get(f"/w/{run.workspace.slug}/")
    row = page.context["page"].object_list[0]
    (one,) = told["results"]
    assert one["journey"] == "opening" and one["snapshot"] == run.snapshot
    assert one["worst"]["code"] == row.worst["code"]
    assert one["worst"]["severity"] == row.worst["severity"]
    assert one["burden"]["value"] == row.total["value"]
    assert one["outcome"] == {"figure": "nps", "n": 25, "value": 100.0,
                              "low": row.outcome["low"], "high": row.outcome["high"]}  # fmt: skip
    assert one["open_pain_points"] == row.pain_points
    assert api("portfolio/", q="nothing")[1]["count"] == 0


def test_ranked_pain_points_have_the_numbers_of_the_run(run, api) -> None:
    status, told = api("painpoints/ranked/")
    assert status == 200
    lines = {line["code"]: line for line in run.result["touchpoints"]}
    assert [one["touchpoint"] for one in told["results"]] == [
        line["code"] for line in sorted(lines.values(), key=lambda line: -line["burden"])
    ]
    for one in told["results"]:
        line = lines[one["touchpoint"]]
        assert (one["severity"], one["burden_low"]) == (line["severity"], line["burden_low"])
        assert one["run"] == run.pk and one["change_why_not"]
    status, told = api("painpoints/ranked/", channel="branch", status="open")
    assert status == 202 and told["job"] and told["scope"]["channels"] == ["branch"]
    assert api("painpoints/ranked/", channel="moon")[0] == 400
    found = api("painpoints/", type="pain", owner__email="x@example.org")[1]
    assert found["count"] == 0


def test_comments_and_history_of_a_pain_point(run, workspace, journey, api) -> None:
    said = [answer("app", "csat", 2, comment="Rude wait", channel="branch")] * 5
    put("responses", workspace, said, 9)
    workspace.raise_evidence_revision()
    journey.workspace.refresh_from_db()
    scored(journey)
    point = PainPoint.objects.get(touchpoint__code="app")
    at = f"painpoints/{point.pk}"
    told = api(f"{at}/comments/", Role.ANALYST)[1]
    assert told["comments"] == 5 and told["themes"]["waiting"] == 5
    assert told["quotes"][0]["comment"] == "Rude wait"
    told = api(f"{at}/comments/", Role.VIEWER, q="Rude")[1]
    assert told["quotes"] is None and told["asked"] == 5
    scored(journey, Scope(channels=("branch",)))  # 45 answers
    told = api(f"{at}/comments/", Role.ANALYST, channel="branch")[1]
    assert (told["answered"], told["comments"]) == (45, 5)
    assert told["scope"]["channels"] == ["branch"]
    assert api(f"{at}/comments/", Role.ANALYST, channel="phone")[0] == 202
    assert api(f"{at}/comments/", Role.ANALYST, channel="fone")[0] == 400
    counter = PainPoint.objects.get(touchpoint__code="counter")
    told = api(f"painpoints/{counter.pk}/comments/", Role.ANALYST)[1]
    assert told["answered"] < told["fewest"] and "quotes" not in told

    body = {"effort_days": 12, "business_value": 8}
    assert api(f"{at}/", Role.ANALYST, "patch", body)[0] == 403
    assert api(f"{at}/", Role.MANAGER, "patch", body)[0] == 200
    (change,) = api(f"{at}/history/")[1]
    assert change["via"] == "api" and change["after"] == body
    told = api("matrix/", business="50")[1]
    row = next(one for one in told["results"] if one["painpoint"] == point.pk)
    assert (row["effort_days"], row["business_value"]) == (12, 8)
    assert row["value"] == pytest.approx(0.5 * 10 * row["burden"] / max(
        one["burden"] for one in told["results"]) + 0.5 * 8)  # fmt: skip
    assert "drivers" in row["why_not"]


@pytest.mark.parametrize("name", ["map", "ranking", "waiting", "by-channel", "stages-channel",
                                  "change", "beside-channel"])  # fmt: skip
def test_a_figure_is_told_with_where_it_comes_from(run, api, name) -> None:
    status, told = api(f"journeys/opening/figures/{name}/")
    assert status == 200, told
    assert told["run"] == run.pk and told["is_newest"]
    if not told["figures"]:
        assert told["nothing_because"] and name == "change"  # all evidence is of one day
        return
    for figure in told["figures"]:
        assert figure["sentence"] and figure["records"] and figure["table"]["rows"]
        assert figure["snapshot"] == run.snapshot and figure["formula"] == run.formula
        assert figure["made_at"] and "n" in figure
        assert set(figure["records"][0]) <= set(figure["fields"])


def test_a_figure_of_another_scope_is_made_and_an_unknown_refused(run, api) -> None:
    status, told = api("journeys/opening/figures/ranking/", channel="branch")
    assert status == 202 and told["job"]
    assert api("journeys/opening/figures/ranking/", channel="moon")[0] == 400
    assert api("journeys/opening/figures/nothing/")[0] == 404
    assert api("journeys/other/figures/ranking/")[0] == 404


def test_the_rows_come_as_a_file_to_those_who_may_read_them(run, api) -> None:
    assert api("evidence/waits/rows.csv", Role.VIEWER)[0] == 403
    status, said = api("evidence/waits/rows.parquet", Role.ANALYST, channel="branch")
    assert status == 200
    frame = polars.read_parquet(io.BytesIO(b"".join(said.streaming_content)))
    assert frame.height == 30 and frame["wait_ms"].max() == 290_000
    assert set(frame["channel"]) == {"branch"}
    status, said = api("evidence/responses/rows.csv", Role.ANALYST, metric="csat")
    lines = b"".join(said.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 61 and lines[0].startswith("occurred_at,touchpoint,metric")
    assert api("evidence/waits/rows.exe", Role.ANALYST)[0] == 404
    assert api("evidence/nothing/rows.csv", Role.ANALYST)[0] == 404


def test_views_are_kept_shared_changed_and_deleted(run, workspace, api) -> None:
    body = {"page": "painpoints", "name": "Waits", "query": "cause=waiting&owner=none"}
    status, view = api("saved-views/", Role.VIEWER, "post", body)
    assert status == 201 and view["opens"].endswith(
        f"painpoints/?cause=waiting&owner=none&saved={view['id']}"
    )
    status, said = api("saved-views/", Role.VIEWER, "post", {**body, "is_shared": True})
    assert status == 403 and not SavedView.objects.get(pk=view["id"]).is_shared
    status, said = api("saved-views/", Role.VIEWER, "post", {**body, "query": "colour=red"})
    assert status == 400 and "colour" in said["query"][0]
    assert api("saved-views/", Role.MANAGER)[1]["count"] == 0
    status, shared = api("saved-views/", Role.MANAGER, "post", {**body, "is_shared": True})
    assert status == 201
    at = f"saved-views/{shared['id']}/"
    assert api(at, Role.VIEWER)[0] == 200
    assert api(at, Role.VIEWER, "patch", {"name": "Mine"})[0] == 403
    status, changed = api(at, Role.MANAGER, "patch", {"query": "status=open"})
    assert (status, changed["query"], changed["name"]) == (200, "status=open", "Waits")
    assert api(at, Role.MANAGER, "delete")[0] == 204
    assert api(at, Role.MANAGER)[0] == 404


@pytest.fixture
def report(run, workspace, journey, member) -> Report:
    return report_actions.create_report(
        workspace=workspace, user=member("analyst"), name="Review", journey=journey,
        blocks=[Block("b1", "ranking")],
    )  # fmt: skip


def test_a_schedule_is_made_stopped_and_resumed(report, api, member) -> None:
    reader = member("viewer")
    body = {"report": report.pk, "every": "week", "weekday": 2, "at": "07:30",
            "reader": reader.email, "format": "xlsx"}  # fmt: skip
    assert api("schedules/", Role.VIEWER, "post", body)[0] == 403
    assert api("schedules/", Role.VIEWER)[0] == 403
    status, made = api("schedules/", Role.ANALYST, "post", body)
    assert status == 201, made
    schedule = Schedule.objects.get(pk=made["id"])
    assert made["timezone"] == report.workspace.timezone and schedule.reader == reader
    assert schedule.next_at.astimezone(report.workspace.zone).weekday() == 2
    for wrong in ({"reader": "x@example.org"}, {"report": 0}, {"timezone": "Moon"},
                  {"to_folder": True}, {"format": "exe"}, {"weekday": 9}):  # fmt: skip
        status, said = api("schedules/", Role.ANALYST, "post", {**body, **wrong})
        assert status == 400 and set(said) == set(wrong), said
    at = f"schedules/{made['id']}/"
    assert api(at, Role.ANALYST, "delete")[0] == 204
    assert api(at, Role.ANALYST)[1]["is_going"] is False
    assert api(f"{at}resume/", Role.ANALYST, "post", {})[1]["is_going"] is True
    schedule.sendings.create(due_at=schedule.next_at, state="sent", to=reader.email, size=9)
    told = api(f"{at}sendings/", Role.ANALYST)[1]
    assert [(one["state"], one["to"]) for one in told["results"]] == [("sent", reader.email)]


def test_another_workspace_has_none_of_it(report, api, workspace, client_for) -> None:
    from tests.factories import MembershipFactory

    other = MembershipFactory(role=Role.ADMIN)
    client = client_for(other.user)
    where = {"workspace": other.workspace.slug}
    for path in ("portfolio/", "painpoints/ranked/", "matrix/", "saved-views/", "schedules/"):
        assert client.get(f"/api/v1/{path}", where).json()["count"] == 0, path
    assert client.get("/api/v1/journeys/opening/figures/ranking/", where).status_code == 404
    body = {"report": report.pk, "every": "day", "at": "07:00", "reader": other.user.email}
    said = client.post(
        f"/api/v1/schedules/?workspace={other.workspace.slug}", body, "application/json"
    )
    assert said.status_code == 400 and "report" in said.json()
