"""The mapping page: tried on the whole file, values with their rows, presets, versions."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from evidence import trial
from evidence.mapping_actions import save_mapping
from jobs.actions import run_job
from tests.evidence.bringing import WAITS, bring
from tests.evidence.test_presets import QUALTRICS

pytestmark = pytest.mark.django_db

HEAD = "ticket,arrived,queue,branch,wait_s\n"


def lines(n, start=0):
    return "".join(
        f"T{i},2025-03-03 09:00:00,{'desk' if i < 1200 else 'window'},B{i % 3},{i % 90}\n"
        for i in range(start, start + n)
    )


@pytest.fixture
def analyst(member, client_for):
    return client_for(member("analyst"))


@pytest.fixture
def at(workspace):
    return lambda rest="": f"/w/{workspace.slug}/evidence/{rest}"


@pytest.fixture
def draft(analyst, at, workspace):
    def make(content, name="queue.csv"):
        known = set(workspace.imports.values_list("pk", flat=True))
        file = SimpleUploadedFile(name, content.encode())
        assert analyst.post(at("new/"), {"file": file}).status_code == 302
        return workspace.imports.exclude(pk__in=known).get()

    return make


def test_a_mapping_is_tried_on_every_row_and_tells_duplicates(draft, analyst, at):
    found = draft(HEAD + lines(1500) + "T3,2025-03-03 09:00:00,desk,B0,1\nT9999,soon,desk,B0,1\n")
    context = analyst.get(at(f"{found.pk}/mapping/")).context
    counts = context["sample"].counts
    assert context["sample"].whole
    assert (counts.rows, counts.accepted, counts.duplicate, counts.rejected) == (1502, 1500, 1, 1)


def test_a_large_file_is_tried_by_a_worker(draft, analyst, at, monkeypatch):
    monkeypatch.setattr(trial, "AT_ONCE", {})
    found = draft(HEAD + lines(1500) + "T3,2025-03-03 09:00:00,desk,B0,1\n")
    page = at(f"{found.pk}/mapping/")
    answer = analyst.get(page)
    assert not answer.context["sample"].whole
    assert "Try it on the whole file" in answer.content.decode()

    form = {"f-touchpoint-source": "2", "do": "try"}
    analyst.post(page, form)
    found.refresh_from_db()
    assert "data-progress" in analyst.get(page).content.decode()
    job = run_job(job_id=str(found.job_id))
    assert job.status == "done", job.error
    sample = analyst.get(page).context["sample"]
    assert sample.whole and (sample.counts.rows, sample.counts.duplicate) == (1501, 1)
    assert not found.workspace.imports.filter(state="done").exists()

    # Another mapping was not tried yet.
    analyst.post(page, {"f-channel-source": "=", "f-channel-value": "branch", "do": "check"})
    assert not analyst.get(page).context["sample"].whole


def test_values_are_counted_in_the_whole_file(draft, analyst, at):
    found = draft(HEAD + lines(1500))
    rows = {row.name: row for row in analyst.get(at(f"{found.pk}/mapping/")).context["fields"]}
    queue = {value.value: value.count for value in rows["touchpoint"].values}
    assert queue == {"desk": 1200, "window": 300}  # no window is among the first thousand rows
    assert rows["touchpoint"].of_all


def test_each_proposal_shows_what_it_becomes(draft, analyst, at):
    found = draft("ticket,arrived,queue,branch,wait_min\n" + lines(20))
    text = analyst.get(at(f"{found.pk}/mapping/")).content.decode()
    rows = {row.name: row for row in analyst.get(at(f"{found.pk}/mapping/")).context["fields"]}
    assert ("1", "60 s") in rows["wait_s"].samples
    assert ("2025-03-03 09:00:00", "2025-03-03 09:00:00 UTC") in rows["occurred_at"].samples
    assert "<code>1</code> → 60 s" in text


def test_a_preset_is_named_and_can_be_left(draft, analyst, at):
    found = draft(QUALTRICS, "survey.csv")
    text = analyst.get(at(f"{found.pk}/mapping/")).content.decode()
    assert "Recognised as an export of Qualtrics" in text
    assert "How likely are you to recommend us?" in text  # the question beside its number
    analyst.post(at(f"{found.pk}/use/"), {"mapping": "guess"})
    found.refresh_from_db()
    assert "ignore" not in found.mapping
    analyst.post(at(f"{found.pk}/use/"), {"mapping": "preset:qualtrics"})
    found.refresh_from_db()
    assert found.mapping["ignore"]
    # One that does not fit is not taken.
    assert analyst.post(at(f"{found.pk}/use/"), {"mapping": "preset:genesys"}).status_code == 404


def test_a_mapping_has_versions(draft, analyst, at, workspace):
    found = draft(HEAD + lines(5))
    for unit in ("min", "h", "h"):
        page = at(f"{found.pk}/mapping/")
        context = analyst.get(page).context
        form = {f"f-{row.name}-source": row.source for row in context["fields"]}
        analyst.post(page, {**form, "f-wait_s-unit": unit, "do": "save", "mapping_name": "Queue"})
    saved = workspace.mappings.get()
    assert saved.version == 2  # the same again is no new version
    assert [v.number for v in saved.versions.all()] == [2, 1]

    text = analyst.get(at("mappings/")).content.decode()
    assert "Version 2" in text and "Earlier versions" in text
    first = analyst.get(at(f"mappings/{saved.pk}/1.json")).json()
    assert first["fields"]["wait_s"]["unit"] == "min"

    analyst.post(at(f"mappings/{saved.pk}/1/again/"))
    saved.refresh_from_db()
    assert (saved.version, saved.document) == (3, first)
    assert saved.versions.count() == 3

    again = draft(HEAD + lines(5, start=50), "next.csv")
    assert again.mapping == first
    text = analyst.get(at(f"{again.pk}/mapping/")).content.decode()
    assert "Read by the saved mapping “Queue”, version 3" in text
    # A file with one column more is of another shape: offered, not taken.
    other = draft(HEAD.replace("\n", ",more\n") + lines(5, start=90).replace("\n", ",x\n"))
    assert other.mapping != first
    assert "Queue, version 3" in analyst.get(at(f"{other.pk}/mapping/")).content.decode()


def test_viewers_read_versions_and_change_none(member, client_for, at, workspace):
    save_mapping(workspace=workspace, name="Queue", document=WAITS, user=None)
    saved = workspace.mappings.get()
    viewer = client_for(member("viewer"))
    assert viewer.get(at(f"mappings/{saved.pk}/1.json")).status_code == 200
    assert viewer.post(at(f"mappings/{saved.pk}/1/again/")).status_code == 403


def test_the_same_file_is_told_before_it_is_refused(draft, analyst, at, workspace, tmp_path):
    content = "arrived,queue,wait_s\n2025-03-03 09:00:00,desk,40\n2025-03-03 09:10:00,desk,50\n"
    found = draft(content)
    bring(workspace, tmp_path, content, found.mapping)
    text = analyst.get(at(f"{found.pk}/mapping/")).content.decode()
    assert "The same file came in before by this mapping" in text
