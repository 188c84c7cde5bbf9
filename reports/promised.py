"""A run's touchpoints with their promises told by name: a run keeps codes, people read names."""

from typing import Any

from painpoints.models import ScoringRun
from painpoints.vocabulary import names_of

WHOM = {"segment": "segments", "channel": "channels"}


def lines_of(run: ScoringRun | None) -> list[dict[str, Any]]:
    """The touchpoints of the run's result; segments and channels of promises by today's names."""
    lines: list[dict[str, Any]] = ((run and run.result) or {}).get("touchpoints", [])
    if run is None or not any(one[key] for line in lines for one in _of(line) for key in WHOM):
        return lines
    names = names_of(run.workspace)
    return [
        {**line, "waits": {**line["waits"], "promises": [_named(one, names) for one in _of(line)]}}
        if line["waits"]
        else line
        for line in lines
    ]


def _of(line: dict[str, Any]) -> list[dict[str, Any]]:
    return (line["waits"] or {}).get("promises") or []


def _named(promise: dict[str, Any], names: dict[str, dict[str, str]]) -> dict[str, Any]:
    told = {key: names[field].get(promise[key], promise[key]) for key, field in WHOM.items()}
    return {**promise, **told}
