"""Pages as slides whose shapes can be edited: cards are groups of a box and its texts.

python-pptx keeps the file together. The shapes themselves are written here (DrawingML, ECMA-376
part 1, §20 and §19.3), because adding a thousand cards one by one through it took three minutes:
it looks at all shapes for each new one.
"""

from collections.abc import Sequence
from io import BytesIO, StringIO
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from lxml import etree
from pptx import Presentation
from pptx.util import Emu

from journeys.paper import typeface
from journeys.paper.marks import Box, Curve, Dot, Group, Line, Mark, Page, Picture, Text

LARGEST = 4032.0  # points; PowerPoint's slides have at most 56 inches
LATIN, CHINESE = "Calibri", "Microsoft YaHei"
BLANK = 6  # the layout without placeholders
EMU = 12_700
_SPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


def pptx_of(pages: list[Page], *, title: str) -> bytes:
    """One slide a page; all slides have the size of the first page."""
    deck = Presentation()
    width, height = pages[0].width, pages[0].height
    scale = min(1.0, LARGEST / max(width, height))
    deck.slide_width = Emu(round(width * scale * EMU))
    deck.slide_height = Emu(round(height * scale * EMU))
    deck.core_properties.title = typeface.clean(title)
    deck.core_properties.author = "Touchline"
    for page in pages:
        slide = deck.slides.add_slide(deck.slide_layouts[BLANK])
        put(slide, page.marks, scale)
        frame = slide.notes_slide.notes_text_frame if page.notes else None
        if frame is not None:
            frame.text = typeface.clean("\n".join(page.notes))
    out = BytesIO()
    deck.save(out)
    return out.getvalue()


def put(slide: Any, marks: Sequence[Mark], scale: float = 1.0) -> None:
    """The marks as shapes of this slide, above what stands there."""
    shapes = _Shapes(slide, scale)
    shapes.last = max((shape.shape_id for shape in slide.shapes), default=1)
    for mark in marks:
        shapes.write(mark)
    for shape in shapes.elements():
        slide.shapes._spTree.append(shape)


class _Shapes:
    """Marks as the shapes of one slide, at a scale."""

    def __init__(self, slide: Any, scale: float) -> None:
        self.slide = slide
        self.scale = scale
        self.out = StringIO()
        self.last = 1  # 1 is the slide's own

    def elements(self) -> list[Any]:
        tree = etree.fromstring(f"<tree {_SPACES}>{self.out.getvalue()}</tree>".encode())
        return list(tree)

    def emu(self, points: float) -> int:
        return round(points * self.scale * EMU)

    def named(self, name: str) -> str:
        self.last += 1
        return f'<p:cNvPr id="{self.last}" name={quoteattr(typeface.clean(name)[:250])}/>'

    def frame(self, x: float, y: float, width: float, height: float, flip: str = "") -> str:
        return (
            f'<a:xfrm{flip}><a:off x="{self.emu(x)}" y="{self.emu(y)}"/>'
            f'<a:ext cx="{self.emu(width)}" cy="{self.emu(height)}"/></a:xfrm>'
        )

    def edge(self, colour: str, width: float, *, is_dashed: bool = False) -> str:
        if not colour:
            return "<a:ln><a:noFill/></a:ln>"
        dash = '<a:prstDash val="dash"/>' if is_dashed else ""
        return f'<a:ln w="{max(3175, self.emu(width))}">{_filled(colour)}{dash}</a:ln>'

    def write(self, mark: Mark) -> None:
        match mark:
            case Box():
                self.shape(mark, "roundRect" if mark.radius else "rect", _adjusted(mark))
            case Text():
                self.text(mark)
            case Line():
                self.line(mark)
            case Curve():
                self.curve(mark)
            case Dot():
                size = 2 * mark.radius
                x, y = mark.x - mark.radius, mark.y - mark.radius
                self.shape(Box(x, y, size, size, mark.fill, mark.stroke), "ellipse", "")
            case Picture():
                self.picture(mark)
            case Group():
                self.group(mark)

    def shape(self, box: Box, kind: str, adjusted: str) -> None:
        self.out.write(
            f"<p:sp><p:nvSpPr>{self.named(kind)}<p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr>"
            f"{self.frame(box.x, box.y, box.width, box.height)}"
            f'<a:prstGeom prst="{kind}"><a:avLst>{adjusted}</a:avLst></a:prstGeom>'
            f"{_filled(box.fill)}{self.edge(box.stroke, 0.75, is_dashed=box.is_dashed)}</p:spPr>"
            "<p:txBody><a:bodyPr/><a:lstStyle/><a:p/></p:txBody></p:sp>"
        )

    def text(self, *marks: Text) -> None:
        """One text box; further texts are paragraphs below the first, whatever room that takes."""
        first, last = marks[0], marks[-1]
        paragraphs = "".join(self.paragraphs(mark) for mark in marks)
        if not paragraphs:
            return
        # A single line stays one, however wide the reader's typeface is.
        is_line = len(marks) == 1 and len(first.lines) == 1 and not first.is_at_end
        self.out.write(
            f"<p:sp><p:nvSpPr>{self.named('text')}"
            '<p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr><p:spPr>'
            f"{self.frame(first.x, first.y, first.width, last.y + last.height - first.y)}"
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/></p:spPr><p:txBody>'
            f'<a:bodyPr wrap="{"none" if is_line else "square"}" lIns="0" tIns="0" rIns="0" '
            f'bIns="0" anchor="t"/><a:lstStyle/>{paragraphs}</p:txBody></p:sp>'
        )

    def paragraphs(self, mark: Text) -> str:
        said = typeface.clean(mark.text).strip("\n")
        if not said.strip():
            return ""
        size = max(100, round(mark.size * self.scale * 100))
        style = (
            f'<a:rPr sz="{size}" b="{int(mark.is_bold)}">{_filled(mark.colour)}'
            f'<a:latin typeface="{LATIN}"/><a:ea typeface="{CHINESE}"/></a:rPr>'
        )
        align = "r" if mark.is_at_end else "l"
        return "".join(
            f'<a:p><a:pPr algn="{align}"/><a:r>{style}<a:t>{escape(line)}</a:t></a:r></a:p>'
            for line in said.split("\n")
        )

    def line(self, mark: Line) -> None:
        (x0, y0), (x1, y1) = mark.start, mark.end
        flip = ' flipV="1"' if (x1 - x0) * (y1 - y0) < 0 else ""
        frame = self.frame(min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0), flip)
        self.out.write(
            f"<p:cxnSp><p:nvCxnSpPr>{self.named('line')}<p:cNvCxnSpPr/><p:nvPr/></p:nvCxnSpPr>"
            f'<p:spPr>{frame}<a:prstGeom prst="line"><a:avLst/></a:prstGeom>'
            f"{self.edge(mark.colour, mark.width, is_dashed=bool(mark.dash))}</p:spPr></p:cxnSp>"
        )

    def curve(self, mark: Curve) -> None:
        """A free form, whose points can be moved."""
        x, y, width, height = _bounds(mark.points)
        wide, high = max(1, self.emu(width)), max(1, self.emu(height))
        path = "".join(
            f'<a:{"lnTo" if place else "moveTo"}><a:pt x="{self.emu(px - x)}" '
            f'y="{self.emu(py - y)}"/></a:{"lnTo" if place else "moveTo"}>'
            for place, (px, py) in enumerate(mark.points)
        )
        self.out.write(
            f"<p:sp><p:nvSpPr>{self.named(mark.name)}<p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr>"
            f"{self.frame(x, y, width, height)}<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/>"
            f'<a:cxnLst/><a:rect l="0" t="0" r="r" b="b"/><a:pathLst><a:path w="{wide}" '
            f'h="{high}" fill="none">{path}</a:path></a:pathLst></a:custGeom><a:noFill/>'
            f"{self.edge(mark.colour, mark.width, is_dashed=bool(mark.dash))}</p:spPr></p:sp>"
        )

    def picture(self, mark: Picture) -> None:
        _part, relation = self.slide.part.get_or_add_image_part(str(mark.path))
        self.out.write(
            f"<p:pic><p:nvPicPr>{self.named('picture')}<p:cNvPicPr/><p:nvPr/></p:nvPicPr>"
            f'<p:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch>'
            f"</p:blipFill><p:spPr>{self.frame(mark.x, mark.y, mark.width, mark.height)}"
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr></p:pic>'
        )

    def group(self, mark: Group) -> None:
        corners = [corner for each in mark.marks for corner in _corners(each)]
        frame = self.frame(*_bounds(corners))
        inner = frame.replace("a:off", "a:chOff").replace("a:ext", "a:chExt")
        both = frame.replace("</a:xfrm>", inner.removeprefix("<a:xfrm>"))
        self.out.write(
            f"<p:grpSp><p:nvGrpSpPr>{self.named(mark.name)}<p:cNvGrpSpPr/><p:nvPr/>"
            f"</p:nvGrpSpPr><p:grpSpPr>{both}</p:grpSpPr>"
        )
        texts = [each for each in mark.marks if isinstance(each, Text)]
        for each in mark.marks:
            if each not in texts:
                self.write(each)
        if texts:
            self.text(*texts)
        self.out.write("</p:grpSp>")


def _adjusted(box: Box) -> str:
    if not box.radius:
        return ""
    share = round(50_000 * min(1.0, 2 * box.radius / min(box.width, box.height)))
    return f'<a:gd name="adj" fmla="val {share}"/>'


def _filled(colour: str) -> str:
    if not colour:
        return "<a:noFill/>"
    return f'<a:solidFill><a:srgbClr val="{colour.lstrip("#").upper()}"/></a:solidFill>'


def _bounds(points: Sequence[tuple[float, float]]) -> tuple[float, float, float, float]:
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    return min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)


def _corners(mark: Mark) -> list[tuple[float, float]]:
    match mark:
        case Line():
            return [mark.start, mark.end]
        case Curve():
            return list(mark.points)
        case Dot():
            r = mark.radius
            return [(mark.x - r, mark.y - r), (mark.x + r, mark.y + r)]
        case Group():
            return [corner for each in mark.marks for corner in _corners(each)]
    return [(mark.x, mark.y), (mark.x + mark.width, mark.y + mark.height)]
