"""What happened to a map, operation by operation, in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journeys.comparing import PLACES, TEXTS, Piece, word_by_word
from journeys.field_words import Names, label_of, said, title_of
from journeys.models import Operation
from journeys.operations import FOLLOWS, JOURNEY, Change
from journeys.states import changes_of
from journeys.words import word_of

SHOWN = 4
LONGEST_PIECES = 600


@dataclass(frozen=True)
class Sentence:
    """What was done, and of a text that was rewritten the words that went and came."""

    text: str
    pieces: Sequence[Piece] = ()


@dataclass(frozen=True)
class Told:
    operation: Operation
    sentences: list[Sentence]
    more: int

    @property
    def is_taken_back(self) -> bool:
        return self.operation.undone_by_id is not None


def told(operations: Iterable[Operation], names: Names) -> list[Told]:
    """`names` learns from the operations what is gone from the map by now."""
    found = list(operations)
    for operation in found:
        for change in changes_of(operation):
            for side in (change.after, change.before):
                if side and (title := title_of(side)):
                    names.parts.setdefault((change.list, change.id), title)
    return [_told(operation, names) for operation in found]


def _told(operation: Operation, names: Names) -> Told:
    changes = changes_of(operation)
    if len(changes) > 1 and all(change.after is None for change in changes):
        return Told(operation, [_deleted_with_all_in_it(changes, names)], 0)
    shown = [_sentence(change, names) for change in changes[:SHOWN]]
    return Told(operation, shown, len(changes) - len(shown))


def _deleted_with_all_in_it(changes: Sequence[Change], names: Names) -> Sentence:
    """A deletion ends with what was deleted; before it comes what went along."""
    along = len(changes) - 1
    return Sentence(
        ngettext(
            "deleted the %(kind)s “%(what)s” and %(n)d part with it",
            "deleted the %(kind)s “%(what)s” and %(n)d parts with it",
            along,
        )
        % {**_words(changes[-1], names), "n": along}
    )


def _sentence(change: Change, names: Names) -> Sentence:
    words = _words(change, names)
    if change.list == JOURNEY:
        return _changed(change, names, _("changed the journey's %(fields)s"), words)
    if change.before is None:
        return Sentence(_added(change, names, words))
    if change.after is None:
        return Sentence(_("deleted the %(kind)s “%(what)s”") % words)
    places = {FOLLOWS, *PLACES.get(change.list, ())}
    if set(change.after) <= places:
        return Sentence(_moved(change, names, words))
    return _changed(change, names, _("changed %(fields)s of the %(kind)s “%(what)s”"), words)


def _words(change: Change, names: Names) -> dict[str, Any]:
    if change.list == JOURNEY:
        return {}
    title = title_of(change.after or {}) or title_of(change.before or {})
    what = title or names.part(change.list, change.id) or change.id
    return {"kind": word_of(change.list), "what": what}


def _added(change: Change, names: Names, words: dict[str, Any]) -> str:
    if change.list != "cards" or change.after is None:
        return _("added the %(kind)s “%(what)s”") % words
    return _("added the card “%(what)s” in %(lane)s, %(step)s") % {**words, **_cell(change, names)}


def _moved(change: Change, names: Names, words: dict[str, Any]) -> str:
    after = change.after or {}
    if change.list == "cards" and ("lane" in after or "step" in after):
        to = ", ".join(_cell(change, names)[f] for f in ("lane", "step") if f in after)
        return _("moved the card “%(what)s” to %(to)s") % {**words, "to": to}
    if "stage" in after:
        to = said(change.list, "stage", after["stage"], names)
        return _("moved the step “%(what)s” to the stage %(to)s") % {**words, "to": to}
    return _("moved the %(kind)s “%(what)s”") % words


def _cell(change: Change, names: Names) -> dict[str, str]:
    after = change.after or {}
    return {field: said("cards", field, after.get(field), names) for field in ("lane", "step")}


def _changed(change: Change, names: Names, sentence: str, words: dict[str, Any]) -> Sentence:
    before, after = change.before or {}, change.after or {}
    fields = [field for field in after if field != FOLLOWS]
    labels = ", ".join(label_of(field) for field in fields)
    text = sentence % {**words, "fields": labels}
    if len(fields) == 1 and fields[0] in TEXTS:
        old, new = before.get(fields[0]) or "", after.get(fields[0]) or ""
        if len(old) + len(new) <= LONGEST_PIECES:
            return Sentence(text, word_by_word(old, new))
    if len(fields) == 1:
        old, new = (
            said(change.list, fields[0], side.get(fields[0]), names) for side in (before, after)
        )
        text += f": {old or '–'} → {new or '–'}"
    return Sentence(text)
