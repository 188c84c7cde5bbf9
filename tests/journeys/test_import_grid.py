"""Spreadsheets as maps: read, looked at, taken in, brought back."""

import csv
from datetime import date
from io import BytesIO, StringIO

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.access import Role
from journeys.entries import dump_parts
from journeys.errors import MapError
from journeys.grid_reading import read_grid
from journeys.models import Journey
from journeys.paper.drawing import Drawing, drawing_of
from journeys.recognise import feeling_in, kind_of
from journeys.sheets import address, read_rows
from journeys.starters import STARTERS
from journeys.workbook import csv_of, xlsx_of
from tests.factories import MembershipFactory, TouchpointFactory
from tests.journeys.test_exports import journey  # noqa: F401

BY_HAND = [
    ["", "Ask", "", "Settle", "Leave"],
    ["", "Call", "Wait", "Answer", ""],
    ["What customers do", "Dials\nSpeaks", "Listens", "", ""],
    ["情绪", "0", "Mei: −2 · Nobody answers\nJo：-1", "Mei: 😀", ""],
    ["痛点", "", "等太久", "", ""],
    ["Our thing", "", "", "x", ""],
    ["Desk people [backstage]", "", "", "", ""],
]


def as_csv(rows: list[list[str]], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    out = StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def as_xlsx(rows: list[list[object]]) -> bytes:
    out = BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    for place, row in enumerate(rows):
        sheet.write_row(place, 0, row)
    book.close()
    return out.getvalue()


def test_a_sheet_by_hand_becomes_a_map():
    found = read_grid(BY_HAND, {}, {})
    lists = found.lists
    assert not found.problems
    assert [s["name"] for s in lists["stages"]] == ["Ask", "Settle", "Leave"]
    assert [(s["name"], s["stage"]) for s in lists["steps"]] == [
        ("Call", "stage-1"), ("Wait", "stage-1"), ("Answer", "stage-2")
    ]  # fmt: skip
    assert [lane["kind"] for lane in lists["lanes"]] == [
        "action", "emotion", "pain", "text", "backstage"
    ]  # fmt: skip
    assert [p["name"] for p in lists["personas"]] == ["Mei", "Jo"]
    feelings = [c for c in lists["cards"] if "emotion" in c]
    assert [(c.get("persona"), c["emotion"], c.get("text")) for c in feelings] == [
        (None, 0, None), ("persona-1", -2, "Nobody answers"), ("persona-2", -1, None),
        ("persona-1", 2, None),
    ]  # fmt: skip
    assert len(lists["cards"]) == 3 + 4 + 1 + 1
    assert len(found.warnings) == 1
    assert found.warnings[0].startswith("A6: “Our thing”")


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (as_csv(BY_HAND), "comma"),
        (as_csv(BY_HAND, ";"), "semicolon"),
        (as_csv(BY_HAND, "\t"), "tab"),
        (as_csv(BY_HAND[:3] + BY_HAND[4:5], encoding="gb18030"), "gb18030"),
        (as_csv(BY_HAND, "\t", "utf-16"), "utf-16"),
        (as_xlsx(BY_HAND), "xlsx"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_files_of_any_usual_kind_are_read(raw, name):
    rows = read_rows(raw)
    assert rows[0] == ["", "Ask", "", "Settle", "Leave"]
    assert any("等太久" in row for row in rows)


@pytest.mark.parametrize(
    ("row", "column", "text", "problem"),
    [
        (0, 1, "", "B1: expected the name of the first stage"),
        (1, 2, "", "C2: expected the name of a step, because there is text beneath it in C3"),
        (4, 0, "", "A5: expected the name of a lane, because there is text beside it in C5"),
        (3, 1, "5", "B4: expected a feeling from −2 to 2; got 5"),
        (3, 1, "-1.5", "B4: expected a feeling from −2 to 2; got -1.5"),
        (1, 1, "x" * 161, "B2: a name has at most 160 characters; this has 161"),
    ],
)
def test_what_cannot_be_is_refused_at_its_cell(row, column, text, problem):
    rows = [list(each) for each in BY_HAND]
    rows[row][column] = text
    found = read_grid(rows, {}, {})
    assert any(each.startswith(problem) for each in found.problems), found.problems


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 no workbook", "cannot be read"),
        (b"a," * 400 + b"a", "401 columns"),
        (b"x" * (5 * 2**20 + 1), "at most 5 MB"),
    ],
    ids=["empty", "damaged", "wide", "large"],
)
def test_files_that_are_no_spreadsheets_are_refused(raw, said):
    with pytest.raises(MapError, match=said):
        read_rows(raw)


def test_cells_have_the_addresses_of_spreadsheets():
    assert [address(0, 0), address(9, 25), address(0, 26), address(3, 701), address(0, 702)] == [
        "A1", "Z10", "AA1", "ZZ4", "AAA1"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("What customers do", "action"), ("Feelings", "emotion"), ("Emotional curve", "emotion"),
        ("Pain points", "pain"), ("后台", "backstage"), ("渠道", "channel"), ("KPIs", "metric"),
        ("Back office", "backstage"), ("Something", ""), ("Essay", ""),
    ],
)  # fmt: skip
def test_lanes_are_known_by_their_names(name, kind):
    assert kind_of(name) == kind


@pytest.mark.parametrize(
    ("line", "feeling", "rest"),
    [
        ("−2", -2, ""), ("+1 fine", 1, "fine"), ("0 · so so", 0, "so so"), ("很好", 2, ""),
        ("happy, at last", 1, "at last"), ("😡", -2, ""), ("goodbye", None, "goodbye"),
        ("2nd call", None, "2nd call"),
    ],
)  # fmt: skip
def test_feelings_are_numbers_words_and_faces(line, feeling, rest):
    assert feeling_in(line) == (feeling, rest)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("made", [csv_of, xlsx_of])
def test_a_map_taken_out_and_brought_back_is_the_same(journey, made, language):  # noqa: F811
    with translation.override(language):
        raw = made(drawing_of(journey, with_hidden=True))
        library = dict(journey.workspace.touchpoints.values_list("code", "name"))
        found = read_grid(read_rows(raw), dump_parts(journey), library)
    assert (found.problems, found.warnings, found.touchpoints) == ([], [], [])
    wanted = dump_parts(journey)
    for name in ("stages", "steps", "lanes", "personas", "cards"):
        assert found.lists[name] == wanted[name]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("name", [name for name in STARTERS if name != "blank"])
def test_a_starter_taken_elsewhere_is_the_same_map(name, language):
    with translation.override(language):
        lists = {"personas": [], "cards": [], **STARTERS[name]()}
        drawing = Drawing("x", "", "", lists, date(2026, 11, 24))
        found = read_grid(read_rows(csv_of(drawing)), {}, {})
    assert not found.problems
    for part, fields in {"stages": ["name"], "steps": ["name"], "lanes": ["name", "kind"]}.items():
        assert [[e[f] for f in fields] for e in found.lists[part]] == [
            [e[f] for f in fields] for e in lists[part]
        ]
    told = [sorted((c.get("text", ""), c.get("emotion", 9)) for c in each["cards"])
            for each in (found.lists, lists)]  # fmt: skip
    assert told[0] == told[1]


@pytest.mark.django_db
def test_changed_words_keep_what_a_cell_does_not_show(journey):  # noqa: F811
    rows = read_rows(csv_of(drawing_of(journey, with_hidden=True)))
    rows[3][1] = rows[3][1].replace("一直在等，不知道还要多久。", "不想再等。")
    rows[5][2] = ""
    found = read_grid(rows, dump_parts(journey), {"phone": "Phone: everyday banking"})
    cards = {card["id"]: card for card in found.lists["cards"]}
    assert (cards["c1"]["text"], cards["c1"]["n"], cards["c1"]["owner"]) == (
        "不想再等。", 12, "ann@bank.example"
    )  # fmt: skip
    assert "c5" not in cards


@pytest.mark.django_db
def test_cards_of_a_cell_change_places_and_make_room(journey):  # noqa: F811
    rows = read_rows(csv_of(drawing_of(journey, with_hidden=True)))
    first, second = rows[3][1].split("\n")
    rows[3][1] = f"Before all\n{second}\nBetween\n{first}"
    found = read_grid(rows, dump_parts(journey), {"phone": "Phone: everyday banking"})
    own = [card for card in found.lists["cards"] if (card["lane"], card["step"]) == ("do", "s0")]
    assert [card["text"].split("\n")[0] for card in own] == [
        "Before all", "Two", "Between", "一直在等，不知道还要多久。"
    ]  # fmt: skip
    assert [card["id"] for card in own[1::2]] == ["c2", "c1"]


class TestPages:
    """What a person does with the two pages."""

    pytestmark = pytest.mark.django_db

    @pytest.fixture
    def designer(self, client: Client, journey: Journey) -> Client:  # noqa: F811
        member = MembershipFactory(workspace=journey.workspace, role=Role.DESIGNER)
        client.force_login(member.user)
        return client

    def sent(self, client: Client, url: str, raw: bytes, name: str = "My map.csv"):
        return client.post(url, {"file": SimpleUploadedFile(name, raw)})

    def test_a_new_journey_is_looked_at_then_made(self, designer, journey):  # noqa: F811
        url = reverse("journeys:grid_new", args=[journey.workspace.slug])
        page = self.sent(designer, url, as_csv(BY_HAND))
        assert page.status_code == 200
        assert not Journey.objects.filter(name="My map").exists()
        assert "A6: “Our thing”" in page.content.decode()
        made = designer.post(url, {"cells": page.context["cells"], "name": "My map"})
        new = Journey.objects.get(name="My map")
        assert made.url == reverse("journeys:edit", args=[journey.workspace.slug, new.slug])
        assert (new.stages.count(), new.steps.count(), new.cards.count()) == (3, 3, 9)
        again = designer.post(url, {"cells": page.context["cells"], "name": "My map"})
        assert again.status_code == 302
        assert Journey.objects.filter(name="My map").count() == 2

    def test_a_map_is_replaced_in_one_edit_that_can_be_undone(self, designer, journey):  # noqa: F811
        before = dump_parts(journey)
        url = reverse("journeys:grid", args=[journey.workspace.slug, journey.slug])
        page = self.sent(designer, url, as_csv(BY_HAND))
        assert page.context["preview"].removed > 5
        assert dump_parts(journey) == before
        answer = designer.post(url, {"cells": page.context["cells"]}, follow=True)
        journey.refresh_from_db()
        assert journey.stages.first().name == "Ask"
        assert (journey.revision, journey.name) == (1, "给银行打电话")
        [way_back] = [message.extra_tags for message in answer.context["messages"]]
        designer.post(way_back.removeprefix("undo:"))
        assert dump_parts(journey) == before

    def test_the_same_sheet_again_changes_nothing(self, designer, journey):  # noqa: F811
        url = reverse("journeys:grid", args=[journey.workspace.slug, journey.slug])
        raw = xlsx_of(drawing_of(journey, with_hidden=True))
        page = self.sent(designer, url, raw, "x.xlsx")
        preview = page.context["preview"]
        assert (preview.added, preview.changed, preview.removed) == (0, 0, 0)
        answer = designer.post(url, {"cells": page.context["cells"]}, follow=True)
        journey.refresh_from_db()
        assert journey.revision == 0
        assert [m.extra_tags for m in answer.context["messages"]] == [""]

    def test_unknown_touchpoints_are_added_to_the_library(self, designer, journey):  # noqa: F811
        TouchpointFactory(workspace=journey.workspace, code="app", name="手机应用")
        rows = [*BY_HAND[:2], ["Touchpoints used", "手机应用\nBranch desk", "phone", "", ""]]
        url = reverse("journeys:grid", args=[journey.workspace.slug, journey.slug])
        page = self.sent(designer, url, as_csv(rows))
        assert "B3: “Branch desk”" in page.content.decode()
        designer.post(url, {"cells": page.context["cells"]})
        used = [step.get("touchpoints") for step in dump_parts(journey)["steps"]]
        assert used == [["app", "branch-desk"], ["phone"], None]

    def test_a_refused_sheet_changes_nothing_and_offers_no_import(self, designer, journey):  # noqa: F811
        before = dump_parts(journey)
        rows = [list(row) for row in BY_HAND]
        rows[3][1] = "7"
        url = reverse("journeys:grid", args=[journey.workspace.slug, journey.slug])
        page = self.sent(designer, url, as_csv(rows))
        assert page.status_code == 422
        assert "B4: expected a feeling from −2 to 2; got 7" in page.content.decode()
        assert 'name="cells"' not in page.content.decode()
        for cells in ("", "[", "[1]", "[[1]]", page.context["cells"]):
            assert designer.post(url, {"cells": cells}).status_code == 422
        assert dump_parts(journey) == before

    def test_text_is_escaped(self, designer, journey):  # noqa: F811
        rows = [["", "<script>alert(1)</script>"], ["", "x"], ["Notes", '"><b>']]
        url = reverse("journeys:grid_new", args=[journey.workspace.slug])
        page = self.sent(designer, url, as_csv(rows)).content.decode()
        assert "<script>alert" not in page
        assert '"><b>' not in page
