"""A page as SVG: text stays text, cards are groups with titles."""

from base64 import b64encode
from io import StringIO
from xml.sax.saxutils import escape, quoteattr

from journeys.paper import typeface
from journeys.paper.marks import Box, Curve, Dot, Group, Line, Mark, Page, Picture, Text

FAMILIES = (
    "'Noto Sans', 'Noto Sans SC', 'Noto Sans CJK SC', 'Source Han Sans SC', 'PingFang SC', "
    "'Microsoft YaHei', sans-serif"
)


def svg_of(page: Page, description: str) -> str:
    out = StringIO()
    out.write(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<svg xmlns="http://www.w3.org/2000/svg" '
        f'width="{_n(page.width)}pt" height="{_n(page.height)}pt" '
        f'viewBox="0 0 {_n(page.width)} {_n(page.height)}" role="img" '
        f'font-family="{FAMILIES}">\n'
        f"<title>{_said(page.title)}</title>\n<desc>{_said(description)}</desc>\n"
    )
    for mark in page.marks:
        _write(out, mark)
    out.write("</svg>\n")
    return out.getvalue()


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _said(text: str) -> str:
    return escape(typeface.clean(text))


def _dashed(dash: tuple[float, ...]) -> str:
    return f' stroke-dasharray="{" ".join(map(_n, dash))}"' if dash else ""


def _write(out: StringIO, mark: Mark) -> None:
    match mark:
        case Box():
            stroke = f' stroke="{mark.stroke}" stroke-width="0.75"' if mark.stroke else ""
            dash = _dashed((3, 2)) if mark.is_dashed else ""
            radius = f' rx="{_n(mark.radius)}"' if mark.radius else ""
            out.write(
                f'<rect x="{_n(mark.x)}" y="{_n(mark.y)}" width="{_n(mark.width)}" '
                f'height="{_n(mark.height)}" fill="{mark.fill or "none"}"{stroke}{dash}{radius}/>\n'
            )
        case Text():
            _write_text(out, mark)
        case Line():
            out.write(
                f'<line x1="{_n(mark.start[0])}" y1="{_n(mark.start[1])}" x2="{_n(mark.end[0])}" '
                f'y2="{_n(mark.end[1])}" stroke="{mark.colour}" '
                f'stroke-width="{_n(mark.width)}"{_dashed(mark.dash)}/>\n'
            )
        case Curve():
            points = " ".join(f"{_n(x)},{_n(y)}" for x, y in mark.points)
            out.write(
                f'<polyline points="{points}" fill="none" stroke="{mark.colour}" '
                f'stroke-width="{_n(mark.width)}" stroke-linejoin="round" '
                f'stroke-linecap="round"{_dashed(mark.dash)}/>\n'
            )
        case Dot():
            stroke = f' stroke="{mark.stroke}" stroke-width="1.5"' if mark.stroke else ""
            out.write(
                f'<circle cx="{_n(mark.x)}" cy="{_n(mark.y)}" r="{_n(mark.radius)}" '
                f'fill="{mark.fill}"{stroke}/>\n'
            )
        case Picture():
            kind = "png" if mark.path.suffix == ".png" else "jpeg"
            content = b64encode(mark.path.read_bytes()).decode()
            out.write(
                f'<image x="{_n(mark.x)}" y="{_n(mark.y)}" width="{_n(mark.width)}" '
                f'height="{_n(mark.height)}" href="data:image/{kind};base64,{content}"/>\n'
            )
        case Group():
            out.write(f"<g><title>{_said(mark.name)}</title>\n")
            for each in mark.marks:
                _write(out, each)
            out.write("</g>\n")


def _write_text(out: StringIO, mark: Text) -> None:
    """One element a line; its length is told, so that it fits in any viewer's typeface."""
    weight = ' font-weight="600"' if mark.is_bold else ""
    for x, y, line in mark.placed():
        width = typeface.width_of(line, mark.size)
        length = f' textLength="{_n(width)}" lengthAdjust="spacingAndGlyphs"'
        out.write(
            f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(mark.size)}" '
            f"fill={quoteattr(mark.colour)}{weight}{length}>{escape(line)}</text>\n"
        )
