"""An event log in the browser: uploaded, looked at, imported, without any JSON."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from evidence.models import Import, Mapping, State
from tests.evidence.bringing import account, rows
from tests.evidence.import_page.files import finish
from tests.evidence.logs import LOANS, ocel, packed, xes

pytestmark = pytest.mark.django_db


@pytest.fixture
def uploaded(upload, workspace):
    def send(content: bytes | str, name: str) -> Import:
        answer = upload(content, name)
        assert answer.status_code == 302, answer.content.decode()
        return workspace.imports.latest("pk")

    return send


def test_the_page_says_what_is_accepted(analyst, page):
    text = analyst.get(page("new/")).content.decode()
    assert "event logs (XES, XES.gz, OCEL 2.0 JSON)" in text
    assert ".xes,.gz" in text


def test_a_log_from_the_file_to_its_rows(uploaded, analyst, page, posted):
    found = uploaded(packed(xes(LOANS)), "loans.xes.gz")
    fields = found.mapping["fields"]
    assert found.mapping["kind"] == "interactions"
    assert {name: each["column"] for name, each in fields.items()} == {
        "occurred_at": "time", "touchpoint": "activity", "case_id": "case", "agent": "resource",
        "outcome": "lifecycle", "channel": "case:channel",
    }  # fmt: skip
    text = analyst.get(page(f"{found.pk}/mapping/")).content.decode()
    assert "Event log (XES)" in text and "An event log of 2 cases with 5 events" in text
    assert "Only events that are complete count" in text and "签约" in text
    assert "Import 5 rows" in text

    posted(found, {"do": "start"})
    found = finish(found)
    assert (found.state, account(found)) == (State.DONE, (4, 1, 0, 0, 0))
    assert found.codes == {"apply": 2, "decline": 1, "签约": 1}
    assert rows(found, "case_id", "channel", "outcome", "agent")[2] == (
        "A2", "branch", None, "O'Neil & <Söhne>",
    )  # fmt: skip


def test_other_states_can_be_taken_in_the_form(uploaded, posted):
    found = uploaded(xes(LOANS), "loans.xes")
    posted(found, {"do": "start", "f-outcome-otherwise": "keep"})
    assert account(finish(found)) == (5, 0, 0, 0, 0)


def test_the_same_again_is_refused(uploaded, posted):
    found = uploaded(xes(LOANS), "loans.xes")
    posted(found, {"do": "start"})
    finish(found)
    answer = posted(uploaded(xes(LOANS), "loans.xes"), {"do": "start"})
    assert answer.status_code == 422 and "imported by the same mapping before" in str(
        answer.content
    )


def test_a_broken_log_leaves_nothing(analyst, page, workspace):
    file = SimpleUploadedFile("loans.xes", xes(LOANS)[:-30].encode())
    answer = analyst.post(page("new/"), {"file": file})
    assert "no valid XML, or cut off" in answer.content.decode()
    assert not workspace.imports.exists()


def test_the_case_of_an_ocel_is_chosen(uploaded, analyst, page, posted, workspace):
    found = uploaded(ocel(), "orders.json")
    assert found.mapping["read"] == {"case": "item"}
    text = analyst.get(page(f"{found.pk}/mapping/")).content.decode()
    assert "The case is “item”: 2 of them have events." in text
    assert "a row for each: 1 row more." in text and "1 event has none" in text
    assert "order (in 2 events)" in text

    analyst.post(page(f"{found.pk}/read/"), {"case": "order"})
    text = analyst.get(page(f"{found.pk}/mapping/")).content.decode()
    assert "The case is “order”" in text
    posted(found, {"do": "save", "mapping_name": "Orders"})
    posted(found, {"do": "start"})
    found = finish(found)
    assert account(found) == (3, 1, 0, 0, 0)
    assert [case for (case,) in rows(found, "case_id")] == ["o1", "o1", "o2"]

    again = uploaded(ocel(), "orders.json")
    assert again.mapping["read"] == {"case": "order"}  # by the mapping saved for this shape
    analyst.post(page(f"{again.pk}/read/"), {"case": "item"})
    analyst.post(page(f"{again.pk}/use/"), {"mapping": Mapping.objects.get().pk})
    again.refresh_from_db()
    text = analyst.get(page(f"{again.pk}/mapping/")).content.decode()
    assert again.mapping["read"] == {"case": "order"} and "The case is “order”" in text


def test_a_log_may_be_read_as_another_kind(uploaded, posted):
    found = uploaded(xes(LOANS), "loans.xes")
    posted(found, {"do": "kind:waits"})
    found.refresh_from_db()
    assert found.mapping["kind"] == "waits"
    posted(found, {"do": "kind:interactions"})
    found.refresh_from_db()
    assert found.mapping["fields"]["touchpoint"] == {"column": "activity"}
