"""A report as one HTML file: styles, drawing code, figures and tables inside, no network."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import get_language

from reports import exports
from reports.blocks.content import Content, Filled, lines_of
from reports.figures import bundle
from reports.figures.sheet import Figure
from reports.figures.theme import themed
from reports.files import facts


def html_of(found: Filled) -> bytes:
    context = {
        "LANGUAGE_CODE": get_language() or "en",
        "filled": found,
        "facts": facts.of_report(found),
        "contents": [_content(content, found) for content in found.contents],
        "css": exports.css() + exports.read_css("report"),
        "plotly_js": bundle.script() if _draws(found) else "",
    }
    return render_to_string("reports/report/file.html", context).encode()


def _draws(found: Filled) -> bool:
    return any(figure.plot for content in found.contents for figure in content.figures)


def _content(content: Content, found: Filled) -> dict[str, Any]:
    return {
        "block": content.block,
        "title": content.title,
        "paragraphs": [lines_of(text) for text in content.paragraphs],
        "why": content.why,
        "figures": [_figure(figure, found) for figure in content.figures],
    }


def _figure(figure: Figure, found: Filled) -> dict[str, Any]:
    context = figure.context()
    context["plot"] = themed(dict(figure.plot)) if figure.plot else None
    context["beneath"] = facts.beneath(figure, found.made_at)
    return context
