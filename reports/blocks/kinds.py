"""A report's blocks as they are kept: their kinds, what each may be asked, and their checking."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

TEXT, SUMMARY, MAP, RANKING, FIGURE, TABLE, COMMENTS = (
    "text", "summary", "map", "ranking", "figure", "table", "comments",
)  # fmt: skip
KINDS: dict[str, str | Promise] = {
    TEXT: pgettext_lazy("a block of a report", "Text"),
    SUMMARY: pgettext_lazy("a block of a report", "In short"),
    MAP: pgettext_lazy("a block of a report", "Map"),
    RANKING: pgettext_lazy("a block of a report", "Ranking"),
    FIGURE: pgettext_lazy("a block of a report", "Figure"),
    TABLE: pgettext_lazy("a block of a report", "Table"),
    COMMENTS: pgettext_lazy("a block of a report", "Customers' words"),
}
FIGURES: dict[str, str | Promise] = {
    "waiting": gettext_lazy("Waiting times"),
    "by-segment": gettext_lazy("Severity by segment"),
    "by-channel": gettext_lazy("Severity by channel"),
    "by-unit": gettext_lazy("Severity by unit"),
    "change": gettext_lazy("What changed"),
    "drivers": gettext_lazy("Key drivers"),
    "units": gettext_lazy("Units that really differ"),
}
TABLES: dict[str, str | Promise] = {
    "outcome": gettext_lazy("Answers about the journey"),
    "painpoints": gettext_lazy("Pain points"),
    "journeys": gettext_lazy("All journeys"),
    "coverage": gettext_lazy("Evidence by touchpoint"),
    "imports": gettext_lazy("Imports"),
}
NAMES: dict[str, Mapping[str, str | Promise]] = {FIGURE: FIGURES, TABLE: TABLES}
# These speak of the workspace; all others of one journey.
OF_WORKSPACE = {"journeys", "imports", "coverage", "painpoints"}
MOST_BLOCKS = 40
TITLE_LENGTH, TEXT_LENGTH = 160, 20_000
LARGEST = 200  # lines of a block
_ID = re.compile(r"b[0-9]{1,6}")


class BlockError(ValueError):
    """A block that cannot be meant, in a sentence for people."""


@dataclass(frozen=True)
class Block:
    """`name` is of FIGURES or TABLES; `journey` a slug, else the report's; `most` how many lines
    (0: all)."""

    id: str
    kind: str
    name: str = ""
    title: str = ""
    text: str = ""
    journey: str = ""
    most: int = 0
    bare: bool = False  # on paper and slides the drawing alone, without its table

    @property
    def label(self) -> str:
        """What it is, in words."""
        return str(NAMES.get(self.kind, {}).get(self.name, KINDS[self.kind]))

    @property
    def needs_journey(self) -> bool:
        if self.kind == TABLE:
            return self.name not in OF_WORKSPACE
        return self.kind != TEXT

    def to_json(self) -> dict[str, Any]:
        """Without what is not told."""
        told = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value for name, value in told.items() if value}


def blocks_of(document: Any) -> list[Block]:
    """The blocks of a report, checked; raises BlockError."""
    if not isinstance(document, list):
        raise BlockError(_("Blocks must be a list."))
    if len(document) > MOST_BLOCKS:
        raise BlockError(_("A report holds at most %(n)d blocks.") % {"n": MOST_BLOCKS})
    blocks = [_block(entry) for entry in document]
    if len({block.id for block in blocks}) < len(blocks):
        raise BlockError(_("Two blocks have the same id."))
    return blocks


def _block(entry: Any) -> Block:
    if not isinstance(entry, dict):
        raise BlockError(_("Each block must be an object with id and kind."))
    known = {each.name: each.type for each in fields(Block)}
    unknown = [str(name) for name in entry if name not in known]
    if unknown:
        raise BlockError(
            _("A block has no “%(name)s”; it has: %(known)s.")
            % {"name": unknown[0][:40], "known": ", ".join(known)}
        )
    for name, value in entry.items():
        expected = {"most": int, "bare": bool}.get(name, str)
        if type(value) is not expected:
            raise BlockError(_("“%(name)s” of a block is of the wrong kind.") % {"name": name})
    block = Block(**{"id": "", "kind": "", **entry})
    if not _ID.fullmatch(block.id):
        raise BlockError(_("A block's id is a “b” and a number, such as b1."))
    _check(block)
    return block


def _check(block: Block) -> None:
    if block.kind not in KINDS:
        raise BlockError(
            _("There is no kind “%(kind)s” of block; there is: %(known)s.")
            % {"kind": block.kind[:40], "known": ", ".join(KINDS)}
        )
    names = NAMES.get(block.kind, {})
    if (names or block.name) and block.name not in names:
        raise BlockError(
            _("There is no “%(name)s” for a block of the kind %(kind)s; there is: %(known)s.")
            % {"name": block.name[:40], "kind": block.kind, "known": ", ".join(names) or "–"}
        )
    if len(block.title) > TITLE_LENGTH or len(block.text) > TEXT_LENGTH:
        raise BlockError(
            _("A block's title has at most %(title)d letters, its text %(text)d.")
            % {"title": TITLE_LENGTH, "text": TEXT_LENGTH}
        )
    if not 0 <= block.most <= LARGEST:
        raise BlockError(_("A block shows at most %(n)d lines.") % {"n": LARGEST})


def new_id(blocks: Sequence[Block], used: int = 0) -> str:
    """An id that no block has, or had (`used`: the largest number that ever was)."""
    return f"b{max([used, *(int(block.id[1:]) for block in blocks)]) + 1}"
