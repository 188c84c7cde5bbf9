"""The mapping of an import, changed on its page."""

import pytest

from evidence import sampling
from evidence.models import Import, Mapping, State
from tests.evidence.import_page.files import WAITS, finish

pytestmark = pytest.mark.django_db


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
