"""Files of reports say what the page says, to the last digit, in every format."""

import io
import json
import re
import zipfile
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from jobs.actions import run_job
from jobs.models import Status
from reports import report_actions, report_exports
from reports.blocks.content import filled
from reports.blocks.kinds import Block
from reports.figures import words
from reports.files.formats import FORMATS
from reports.files.numbers import shown_as
from reports.report_models import Export, Report
from tests.lake_rows import answer, put
from tests.reports import reading
from tests.reports.conftest import scored

pytestmark = pytest.mark.django_db
BLOCKS = [
    Block("b1", "summary"), Block("b2", "table", "outcome"), Block("b3", "map"),
    Block("b4", "ranking"), Block("b5", "figure", "waiting"), Block("b6", "figure", "by-channel"),
    Block("b7", "figure", "change"), Block("b8", "table", "painpoints"),
    Block("b9", "text", title="=1+1", text="=cmd()\n\n痛点在这里"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def files_here(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def analyst(member) -> User:
    return member("analyst")


@pytest.fixture
def report(run, workspace, journey, analyst) -> Report:
    return report_actions.create_report(
        workspace=workspace, user=analyst, name="Review 回顾", journey=journey, blocks=BLOCKS
    )


@pytest.fixture
def shown(report, client_for, analyst) -> reading.Tables:
    """The page, as a reader of HTML sees it."""
    return reading.page(client_for(analyst).get(report.get_absolute_url()).content.decode())


def made(report: Report, user: User, code: str) -> bytes:
    return FORMATS[code].made(filled(report, user))


ALL = [block.id for block in BLOCKS]
# Of waits and of a map of severities there is no table on paper: the curve and the cells say it.
ON_PAPER = ["b2", "b3", "b4", "b7", "b8"]


@pytest.mark.parametrize("code", ["pdf", "pdf-a3", "pptx", "svg"])
def test_on_paper_every_number_is_that_of_the_page(report, analyst, shown, code):
    raw = made(report, analyst, code)
    if code == "svg":
        text = unescape(re.sub(r"<[^>]+>", "", raw.decode()))
    else:
        text = reading.pptx_texts(raw) if code == "pptx" else reading.pdf_text(raw)
    found = reading.squeezed(text)
    cells = shown.cells(*ON_PAPER)
    assert len(cells) > 20
    assert [cell for cell in cells if reading.squeezed(cell) not in found] == []
    heat = shown.cells("b6", table="heat")
    assert len(heat) > 3
    assert [cell for cell in heat if reading.squeezed(cell) not in found] == []
    for content in filled(report, analyst).contents:
        for figure in content.figures:
            if code != "pptx":
                assert reading.squeezed(figure.aria) in found
            for fact in figure.extra.get("facts", ()):
                assert reading.squeezed(fact["text"]) in found
                assert reading.squeezed(fact["note"]) in found
    assert "痛点在这里" in found


def test_the_severities_of_the_page_stand_on_paper(report, analyst, run):
    found = reading.squeezed(reading.pdf_text(made(report, analyst, "pdf")))
    with override("en"):
        for line in run.result["touchpoints"]:
            assert reading.squeezed(words.severity_text(line)) in found
            assert reading.squeezed(words.burden_text(line)) in found


def test_the_workbook_has_numbers_as_numbers_and_no_formula(report, analyst, shown, run):
    sheets = reading.xlsx_sheets(made(report, analyst, "xlsx"))
    cells = [cell for rows in sheets.values() for row in rows for cell in row]
    texts = {" ".join(cell.split()) for cell in cells if isinstance(cell, str)}
    values = [cell for cell in cells if isinstance(cell, float | int)]
    for cell in shown.cells(*ALL, table="table"):
        number = shown_as(cell)
        if number is None:
            assert cell in texts, cell
        else:
            assert any(abs(value - number.value) < 1e-9 for value in values), cell
    ranking = next(rows for name, rows in sheets.items() if name == "Pain ranking")
    top = next(i for i, row in enumerate(ranking) if row[0] == "code")
    record = dict(zip(ranking[top], ranking[top + 1], strict=True))
    line = next(t for t in run.result["touchpoints"] if t["code"] == record["code"])
    assert record["severity"] == line["severity"]
    assert record["burden_low"] == line["burden_low"]
    assert record["name"].startswith("=The ")  # a text, not a formula


def sheets_of(report: Report, user: User) -> list[str]:
    return [figure.id for one in filled(report, user).contents for figure in one.figures]


def test_a_workbook_holds_no_formula(report, analyst):
    with zipfile.ZipFile(io.BytesIO(made(report, analyst, "xlsx"))) as archive:
        names = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        assert len(names) == 1 + len(sheets_of(report, analyst))
        assert all(b"<f>" not in archive.read(name) for name in names)
        assert any(name.startswith("xl/charts/chart") for name in archive.namelist())


def test_charts_on_slides_are_charts_with_the_runs_numbers(report, analyst, run):
    charts = reading.pptx_charts(made(report, analyst, "pptx"))
    bars = [list(plot.series[0].values) for one in charts for plot in one.plots]
    burdens = [line["burden"] for line in run.result["touchpoints"]]
    assert burdens in bars
    assert any(b"errBars" in one.part.blob for one in charts)


def test_csv_and_json_are_exact(report, analyst, run):
    sections = {f["block"]: (f, r) for f, r in reading.csv_sections(made(report, analyst, "csv"))}
    facts, records = sections["b4"]
    by_code = {line["code"]: line for line in run.result["touchpoints"]}
    for record in records:
        assert float(record["severity"]) == by_code[record["code"]]["severity"]
        assert record["name"].startswith("'=The ")
    assert facts["snapshot"] == str(run.snapshot)
    assert facts["formula"] == run.formula and facts["n"] == "100"
    document = json.loads(made(report, analyst, "json"))
    told = {block["id"]: block for block in document["blocks"]}
    figure = told["b4"]["figures"][0]
    assert figure["records"][0]["severity"] == by_code[figure["records"][0]["code"]]["severity"]
    assert figure["snapshot"] == run.snapshot and figure["n"] == 100
    assert told["b9"]["paragraphs"] == ["=cmd()", "痛点在这里"]


def test_the_page_and_its_file_are_alike(report, analyst, shown):
    html = made(report, analyst, "html").decode()
    cells = {cell for row in reading.page(html).rows for cell in row}
    assert len(shown.cells(*ALL)) > 60
    assert [cell for cell in shown.cells(*ALL) if cell not in cells] == []
    assert "default-src 'none'" in html
    assert not re.search(r"<(?:link|img|iframe|script[^>]+src)", html)


@pytest.mark.parametrize("code", FORMATS)
def test_every_file_says_where_it_comes_from(report, analyst, run, code):
    raw = made(report, analyst, code)
    if code == "png":
        assert raw.startswith(b"\x89PNG")
        return
    readers = {
        "pdf": reading.pdf_text, "pdf-a3": reading.pdf_text, "pptx": reading.pptx_texts,
        "xlsx": lambda raw: json.dumps(reading.xlsx_sheets(raw), ensure_ascii=False),
    }  # fmt: skip
    text = readers.get(code, bytes.decode)(raw)
    assert run.formula in text and str(run.snapshot) in text
    assert "all evidence" in text
    assert str(timezone.now().year) in text


@pytest.mark.parametrize("code", FORMATS)
def test_one_block_alone_in_every_format(report, analyst, code):
    raw = FORMATS[code].made(filled(report, analyst, only="b4"))
    assert len(raw) > 500


def test_a_job_makes_the_file_and_a_viewer_fetches_it(report, member, client_for):
    viewer = member("viewer")
    client = client_for(viewer)
    at = f"/w/{report.workspace.slug}/reports"
    assert client.post(f"{at}/{report.pk}/files/", {"format": "csv"}).status_code == 302
    export = Export.objects.get()
    assert client.get(f"{at}/exports/{export.pk}/").status_code == 503
    job = run_job(job_id=str(export.job_id))
    assert job.status == Status.DONE, job.log
    answer = client.get(f"{at}/exports/{export.pk}/")
    content = b"".join(answer.streaming_content)
    export.refresh_from_db()
    assert len(content) == export.size == int(answer["Content-Length"])
    assert "Review" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    assert client.post(f"{at}/{report.pk}/files/", {"format": "exe"}).status_code == 422
    report_actions.delete_report(report=report)
    assert client.get(f"{at}/exports/{export.pk}/").status_code == 404


def finished(report: Report, user: User, code: str) -> Export:
    export = report_exports.request_export(report=report, user=user, code=code, send=False)
    job = run_job(job_id=str(export.job_id))
    assert job.status == Status.DONE, job.log
    export.refresh_from_db()
    return export


def test_rights_are_looked_at_when_a_file_is_fetched(
    report, journey, workspace, analyst, member, client_for
):
    put("responses", workspace, [answer("app", "csat", 2, comment="Rude")] * 5, 9)
    workspace.raise_evidence_revision()
    journey.workspace.refresh_from_db()
    scored(journey)
    report.blocks = [{"id": "b1", "kind": "comments"}]
    report.save()
    export = finished(report, analyst, "csv")
    assert export.has_comments and b"Rude" in export.path.read_bytes()
    at = f"/w/{workspace.slug}/reports/exports/{export.pk}/"
    answered = client_for(analyst).get(at)
    assert b"Rude" in b"".join(answered.streaming_content)
    assert client_for(member("viewer")).get(at).status_code == 403
    analyst.memberships.update(role="viewer")
    assert client_for(analyst).get(at).status_code == 403
    own = finished(report, member("viewer"), "csv")
    assert not own.has_comments and b"Rude" not in own.path.read_bytes()


def test_files_are_kept_for_a_time(report, analyst, client_for):
    export = finished(report, analyst, "json")
    assert export.expires_at - export.finished_at == timedelta(days=7)
    assert report_exports.sweep() == 0
    Export.objects.update(expires_at=timezone.now())
    at = f"/w/{report.workspace.slug}/reports/exports/{export.pk}/"
    assert client_for(analyst).get(at).status_code == 404
    assert report_exports.sweep() == 1
    assert not export.path.exists() and not Export.objects.exists()


def test_an_erasure_meanwhile_leaves_no_file(report, analyst, monkeypatch):
    export = report_exports.request_export(report=report, user=analyst, code="csv", send=False)
    path = export.path

    def made_while_erased(found) -> bytes:
        Export.objects.all().delete()
        return b"words"

    fake = type("F", (), {**vars(FORMATS["csv"]), "made": staticmethod(made_while_erased)})
    monkeypatch.setitem(FORMATS, "csv", fake)
    job = run_job(job_id=str(export.job_id))
    assert job.status == Status.FAILED
    assert not path.exists()


def test_the_api_composes_has_made_and_fetches(report, analyst, client_for, workspace):
    client = client_for(analyst)
    where = f"?workspace={workspace.slug}"
    blocks = [{"id": "b1", "kind": "ranking", "most": 3}]
    body = {"name": "By program", "journey": "opening", "blocks": blocks,
            "scope": {"channels": ["branch"]}}  # fmt: skip
    made = client.post(f"/api/v1/reports/{where}", body, "application/json")
    assert made.status_code == 201, made.content
    assert made.json()["scope"]["channels"] == ["branch"]
    refused = client.post(
        f"/api/v1/reports/{where}", {**body, "blocks": [{"id": "b1", "kind": "x"}]},
        "application/json",
    )  # fmt: skip
    assert refused.status_code == 400 and "blocks" in refused.json()
    asked = client.post(
        f"/api/v1/exports/{where}", {"report": report.pk, "format": "json"}, "application/json"
    )
    assert asked.status_code == 202 and asked.json()["state"] == "queued"
    run_job(job_id=asked.json()["job"])
    ready = client.get(f"/api/v1/exports/{asked.json()['id']}/{where}").json()
    assert ready["state"] == "ready"
    document = json.loads(b"".join(client.get(ready["url"]).streaming_content))
    assert document["report"] == "Review 回顾"
    listed = client.get(f"/api/v1/exports/{where}&report={report.pk}").json()
    assert listed["count"] == 1
    changed = client.patch(
        f"/api/v1/reports/{report.pk}/{where}", {"name": "Other", "blocks": []}, "application/json"
    )
    assert changed.status_code == 200 and changed.json()["blocks"] == []
    assert client.delete(f"/api/v1/reports/{report.pk}/{where}").status_code == 204
    assert client.get(f"/api/v1/reports/{report.pk}/{where}").status_code == 404


@pytest.mark.parametrize(
    ("said", "value", "shape"),
    [
        ("1,345", 1345, "#,##0"),
        ("72.3%", 0.723, "#,##0.0%"),
        ("+8.7", 8.7, "+#,##0.0;−#,##0.0;#,##0.0"),
        ("−12", -12, "#,##0;−#,##0"),
    ],
)
def test_a_number_of_the_page_is_a_number_with_its_digits(said, value, shape):
    assert shown_as(said) == (pytest.approx(value), shape)


@pytest.mark.parametrize("said", ["<1%", "1,3", "12 (10–14)", "2026-01-01", "", "–"])
def test_everything_else_stays_text(said):
    assert shown_as(said) is None
