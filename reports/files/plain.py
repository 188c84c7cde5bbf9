"""A report as plain text for programs: CSV in sections, and JSON with everything."""

import csv
import io
import json
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from accounts.csv_cells import BOM, cell
from reports.blocks.content import Content, Filled
from reports.charts import tables
from reports.figures.sheet import Figure
from reports.files import facts


def csv_of(found: Filled) -> bytes:
    """Figure after figure, parted by an empty line: where it comes from, then exact values."""
    out = io.StringIO()
    writer = csv.writer(out)
    for content in found.contents:
        for figure in content.figures:
            if out.tell():
                writer.writerow([])
            _section(writer, content, figure, found)
    return (BOM + out.getvalue()).encode()


def _section(writer: Any, content: Content, figure: Figure, found: Filled) -> None:
    told: dict[str, Any] = {
        "touchline": found.title,
        "block": content.block.id,
        "figure": figure.heading,
        "says": figure.aria,
        **facts.exact(figure, found.made_at),
    }
    told["filters"] = "; ".join(f"{k} = {v}" for k, v in told["filters"].items())
    for name, value in told.items():
        writer.writerow([f"# {name}", cell(value)])
    writer.writerow(figure.fields)
    for record in figure.records:
        writer.writerow([cell(record.get(name)) for name in figure.fields])


def json_of(found: Filled) -> bytes:
    document = {
        "report": found.title,
        "workspace": found.source.workspace,
        "journey": found.source.journey,
        "scope": found.scope.to_json(),
        "made_at": found.made_at,
        "about": dict(facts.of_report(found)),
        "blocks": [_block(content, found) for content in found.contents],
    }
    text = json.dumps(document, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder)
    return (text + "\n").encode()


def _block(content: Content, found: Filled) -> dict[str, Any]:
    return {
        "id": content.block.id,
        "kind": content.block.kind,
        "name": content.block.name,
        "title": content.title,
        "paragraphs": list(content.paragraphs),
        "nothing_because": content.why,
        "figures": [document_of(figure, found.made_at) for figure in content.figures],
    }


def document_of(figure: Figure, made_at: datetime) -> dict[str, Any]:
    """A figure for programs: what it says, the cells of its table, the exact values."""
    return {
        "title": figure.heading,
        "sentence": figure.aria,
        **facts.exact(figure, made_at),
        "table": {
            "columns": tables.heads_of(figure.table),
            "rows": tables.rows_of(figure.table),
        },
        "fields": list(figure.fields),
        "records": [dict(record) for record in figure.records],
    }
