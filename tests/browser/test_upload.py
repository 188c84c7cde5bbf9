"""Uploads in the browser: a lost connection, a reload, cancelling, and no scripts at all."""

import pytest
from playwright.sync_api import expect

ROWS = 120_000  # some MB, so that a piece can be cut off


@pytest.fixture(scope="module")
def analyst(site):
    return site.new_workspace("south", "analyst@south.example")


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "report.csv"
    lines = (f"T{i},2026-03-{1 + i % 28:02} 10:{i % 60:02}:00,desk-{i % 5},{i % 400},{'x' * 60}"
             for i in range(ROWS))  # fmt: skip
    path.write_text("ticket,arrived,queue,wait_s,note\n" + "\n".join(lines) + "\n")
    return path


def _choose(page, path):
    page.goto("/w/south/evidence/new/")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Upload and look at it").click()


def test_a_lost_connection_costs_no_more_than_a_piece(visit, analyst, report):
    visitor = visit(analyst)
    page = visitor.page
    asked, lost = [], []

    def unsure(route):
        """The line breaks at the second piece, once."""
        if route.request.method == "PATCH":
            asked.append(route.request.headers["upload-offset"])
            if len(asked) == 2:
                lost.append(asked[-1])
                return route.abort("connectionreset")
        return route.continue_()

    page.route("**/evidence/uploads/**", unsure)
    _choose(page, report)
    expect(page.get_by_text("The connection is lost. It goes on by itself")).to_be_visible()
    expect(page.get_by_role("button", name="Import 120,000 rows")).to_be_visible(timeout=60_000)
    assert lost and asked[2] == lost[0] != "0"
    visitor.errors = [e for e in visitor.errors if "ERR_CONNECTION_RESET" not in e]


def test_the_same_file_goes_on_after_a_reload(visit, analyst, report):
    visitor = visit(analyst)
    page = visitor.page
    page.route(
        "**/evidence/uploads/**",
        lambda route: (
            route.abort()
            if route.request.headers.get("upload-offset", "0") != "0"
            else route.continue_()
        ),
    )
    _choose(page, report)
    expect(page.get_by_text("The connection is lost")).to_be_visible()
    page.unroute_all()
    page.goto("/w/south/evidence/new/")
    expect(page.get_by_role("heading", name="Unfinished uploads")).to_be_visible()
    expect(page.get_by_text("report.csv", exact=True)).to_be_visible()
    first = []
    page.on("request", lambda r: first.append(r.headers.get("upload-offset"))
            if r.method == "PATCH" else None)  # fmt: skip
    _choose(page, report)
    expect(page.get_by_role("button", name="Import 120,000 rows")).to_be_visible(timeout=60_000)
    assert int(first[0]) > 0, first
    visitor.errors = [e for e in visitor.errors if "ERR_FAILED" not in e]


def test_pause_and_cancel_by_the_keyboard(visit, analyst, report):
    page = visit(analyst).page
    # Pieces do not arrive: so the page stands still at the first one.
    page.route("**/evidence/uploads/*/", lambda route: None
               if route.request.method == "PATCH" else route.continue_())  # fmt: skip
    _choose(page, report)
    expect(page.get_by_role("button", name="Pause")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Paused. What has come so far is kept.")).to_be_visible()
    expect(page.get_by_role("button", name="Go on")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The upload was cancelled")).to_be_visible()
    expect(page.get_by_role("button", name="Upload and look at it")).to_be_visible()
    page.goto("/w/south/evidence/new/")
    expect(page.get_by_role("heading", name="Unfinished uploads")).to_have_count(0)


def test_what_is_cancelled_before_the_server_answers_leaves_nothing(visit, analyst, report):
    page = visit(analyst).page
    asked = []
    page.route("**/evidence/uploads/", lambda route: asked.append(route))
    _choose(page, report)
    expect(page.get_by_role("button", name="Pause")).to_be_focused()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Upload and look at it")).to_be_visible()
    asked[0].continue_()
    expect(page.get_by_text("The upload was cancelled")).to_be_visible()
    page.goto("/w/south/evidence/new/")
    expect(page.get_by_role("heading", name="Unfinished uploads")).to_have_count(0)


def test_without_scripts_a_plain_form_does(visit, analyst, tmp_path):
    path = tmp_path / "small.csv"
    path.write_text("ticket,arrived,queue,wait_s\nT1,2026-03-01 10:00:00,desk,40\n")
    page = visit(analyst, java_script_enabled=False).page
    _choose(page, path)
    expect(page.get_by_role("heading", name="Which column is what")).to_be_visible()


def test_a_file_that_is_no_table_says_so_on_the_page(visit, analyst, tmp_path):
    path = tmp_path / "picture.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"x" * 99)
    visitor = visit(analyst)
    _choose(visitor.page, path)
    expect(visitor.page.get_by_role("alert")).to_contain_text("It is a picture")
    expect(visitor.page.get_by_role("button", name="Upload and look at it")).to_be_visible()
    visitor.errors = [e for e in visitor.errors if "422" not in e]
