"""A row opens to its line as it was written, while the file is kept, without the customer's id."""

import json
import os
from datetime import timedelta

import pytest
import xlsxwriter
from django.conf import settings as all_settings
from django.utils import timezone

from evidence import lake, nightly
from evidence.actions import file_of
from evidence.erasure import erase_customer, hash_of
from evidence.lines import is_kept, original_line
from evidence.models import Import
from jobs.actions import run_job
from tests.evidence.bringing import WAITS, bring, having

pytestmark = pytest.mark.django_db
DOCUMENT = having(WAITS, customer={"column": "who"}, channel={"column": "mark"})
HEAD = ["at", "queue", "wait", "who", "mark", "note"]


def lines(n=40):
    """Rows told apart by `mark`; every fifth is rejected, every seventh has no customer."""
    return [
        ["2025-03-01", "a", "x" if i % 5 == 0 else str(i), "" if i % 7 == 0 else f"c{i % 3}",
         f"m{i}", f"客户 {i}"]
        for i in range(n)
    ]  # fmt: skip


def as_csv(rows, delimiter=","):
    return "".join(delimiter.join(row) + "\n" for row in [HEAD, *rows])


def opened(found):
    """Each row of the lake beside its line: (what it became, what was written)."""
    with lake.cursor() as cursor:
        rows = cursor.execute(
            "SELECT row_no, channel, customer FROM waits WHERE import_id = ? ORDER BY row_no",
            [found.pk],
        ).fetchall()
    return [
        (mark, original_line(found, row_no, [customer] if customer else []))
        for row_no, mark, customer in rows
    ]


def check(found, n, seen=slice(None)):
    told = opened(found)
    assert len(told) == n
    for mark, line in told[seen]:
        assert line["mark"] == mark and line["queue"] == "a"
        i = int(mark[1:])
        assert line["note"] == f"客户 {i}" and line["wait"] == str(i)
        assert line["who"] is None if i % 7 else line["who"] == ""


def test_lines_of_a_csv_with_lines_that_cannot_be_split(workspace, tmp_path):
    rows = [row[:] for row in lines()]
    rows[3] = ["only", "two"]
    rows[12] = [*rows[12], "one", "too", "many"]
    rows[20][5] = '"客户 20"'
    text = "\n\n" + as_csv(rows).replace("2025-03-01,a,33", '"2025-03-01",a,33')
    found = bring(workspace, tmp_path, text, DOCUMENT)
    assert found.rejected == 10
    check(found, 30)


def test_a_cell_over_several_lines_counts_as_one(workspace, tmp_path):
    rows = lines(12)
    rows[0][5] = '"first\nsecond"'
    found = bring(workspace, tmp_path, as_csv(rows), DOCUMENT)
    check(found, 9)


def test_lines_of_other_encodings_spreadsheets_and_json(workspace, tmp_path):
    rows = lines(12)
    (tmp_path / "gb.csv").write_bytes(as_csv(rows, ";").encode("gb18030"))
    book = xlsxwriter.Workbook(str(tmp_path / "book.xlsx"))
    sheet = book.add_worksheet()
    for i, row in enumerate([HEAD, *rows]):
        sheet.write_row(i, 0, row)
    book.close()
    objects = [json.dumps(dict(zip(HEAD, row, strict=True)), ensure_ascii=False) for row in rows]
    (tmp_path / "lines.jsonl").write_text("\n".join(objects) + "\n")
    for name in ("gb.csv", "book.xlsx", "lines.jsonl"):
        found = bring(workspace, tmp_path, tmp_path / name, DOCUMENT)
        check(found, 9, slice(None, None, 4))


def test_the_customer_s_id_is_shown_in_no_column(workspace, tmp_path, owner, client_for, member):
    text = as_csv([["2025-03-01", "a", "5", "anna", "m1", " anna "]])
    found = bring(workspace, tmp_path, text, DOCUMENT)
    ((_mark, line),) = opened(found)
    assert (line["who"], line["note"], line["mark"]) == (None, None, "m1")
    home = f"/w/{workspace.slug}/evidence/rows/{found.pk}/2/"
    page = client_for(owner).get(home).content.decode()
    assert "anna" not in page and "The line as it was written" in page and "“5”" in page
    assert client_for(member("viewer")).get(home).status_code == 403


def test_files_go_when_their_time_is_over(workspace, tmp_path, settings, owner, client_for):
    found = bring(workspace, tmp_path, as_csv(lines(3)), DOCUMENT)
    nightly.sweep_leftovers()
    assert is_kept(found)
    Import.objects.filter(pk=found.pk).update(finished_at=timezone.now() - timedelta(days=31))
    for path in (file_of(found), file_of(found).parent):
        os.utime(path, (1, 1))
    nightly.sweep_leftovers()
    assert not file_of(found).exists()
    found.refresh_from_db()
    assert original_line(found, 3, []) is None
    page = client_for(owner).get(f"/w/{workspace.slug}/evidence/rows/{found.pk}/3/")
    assert "kept no longer" in page.content.decode()
    settings.KEEP_FILES_DAYS = 0
    other = bring(workspace, tmp_path, as_csv(lines(4)), DOCUMENT)
    assert not file_of(other).exists()


def test_a_file_that_was_changed_since_is_not_believed(workspace, tmp_path):
    found = bring(workspace, tmp_path, as_csv(lines(3)), DOCUMENT)
    content = file_of(found).read_bytes()
    file_of(found).write_bytes(content.replace(b"m1", b"m9"))
    assert original_line(found, 3, []) is None


def test_an_erasure_throws_the_kept_files_away(workspace, tmp_path, owner):
    found = bring(workspace, tmp_path, as_csv(lines(3)), DOCUMENT)
    assert hash_of(workspace, "c1") and all_settings.KEEP_FILES_DAYS == 30
    job = erase_customer(workspace=workspace, identifier="c1", user=owner, send=False)
    run_job(job_id=str(job.pk))
    assert not file_of(found).exists()
    assert workspace.removals.get().counts["kept_files"] == 1
