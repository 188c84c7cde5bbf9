"""A call centre's file, a passenger survey and a loan log go in without a line of JSON; the same
file again is refused, and what was undone may come again. Small, in the shape of the real ones."""

import pytest
from playwright.sync_api import expect

from tests.evidence.logs import LOANS, xes

CALLS = [
    "vru+line\tcall_id\tcustomer_id\tpriority\ttype\tdate\tvru_entry\tvru_exit\tvru_time\tq_start"
    "\tq_exit\tq_time\toutcome\tser_start\tser_exit\tser_time\tserver",
    *(
        f"AA0101\t{i % 20}\t{0 if i % 3 else 9664491 + i}\t{i % 3}\t{('PS', 'NE', 'IN')[i % 3]}\t"
        f"9901{1 + i % 28:02}\t{8 + i % 9}:{i % 60:02}:31\t0:00:00\t5\t0:00:00\t0:00:00"
        f"\t{i * 7 % 99}\t"
        f"{'PHANTOM' if i % 12 == 11 else 'HANG' if i % 4 == 3 else 'AGENT'}\t0:00:00\t0:00:00\t"
        f"{i * 3 % 200}\tMICHAL"
        for i in range(60)
    ),
]
SURVEY = [
    "RESPNUM,Q7SIGN,Q7FOOD,Q7ART,NETPRO,LANG,BAREA,DEPTIME",
    *(
        f"{i},{1 + i % 5},{i % 7},{1 + i * 3 % 5},{(10, 9, 3, 7, 11)[i % 5]},1,{'AB'[i % 2]},"
        "12/31/1899 09:30:00 AM"
        for i in range(70)
    ),
]


@pytest.fixture(scope="module")
def analyst(site):
    return site.new_workspace("east", "analyst@east.example")


@pytest.fixture
def page(visit, analyst):
    visitor = visit(analyst)
    yield visitor.page
    # A refusal is an answer with 422, which the browser's console tells.
    visitor.errors = [error for error in visitor.errors if "422" not in error]


def _upload(page, path):
    page.goto("/w/east/evidence/new/")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Upload and look at it").click()
    expect(page.get_by_role("heading", name="Which column is what")).to_be_visible()


def _account(page):
    rows = page.get_by_role("region", name="Account").get_by_role("row").all()
    told = [row.inner_text().split("\t") for row in rows]
    return {cells[0]: int(cells[1]) for cells in told[1:-1]}


def _import(page, words):
    page.locator("#check").get_by_role("button", name="Import").click()
    expect(page.get_by_role("heading", name=f"What became of {words}")).to_be_visible()
    return _account(page)


def test_a_call_centres_file_again_and_undone(page, tmp_path):
    path = tmp_path / "calls.txt"
    path.write_text("\n".join(CALLS) + "\n")
    _upload(page, path)
    expect(page.locator("#check")).to_contain_text("Of all 60 rows:")
    expect(page.locator("#check")).to_contain_text("55 accepted")
    assert _import(page, "60 rows") == {"accepted": 55, "ignored on purpose": 5}
    first = page.url

    _upload(page, path)
    expect(page.locator("#check")).to_contain_text("The same file came in before by this mapping")
    page.locator("#check").get_by_role("button", name="Import 60 rows").click()
    expect(page.get_by_role("alert")).to_contain_text("was imported by the same mapping before")

    page.goto(first)
    page.locator("summary", has_text="Undo this import").click()
    page.get_by_role("button", name="Take 55 rows out").click()
    expect(page.get_by_text("none of its rows counts any more")).to_be_visible()
    _upload(page, path)
    assert _import(page, "60 rows") == {"accepted": 55, "ignored on purpose": 5}


def test_a_survey_without_a_date(page, tmp_path):
    path = tmp_path / "survey.csv"
    path.write_text("\n".join(SURVEY) + "\n")
    _upload(page, path)
    expect(page.locator("#check")).to_contain_text("needs the field “occurred_at”")
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.locator("#f-occurred_at-source").select_option("=")
    page.wait_for_timeout(200)  # the field has come anew
    page.locator("#f-occurred_at-value").fill("2017-05-15")
    page.locator("#f-occurred_at-value").press("Tab")
    expect(page.locator("#check")).to_contain_text("Of all 280 answers:")
    # Off the scale (0, 6 of five; 11 of ten) is no answer.
    assert _import(page, "280 answers") == {"accepted": 246, "without an answer": 34}
    codes = page.get_by_role("region", name="Codes it brought")
    expect(codes.get_by_role("row", name="sign")).to_contain_text("70")
    expect(codes.get_by_role("row", name="food")).to_contain_text("50")


def test_a_loan_log(page, tmp_path):
    path = tmp_path / "loans.xes"
    path.write_text(xes(LOANS))
    _upload(page, path)
    assert _import(page, "5 rows") == {"accepted": 4, "ignored on purpose": 1}
    codes = page.get_by_role("region", name="Codes it brought")
    expect(codes.get_by_role("row", name="apply")).to_contain_text("2")
