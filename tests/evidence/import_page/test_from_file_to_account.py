"""An import in the browser, from the file to the account of its rows, and back."""

import codecs
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings

from evidence.actions import file_of, folder_of
from evidence.mapping_views import _keep
from evidence.models import Import, Kind, State
from jobs.actions import cancel_job
from tests.evidence.import_page.files import WAITS, finish, rows_in_lake
from tests.factories import TouchpointFactory

CHINESE = """票号,取号时间,业务类型,客户号,等待时间(分钟),结果
1,2025年3月3日 09:01,个人开户,甲,7,已办理
2,2025年3月3日 09:02,个人开户,乙,15,弃号
"""


pytestmark = pytest.mark.django_db


def files() -> set[Path]:
    """All files uploads have left so far."""
    return {p for p in Path(settings.MEDIA_ROOT).rglob("*") if p.is_file()}


def test_the_empty_list_shows_a_sample_and_the_next_step(analyst, page):
    text = analyst.get(page()).content.decode()
    assert "Bring in the first file" in text
    assert page("examples/waits.csv") in text


def test_an_upload_becomes_a_draft_with_a_guessed_mapping(draft, analyst, page):
    found = draft()
    assert (found.state, found.source) == (State.DRAFT, "queue.csv")
    assert found.mapping["kind"] == Kind.WAITS
    text = analyst.get(page(f"{found.pk}/mapping/")).content.decode()
    assert "Import 4 rows" in text
    assert "a negative time" in text  # the check says why one row will be rejected


def test_from_file_to_account_and_back(draft, posted, analyst, page, workspace):
    TouchpointFactory(workspace=workspace, code="counter", name="The counter")
    found = draft()
    answer = posted(found, {"do": "start"})
    assert answer["Location"] == page(f"{found.pk}/")
    assert "data-progress" in analyst.get(page(f"{found.pk}/")).content.decode()

    found = finish(found)
    assert (found.state, found.rows, found.accepted, found.rejected) == (State.DONE, 4, 3, 1)
    answer = analyst.get(page(f"{found.pk}/"))
    assert answer.context["unmapped"] == {"advice": 1}
    text = answer.content.decode()
    assert "What became of 4 rows" in text and "The counter" in text
    assert f"/w/{workspace.slug}/touchpoints/unmapped/" in text

    rejected = b"".join(analyst.get(page(f"{found.pk}/rejected.csv")).streaming_content)
    assert b"a negative time" in rejected and b"T3" in rejected

    answer = analyst.post(page(f"{found.pk}/undo/"), follow=True)
    assert "was undone" in answer.content.decode()
    found.refresh_from_db()
    assert (found.state, rows_in_lake(found)) == (State.UNDONE, 0)


def test_the_same_file_again_points_to_the_earlier_import(draft, posted, upload, workspace, page):
    content = WAITS.replace("ticket,", "x,").replace("T1", "a").replace("T4", "a")
    first = draft(content)
    posted(first, {"do": "start"})
    finish(first)
    upload(content)
    second = workspace.imports.exclude(pk=first.pk).get()
    answer = posted(second, {"do": "start"})
    assert answer.status_code == 422
    assert page(f"{first.pk}/") in answer.content.decode()
    second.refresh_from_db()
    assert second.state == State.DRAFT


def test_a_chinese_file_in_gb18030_keeps_its_names(draft, posted, analyst, page):
    found = draft(CHINESE.encode("gb18030"), "三月排队.csv")
    text = analyst.get(page(f"{found.pk}/mapping/")).content.decode()
    assert "gb18030" in text and "个人开户" in text and "三月排队.csv" in text
    posted(found, {"do": "start"})
    found = finish(found)
    assert (found.accepted, found.codes) == (2, {"个人开户": 2})
    assert "三月排队.csv" in analyst.get(page()).content.decode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_other_encodings(draft, encoding):
    assert draft(CHINESE.encode(encoding)).mapping["fields"]["touchpoint"]["column"] == "业务类型"


def test_a_wrong_encoding_can_be_corrected(draft, analyst, page):
    found = draft(CHINESE.encode("gb18030"))
    analyst.post(page(f"{found.pk}/read/"), {"encoding": "latin-1", "delimiter": ""})
    wrong = analyst.get(page(f"{found.pk}/mapping/")).content.decode()
    assert "个人开户" not in wrong
    analyst.post(page(f"{found.pk}/read/"), {"encoding": "gb18030", "delimiter": ""})
    right = analyst.get(page(f"{found.pk}/mapping/")).content.decode()
    assert "个人开户" in right
    found.refresh_from_db()
    assert found.mapping["read"] == {"encoding": "gb18030"}


def test_an_encoding_nobody_knows_is_refused(draft, analyst, page):
    found = draft()
    answer = analyst.post(page(f"{found.pk}/read/"), {"encoding": "klingon"}, follow=True)
    assert "is not an encoding" in answer.content.decode()


BAD_FILES = {
    "empty": (b"", "The file is empty"),
    "blank": (b" \n\n", "The file is empty"),
    "header only": (b"a,b,c\n", "no rows below it"),
    "binary": (bytes(range(256)) * 40, "not a table"),
    "picture": (b"\x89PNG\r\n\x1a\n" + b"x" * 99, "It is a picture"),
    "old excel": (b"\xd0\xcf\x11\xe0" + b"x" * 99, "old Excel file"),
    "zip, no sheet": (b"PK\x03\x04" + b"\x00" * 60, "damaged or cut off"),
    "parquet, cut off": (b"PAR1" + b"\x00" * 60, ""),
    "utf-16 mark alone": (codecs.BOM_UTF16_LE, "The file is empty"),
}


@pytest.mark.parametrize("what", BAD_FILES)
def test_a_file_that_is_no_table_leaves_nothing_behind(upload, workspace, what):
    content, sentence = BAD_FILES[what]
    before = files()
    answer = upload(content, "bad.csv")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'role="alert"' in text and sentence in text
    assert not workspace.imports.exists()
    assert files() == before


@override_settings(EVIDENCE_MAX_FILE_BYTES=1_000)
def test_a_file_over_the_limit_is_refused_in_the_page(upload, workspace):
    before = files()
    answer = upload(b"a,b\n" + b"1,2\n" * 400)
    assert answer.status_code == 422
    assert "can be uploaded" in answer.content.decode()
    assert not workspace.imports.exists()
    assert files() == before


@override_settings(EVIDENCE_MAX_FILE_BYTES=1_000)
def test_one_far_over_the_limit_is_not_even_read(upload, workspace):
    answer = upload(b"a,b\n" + b"1,2\n" * 4_000)
    assert answer.status_code == 413
    assert "too large" in answer.content.decode()


def test_no_file_at_all(analyst, page):
    answer = analyst.post(page("new/"), {})
    assert answer.status_code == 422
    assert "Choose a file first" in answer.content.decode()


def test_a_draft_is_thrown_away_with_its_file(draft, analyst, page, workspace):
    before = files()
    found = draft()
    answer = analyst.post(page(f"{found.pk}/discard/"), follow=True)
    assert "was thrown away" in answer.content.decode()
    assert not workspace.imports.exists()
    assert files() == before


def test_what_was_brought_in_is_not_thrown_away(draft, posted, analyst, page):
    found = draft()
    posted(found, {"do": "start"})
    found = finish(found)
    analyst.post(page(f"{found.pk}/discard/"))
    assert Import.objects.filter(pk=found.pk, state=State.DONE).exists()


def test_a_file_that_disappeared_is_told(draft, analyst, page):
    found = draft()
    (folder_of(found) / "preview.json").unlink()
    text = analyst.get(page(f"{found.pk}/mapping/")).content.decode()
    assert "Upload it again" in text


def test_a_failed_import_says_why_and_leads_back(draft, posted, analyst, page):
    found = draft()
    posted(found, {"do": "start"})
    found.refresh_from_db()
    file_of(found).write_text(WAITS.replace("wait_seconds", "gone"))
    found = finish(found)
    assert (found.state, rows_in_lake(found)) == (State.FAILED, 0)
    text = analyst.get(page(f"{found.pk}/")).content.decode()
    assert "Nothing was imported." in text and "no column" in text
    assert page(f"{found.pk}/mapping/") in text


def test_a_late_change_leaves_a_started_import_alone(draft, posted, analyst, page):
    found = draft()
    late = Import.objects.select_related("workspace").get(pk=found.pk)
    posted(found, {"do": "start"})
    found.refresh_from_db()
    _keep(late, {"kind": "responses", "fields": {}})
    late.refresh_from_db()
    assert (late.state, late.mapping) == (State.IMPORTING, found.mapping)


def test_a_stopped_import_is_a_draft_again(draft, posted, analyst, page):
    found = draft()
    posted(found, {"do": "start"})
    found.refresh_from_db()
    cancel_job(job=found.job)
    assert analyst.get(page(f"{found.pk}/"))["Location"] == page(f"{found.pk}/mapping/")
    analyst.get(page(f"{found.pk}/mapping/"))
    posted(found, {"do": "start"})
    assert finish(found).state == State.DONE
