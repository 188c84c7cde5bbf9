"""An import in the browser, from the file to the account of its rows, and back."""

import codecs
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from evidence import lake, sampling
from evidence.actions import file_of, folder_of
from evidence.mapping_views import _keep
from evidence.models import Import, Kind, Mapping, State
from jobs.actions import cancel_job, run_job
from tests.factories import TouchpointFactory

WAITS = """ticket,arrived,queue,customer,wait_seconds,outcome
T1,2025-03-03 09:01:10,counter,C1,412,served
T2,2025-03-03 09:02:30,counter,C2,905,abandoned
T3,2025-03-03 09:04:05,advice,C1,-60,served
T4,2025-03-03 09:04:05,advice,,60,served
"""
CHINESE = """票号,取号时间,业务类型,客户号,等待时间(分钟),结果
1,2025年3月3日 09:01,个人开户,甲,7,已办理
2,2025年3月3日 09:02,个人开户,乙,15,弃号
"""


pytestmark = pytest.mark.django_db


def files() -> set[Path]:
    """All files uploads have left so far."""
    return {p for p in Path(settings.MEDIA_ROOT).rglob("*") if p.is_file()}


@pytest.fixture
def page(workspace):
    """The address of a page of evidence."""
    return lambda rest="": f"/w/{workspace.slug}/evidence/{rest}"


@pytest.fixture
def analyst(member, client_for):
    return client_for(member("analyst"))


@pytest.fixture
def upload(analyst, page):
    def send(content: str | bytes, name: str = "queue.csv", client=analyst):
        raw = content.encode() if isinstance(content, str) else content
        return client.post(page("new/"), {"file": SimpleUploadedFile(name, raw)})

    return send


@pytest.fixture
def draft(upload, workspace):
    def make(content: str | bytes = WAITS, name: str = "queue.csv") -> Import:
        answer = upload(content, name)
        assert answer.status_code == 302, answer.content.decode()
        return workspace.imports.get()

    return make


@pytest.fixture
def posted(analyst, page):
    """What a browser would send for the mapping page as it stands, with these changes."""

    def send(found: Import, changes=None, **more):
        context = analyst.get(page(f"{found.pk}/mapping/")).context
        form: dict[str, object] = {}
        for row in context["fields"]:
            name = f"f-{row.name}"
            form[f"{name}-source"] = row.source
            form[f"{name}-and"] = row.further
            for part in ("value", "format", "timezone", "unit", "missing", "otherwise"):
                form[f"{name}-{part}"] = getattr(row, part)
            for i, value in enumerate(row.values):
                form[f"m-{row.name}-{i}-from"] = value.value
                form[f"m-{row.name}-{i}-to"] = value.to
                if value.drop:
                    form[f"m-{row.name}-{i}-drop"] = "on"
        if context["wide"]:
            form["a-shown"] = "1"
        for answer in context["answers"]:
            name = f"a-{answer.index}"
            if answer.used:
                form[f"{name}-use"] = "on"
            for part in ("about", "code", "metric", "missing", "comment"):
                form[f"{name}-{part}"] = getattr(answer, part)
        form.update(changes or {})
        return analyst.post(page(f"{found.pk}/mapping/"), form, **more)

    return send


def finish(found: Import) -> Import:
    found.refresh_from_db()
    run_job(job_id=str(found.job_id))
    found.refresh_from_db()
    return found


def rows_in_lake(found: Import) -> int:
    return lake.rows_of(found.kind, workspace_id=found.workspace_id, import_id=found.pk)


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


def test_a_mapping_that_lacks_a_field_says_so(draft, posted, analyst, page):
    found = draft()
    posted(found, {"f-wait_s-source": ""})
    text = analyst.get(page(f"{found.pk}/mapping/")).content.decode()
    assert "needs the field “wait_s”" in text
    assert posted(found, {"do": "start"}).status_code == 422
    found.refresh_from_db()
    assert found.state == State.DRAFT


def test_every_change_is_tried_at_once(draft, posted):
    found = draft()
    answer = posted(found, {"f-wait_s-unit": "min"}, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert "24720 s" in text  # 412 minutes, in what the first rows become
    assert '"unit": "min"' in text.replace("&quot;", '"')
    found.refresh_from_db()
    assert found.mapping["fields"]["wait_s"]["unit"] == "min"


def test_another_column_brings_its_own_format(draft, posted, analyst, page):
    dated = WAITS.replace("customer,", "later,").replace("C1", "4/1/25").replace("C2", "4/2/25")
    found = draft(dated)
    columns = analyst.get(page(f"{found.pk}/mapping/")).context["preview"].header
    answer = posted(
        found,
        {"f-occurred_at-source": str(columns.index("later"))},
        headers={"HX-Request": "true", "HX-Trigger-Name": "f-occurred_at-source"},
    )
    assert 'id="field-occurred_at"' in answer.content.decode()
    found.refresh_from_db()
    assert found.mapping["fields"]["occurred_at"]["format"] == "%d/%m/%y"


def test_values_are_renamed_and_left_out(draft, posted, analyst, page):
    found = draft()
    form = {"m-touchpoint-1-to": "till", "m-touchpoint-0-drop": "on"}
    rows = {r.name: r for r in analyst.get(page(f"{found.pk}/mapping/")).context["fields"]}
    assert [v.value for v in rows["touchpoint"].values] == ["advice", "counter"]
    posted(found, {**form, "do": "start"})
    found = finish(found)
    assert (found.codes, found.ignored) == ({"till": 2}, 2)


def test_a_constant_for_all_rows(draft, posted):
    found = draft()
    posted(found, {"f-channel-source": "=", "f-channel-value": "branch"})
    found.refresh_from_db()
    assert found.mapping["fields"]["channel"] == {"value": "branch"}


SURVEY = """id,when,customer,nps,csat counter,why
1,2025-03-03 09:00,a,9,4,fine
2,2025-03-03 10:00,b,3,0,slow
"""


def test_a_survey_with_a_column_per_question(draft, posted, analyst, page):
    found = draft(SURVEY)
    context = analyst.get(page(f"{found.pk}/mapping/")).context
    assert context["wide"] and {a.name for a in context["answers"] if a.used} == {
        "nps",
        "csat counter",
    }
    posted(found, {"a-3-code": "opening", "a-3-about": "journey", "do": "start"})
    found = finish(found)
    assert (found.unit, found.rows, found.accepted, found.missing) == ("cells", 4, 3, 1)
    assert (found.codes, found.journeys) == ({"counter": 1}, {"opening": 2})


def test_the_kind_and_the_shape_can_be_changed(draft, posted):
    found = draft(SURVEY)
    posted(found, {"do": "shape:long"})
    found.refresh_from_db()
    assert "answers" not in found.mapping
    posted(found, {"do": "shape:wide"})
    found.refresh_from_db()
    assert len(found.mapping["answers"]) == 2
    posted(found, {"do": "kind:waits"})
    found.refresh_from_db()
    assert found.mapping["kind"] == "waits" and "answers" not in found.mapping
    assert found.mapping["fields"]["customer"] == {"column": "customer"}


def test_json_with_a_wrong_key_names_the_nearest_right_one(draft, analyst, page):
    found = draft()
    before = found.mapping
    answer = analyst.post(
        page(f"{found.pk}/json/"), {"document": '{"kind": "waits", "feilds": {}}'}
    )
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "feilds" in text and "Did you mean “fields”?" in text
    found.refresh_from_db()
    assert found.mapping == before


@pytest.mark.parametrize("text", ["", "{", "[]", '{"kind": 3}', "[" * 100_000])
def test_json_that_is_no_mapping_is_refused(draft, analyst, page, text):
    found = draft()
    assert analyst.post(page(f"{found.pk}/json/"), {"document": text}).status_code == 422


def test_json_is_taken_over(draft, analyst, page):
    found = draft()
    document = (
        '{"kind": "waits", "fields": {"occurred_at": {"column": "arrived"}, "touchpoint": '
        '{"value": "till"}, "wait_s": {"column": "wait_seconds"}}, '
        '"ignore": [{"queue": ["advice"]}]}'
    )
    assert analyst.post(page(f"{found.pk}/json/"), {"document": document}).status_code == 302
    found.refresh_from_db()
    assert found.mapping["ignore"] == [{"queue": ["advice"]}]


def test_what_the_form_does_not_show_stays(draft, analyst, page, posted):
    test_json_is_taken_over(draft, analyst, page)
    found = Import.objects.get()
    posted(found, {"f-wait_s-unit": "min"})
    found.refresh_from_db()
    assert found.mapping["ignore"] == [{"queue": ["advice"]}]
    assert found.mapping["fields"]["wait_s"]["unit"] == "min"


def test_a_saved_mapping_is_used_for_the_next_file_of_its_make(draft, posted, upload, workspace):
    found = draft()
    posted(found, {"f-wait_s-unit": "min", "do": "save", "mapping_name": "Queue report"})
    saved = Mapping.objects.get(workspace=workspace)
    assert saved.name == "Queue report" and "wait_seconds" in saved.columns
    upload(WAITS.replace("2025-03-03", "2025-03-04"), "next.csv")
    second = workspace.imports.exclude(pk=found.pk).get()
    assert second.mapping["fields"]["wait_s"]["unit"] == "min"


def test_an_unfinished_mapping_is_not_saved(draft, posted, workspace):
    found = draft()
    posted(found, {"f-wait_s-source": "", "do": "save", "mapping_name": "Broken"})
    assert not workspace.mappings.exists()


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


def test_an_id_that_repeats_later_in_the_file_is_not_taken_for_one(draft, posted, analyst, page):
    lines = [f"{i % 1500},2025-03-03 09:00:00,counter,{i % 90}" for i in range(3000)]
    found = draft("ticket,arrived,queue,wait_seconds\n" + "\n".join(lines) + "\n")
    assert "event_id" not in found.mapping["fields"]
    assert "Import 3,000 rows" in analyst.get(page(f"{found.pk}/mapping/")).content.decode()
    posted(found, {"f-event_id-source": "0"})
    text = analyst.get(page(f"{found.pk}/mapping/")).content.decode()
    assert "only 1,500 different values in 3,000 rows" in text


def test_an_id_of_a_large_file_is_told_from_one_that_repeats(draft, monkeypatch):
    """Of so large a file every fourth value or so is followed."""
    monkeypatch.setattr(sampling, "COUNTED_WHOLE_BYTES", 2**16)
    lines = [f"T{i},V{i % 1500},2025-03-03 09:00:00,counter,{i % 90}" for i in range(6000)]
    found = draft("ticket,visit,arrived,queue,wait_seconds\n" + "\n".join(lines) + "\n")
    preview = sampling.preview_of(found)
    assert preview.distinct["ticket"] == preview.rows_total == 6000
    assert preview.distinct["visit"] == pytest.approx(1500, rel=0.05)
    assert found.mapping["fields"]["event_id"] == {"column": "ticket"}


def test_an_id_stays_one_in_spite_of_a_few_duplicates(draft):
    lines = [f"T{i if i < 1490 else 3},2025-03-03 09:00:00,counter,{i % 90}" for i in range(1500)]
    found = draft("ticket,arrived,queue,wait_seconds\n" + "\n".join(lines) + "\n")
    assert found.mapping["fields"]["event_id"] == {"column": "ticket"}


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
