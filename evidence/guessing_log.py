"""The first mapping for an event log, which says itself what its columns are."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Workspace
from evidence.guessing import Guess, field_for, guess_mapping
from evidence.guessing_columns import Column
from evidence.logs.parts import ACTIVITY, CASE, LIFECYCLE, RESOURCE, TIME
from evidence.models import Kind
from evidence.sampling import Preview

OWN = {
    TIME: "occurred_at",
    ACTIVITY: "touchpoint",
    CASE: "case_id",
    RESOURCE: "agent",
    LIFECYCLE: "outcome",
}
OF_OCEL = "event"  # short numbers mostly, and twice where an event has two cases
COMPLETE = "complete"
BY_WORDS = ("channel", "segment", "unit", "journey", "customer", "ended_at", "event_id")


def guess_log(preview: Preview, workspace: Workspace) -> Guess:
    """Passages: the activity is the touchpoint, the case the case; only what is complete counts."""
    guess = Guess({"kind": Kind.INTERACTIONS, "fields": {}})
    columns = {name: Column(name, _values(preview, i)) for i, name in enumerate(preview.header)}
    fields: dict[str, Any] = guess.document["fields"]
    for name, field in OWN.items():
        if name in columns and (columns[name].n or name in (TIME, ACTIVITY, CASE)):
            fields[field] = field_for(field, columns[name], workspace)
            guess.why[name] = _("As the log itself says.")
    if "outcome" in fields:
        _only_complete(guess, columns[LIFECYCLE])
    _add_by_words(guess, preview, workspace)
    if "case" in preview.log:
        guess.document["read"] = {"case": preview.log["case"]}
        guess.document["ignore"] = [{CASE: [""]}]
    return guess


def _values(preview: Preview, i: int) -> list[str]:
    return [row[i] if i < len(row) else "" for row in preview.rows]


def _only_complete(guess: Guess, lifecycle: Column) -> None:
    """Of the states an activity passes, its end is the passage; events without state count."""
    fields = guess.document["fields"]
    complete = [value for value in lifecycle.counts if value.casefold() == COMPLETE]
    if not complete:
        del fields["outcome"], guess.why[LIFECYCLE]
        return
    fields["outcome"] = {
        "column": LIFECYCLE,
        "map": {**dict.fromkeys(complete, COMPLETE), "": ""},
        "otherwise": "ignore",
    }
    guess.why[LIFECYCLE] = _(
        "Only events that are complete count; those that tell of a start or another state are "
        "left out."
    )


def _add_by_words(guess: Guess, preview: Preview, workspace: Workspace) -> None:
    """Channel, unit and the like among the log's other attributes, by their names."""
    others: dict[str, int] = {}
    for i, name in enumerate(preview.header):
        if name not in OWN and name != OF_OCEL:
            others.setdefault(name.removeprefix("case:"), i)
    found = guess_mapping(
        list(others),
        [[row[i] if i < len(row) else "" for i in others.values()] for row in preview.rows],
        workspace,
        kind=Kind.INTERACTIONS,
        tells_apart=lambda name: preview.tells_rows_apart(preview.header[others[name]]),
    )
    for field, given in found.document["fields"].items():
        if field in BY_WORDS and "column" in given:
            name = preview.header[others[given["column"]]]
            guess.document["fields"][field] = {**given, "column": name}
            guess.why[name] = found.why.get(given["column"], "")
