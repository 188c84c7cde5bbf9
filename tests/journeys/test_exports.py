"""Maps as files: each opened by another reader than what wrote it."""

import csv
from io import BytesIO, StringIO
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image
from pptx import Presentation
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from accounts.access import Role
from journeys.exports import FORMATS
from journeys.mapfile import load_map
from journeys.models import Journey
from journeys.pictures import add_picture
from tests import pdf
from tests.factories import MembershipFactory
from tests.journeys.pictures import a_picture

pytestmark = pytest.mark.django_db

SVG = "{http://www.w3.org/2000/svg}"
FORMULA = '=HYPERLINK("http://example.org","x")'


def a_document(picture: str) -> dict:
    stages, steps = ["Ask 询问", "Settle"], ["拨打客服热线", "Wait", "Get an answer"]
    return {
        "format": "touchline-map/1",
        "journey": {"slug": "calling", "name": "给银行打电话", "goal": "It is answered"},
        "touchpoints": [{"code": "phone", "name": "Phone: everyday banking"}],
        "stages": [{"id": f"g{i}", "name": name} for i, name in enumerate(stages)],
        "steps": [
            {"id": f"s{i}", "name": name, "stage": "g0" if i < 2 else "g1",
             "touchpoints": ["phone"] if not i else []}
            for i, name in enumerate(steps)
        ],
        "lanes": [
            {"id": "do", "kind": "action", "name": "What customers do"},
            {"id": "feel", "kind": "emotion", "name": "Feelings"},
            {"id": "front", "kind": "frontstage", "name": "Branch"},
            {"id": "secret", "kind": "text", "name": "Secret notes", "hidden": True},
        ],
        "personas": [{"id": "mei", "name": "梅"}],
        "cards": [
            {"id": "c1", "lane": "do", "step": "s0", "text": "一直在等，不知道还要多久。",
             "basis": "interview", "n": 12, "date": "2026-03-01", "owner": "ann@bank.example",
             "links": [{"url": "https://bank.example/x", "title": "Report"}]},
            {"id": "c2", "lane": "do", "step": "s0", "text": "Two\nlines <b>&amp;"},
            {"id": "c3", "lane": "feel", "step": "s0", "persona": "mei", "emotion": -2},
            {"id": "c4", "lane": "feel", "step": "s2", "persona": "mei", "emotion": 1},
            {"id": "c5", "lane": "front", "step": "s1", "text": FORMULA, "image": picture},
            {"id": "c6", "lane": "secret", "step": "s1", "text": "Not for slides"},
        ],
    }  # fmt: skip


@pytest.fixture
def journey() -> Journey:
    admin = MembershipFactory(role=Role.ADMIN)
    picture = add_picture(workspace=admin.workspace, raw=a_picture())
    return load_map(admin.workspace, a_document(picture.sha256), admin.user)


@pytest.fixture
def viewer(client: Client, journey: Journey) -> Client:
    client.force_login(MembershipFactory(workspace=journey.workspace, role=Role.VIEWER).user)
    return client


def fetched(client: Client, journey: Journey, form: str) -> bytes:
    answer = client.get(
        reverse("journeys:download", args=[journey.workspace.slug, journey.slug, form])
    )
    assert answer.status_code == 200
    assert answer["Content-Type"] == FORMATS[form].kind
    return answer.content


def test_every_format_is_offered_and_named_after_the_journey(viewer, journey):
    own = [journey.workspace.slug, journey.slug]
    page = viewer.get(reverse("journeys:exports", args=own)).content.decode()
    for form in FORMATS:
        address = reverse("journeys:download", args=[*own, form])
        assert f'href="{address}"' in page
        disposition = viewer.get(address)["Content-Disposition"]
        assert disposition.startswith("attachment; filename*=utf-8''")
        assert unquote(disposition).endswith(f"给银行打电话.{FORMATS[form].suffix}")


def test_svg_keeps_text_as_text_and_names_its_groups(viewer, journey):
    tree = ElementTree.fromstring(fetched(viewer, journey, "svg"))
    texts = ["".join(t.itertext()) for t in tree.iter(f"{SVG}text")]
    assert "一直在等，不知道还要多久。" in texts
    assert {"Two", "lines <b>&amp;", "Get an answer", "Line of interaction"} <= {*texts}
    assert not any("Not for slides" in text for text in texts)
    groups = [g for g in tree.iter(f"{SVG}g") if g.find(f"{SVG}title") is not None]
    cards = [g for g in groups if g.find(f"{SVG}polyline") is None]
    assert len(cards) == 5
    # A card that is only a feeling is a line without a box.
    assert len([g for g in cards if g.find(f"{SVG}rect") is not None]) == 3
    assert "给银行打电话" in str(tree.findtext(f"{SVG}title"))
    assert tree.find(f".//{SVG}image").get("href").startswith("data:image/png;base64,")
    assert len(tree.findall(f".//{SVG}polyline")) == 1


@pytest.mark.parametrize(
    ("form", "size"), [("pdf", None), ("pdf-a3", (1190.55, 841.89)), ("pdf-a4", (841.89, 595.28))]
)
def test_pdf_has_pages_of_its_paper_and_chinese_that_can_be_copied(viewer, journey, form, size):
    raw = fetched(viewer, journey, form)
    if size:
        assert pdf.sizes(raw)[0] == pytest.approx(size, abs=0.1)
    text = "\n".join(pdf.pages(raw))
    assert "一直在等" in text
    assert "Get an answer" in text
    assert "Not for slides" not in text
    descriptors = [
        font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        for font in PdfReader(BytesIO(raw)).pages[0]["/Resources"]["/Font"].values()
    ]
    assert all("/FontFile2" in d or "/FontFile3" in d for d in descriptors)


def test_png_is_drawn_with_two_pixels_a_point(viewer, journey):
    image = Image.open(BytesIO(fetched(viewer, journey, "png")))
    image.load()
    ((width, _height),) = pdf.sizes(fetched(viewer, journey, "pdf"))
    assert image.width == pytest.approx(2 * width, abs=2)
    assert len(image.convert("RGB").getcolors(1 << 24)) > 20


@pytest.mark.parametrize(("form", "slides"), [("pptx", 2), ("pptx-sheet", 1)])
def test_slides_have_cards_as_groups_and_sources_in_their_notes(viewer, journey, form, slides):
    deck = Presentation(BytesIO(fetched(viewer, journey, form)))
    assert len(deck.slides) == slides
    first = deck.slides[0]
    groups = [shape for shape in first.shapes if shape.shape_type == 6]
    said = ["\n".join(s.text_frame.text for s in g.shapes if s.has_text_frame) for g in groups]
    assert any("一直在等" in text and "n = 12" in text for text in said)
    assert any("Two\nlines <b>&amp;" in text for text in said)
    assert "https://bank.example/x" in first.notes_slide.notes_text_frame.text
    assert "Not for slides" not in "".join(said)
    ids = [e.get("id") for e in first.shapes._spTree.iter() if e.tag.endswith("}cNvPr")]
    assert len(ids) == len(set(ids))


def test_workbook_has_the_grid_and_every_card(viewer, journey):
    book = CalamineWorkbook.from_filelike(BytesIO(fetched(viewer, journey, "xlsx")))
    grid = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert grid[0] == ["Stages", "Ask 询问", "", "Settle"]
    assert grid[1] == ["Steps", "拨打客服热线", "Wait", "Get an answer"]
    assert grid[2][:2] == ["Touchpoints used", "Phone: everyday banking"]
    assert grid[3][1] == "一直在等，不知道还要多久。\nTwo ↵ lines <b>&amp;"
    assert grid[4][1] == "梅: −2"
    assert grid[5][:3] == ["Branch [frontstage]", "", FORMULA]
    cards = book.get_sheet_by_index(1).to_python()
    assert len(cards) == 1 + 6
    told = dict(zip(cards[0], cards[1], strict=True))
    assert (told["n"], told["Date"], told["Owner"]) == (12, "2026-03-01", "ann@bank.example")


def test_csv_defuses_formulas(viewer, journey):
    text = fetched(viewer, journey, "csv").decode("utf-8-sig")
    rows = list(csv.reader(StringIO(text)))
    assert rows[5][2] == "'" + FORMULA


def test_strangers_learn_nothing(client, journey):
    client.force_login(MembershipFactory(role=Role.ADMIN).user)
    for form in FORMATS:
        address = reverse("journeys:download", args=[journey.workspace.slug, journey.slug, form])
        assert client.get(address).status_code == 404
    assert client.get(address.replace(form, "docx")).status_code == 404


def test_an_empty_map_can_be_taken_out_in_every_format(viewer, journey):
    empty = Journey.objects.create(workspace=journey.workspace, slug="empty", name="///")
    for form in FORMATS:
        assert fetched(viewer, empty, form)
