"""Cards on paper: what is written on one, and how it is parted where a page ends."""

from dataclasses import dataclass, field, replace
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from journeys import basis
from journeys.models import Card
from journeys.operations import Entry
from journeys.paper import colours, typeface
from journeys.paper.drawing import Drawing
from journeys.paper.marks import Box, Group, Mark, Picture, Text

TEXT, ABOUT = 9.0, 7.0
PAD, EDGE, GAP = 4.5, 6.0, 5.0  # within a card; before its text, past the mark; between cards
TALLEST_PICTURE = 110.0
QUOTES = ("“", '"', "「", "『", "«", "„")
PENCIL = {basis.Strength.NONE, basis.Strength.ASSUMPTION}


@dataclass(frozen=True)
class Piece:
    """A line or a picture of a card."""

    height: float
    line: str = ""
    size: float = TEXT
    colour: str = ""
    picture: Picture | None = None


@dataclass(frozen=True)
class Block:
    """A card, or as much of one as stands on one page."""

    name: str
    width: float
    pieces: tuple[Piece, ...]
    fill: str
    stroke: str
    mark: str
    is_dashed: bool
    notes: tuple[str, ...] = field(default=())
    pad: float = PAD  # above and below what is written

    @property
    def height(self) -> float:
        return sum(piece.height for piece in self.pieces) + 2 * self.pad

    def parted(self, room: float) -> tuple["Block | None", "Block | None"]:
        """What fits into the room, and the rest."""
        used, fits = 2 * self.pad, 0
        for piece in self.pieces:
            if used + piece.height > room + 0.01:
                break
            used, fits = used + piece.height, fits + 1
        if fits == len(self.pieces):
            return self, None
        if not fits:
            return None, self
        rest = replace(self, pieces=self.pieces[fits:], notes=())
        return replace(self, pieces=self.pieces[:fits]), rest

    def at(self, x: float, y: float) -> Group:
        box = Box(
            x, y, self.width, self.height, self.fill, self.stroke,
            is_dashed=self.is_dashed, radius=3,
        )  # fmt: skip
        marks: list[Mark] = [box] if self.stroke else []
        if self.mark:
            marks.append(Box(x, y + 1.5, 2.5, self.height - 3, self.mark))
        return Group(self.name, (*marks, *self._written(x + EDGE, y + self.pad)))

    def _written(self, x: float, y: float) -> list[Mark]:
        marks: list[Mark] = []
        width = self.width - EDGE - PAD
        lines: list[Piece] = []
        for place, piece in enumerate(self.pieces):
            if piece.picture is not None:
                marks.append(replace(piece.picture, x=x, y=y))
                y += piece.height
                continue
            lines.append(piece)
            following = self.pieces[place + 1] if place + 1 < len(self.pieces) else None
            if following is None or (following.size, following.colour) != (
                piece.size, piece.colour,
            ):  # fmt: skip
                text = Text(x, y, width, tuple(p.line for p in lines), piece.size, piece.colour)
                marks.append(text)
                y += text.height
                lines = []
        return marks


def block_of(drawing: Drawing, lane: Entry, card: Entry, width: float) -> Block:
    if card.get("emotion") is not None and not card.get("text") and not card.get("image"):
        return _feeling(drawing, card, width)
    strength = drawing.strength_of(card)
    is_pencil = strength in PENCIL
    text, about = written(lane, card), about_of(drawing, card)
    inner = width - EDGE - PAD
    pieces: list[Piece] = []
    if picture := _picture(drawing, card, inner):
        pieces.append(picture)
    if text:
        pieces += _lines(text, inner, TEXT, colours.colour("soft" if is_pencil else "text"))
    if about:
        colour = "warning" if strength == basis.Strength.EXPIRED else "faint"
        pieces += _lines(about, inner, ABOUT, colours.colour(colour))
    is_pain = lane["kind"] == "pain" and not is_pencil
    return Block(
        name=typeface.cut(text or about or _("card"), 300, TEXT),
        width=width,
        pieces=tuple(pieces) or (Piece(TEXT * typeface.LEADING),),
        fill=colours.PAPER if is_pencil else colours.colour("pain" if is_pain else "raised"),
        stroke=colours.colour("control" if is_pencil else "firm"),
        mark=colours.meaning(card["colour"]) if card.get("colour") else "",
        is_dashed=is_pencil,
        notes=tuple(note_of(drawing, card)),
    )


def _feeling(drawing: Drawing, card: Entry, width: float) -> Block:
    """Only a feeling: the curve shows it, one line without a box says it."""
    whose = drawing.short_name_of(card["persona"]) if card.get("persona") else ""
    said = f"{whose} {emotion_said(card['emotion'])}".strip()
    line = typeface.cut(said, width - EDGE - PAD, ABOUT)
    return Block(
        name=about_of(drawing, card),
        width=width,
        pieces=(Piece(ABOUT * typeface.LEADING, line, ABOUT, colours.colour("soft")),),
        fill="",
        stroke="",
        mark="",
        is_dashed=False,
        notes=tuple(note_of(drawing, card)),
        pad=0.0,
    )


def written(lane: Entry, card: Entry) -> str:
    text = str(card.get("text", ""))
    is_quoted = not text or text.startswith(QUOTES)
    return text if is_quoted or lane["kind"] != "thought" else f"“{text}”"


def about_of(drawing: Drawing, card: Entry) -> str:
    """Who, how they feel, what the colour means, how it is known, who looks after it."""
    said = []
    if card.get("persona"):
        said.append(drawing.name_of_persona(card["persona"]))
    if card.get("emotion") is not None:
        said.append(emotion_said(card["emotion"]))
    if card.get("colour"):
        said.append(str(Card.Colour(card["colour"]).label))
    if card.get("basis"):
        said.append(basis_said(drawing, card))
    if card.get("owner"):
        said.append(str(card["owner"]))
    return " · ".join(said)


def emotion_said(emotion: float) -> str:
    return f"{emotion:+g}".replace("-", "−").replace("+0", "0")


def basis_said(drawing: Drawing, card: Entry) -> str:
    said = [str(Card.Basis(card["basis"]).label)]
    if card.get("n") is not None:
        said.append(f"n = {card['n']:,}")
    if card.get("date"):
        said.append(_day(card["date"]))
    if drawing.strength_of(card) == basis.Strength.EXPIRED:
        said.append(_("expired"))
    return ", ".join(said)


def note_of(drawing: Drawing, card: Entry) -> list[str]:
    """Where a card comes from, for the notes of a slide."""
    links = [f"{link.get('title', '')} {link['url']}".strip() for link in card.get("links", [])]
    if not card.get("basis") and not links:
        return []
    said = [basis_said(drawing, card)] if card.get("basis") else []
    text = typeface.cut(str(card.get("text", "")), 400, TEXT) or about_of(drawing, card)
    return [f"{text} — " + "; ".join([*said, *links])]


def _day(day: str) -> str:
    return date_format(date.fromisoformat(day), "SHORT_DATE_FORMAT")


def _lines(text: str, width: float, size: float, colour: str) -> list[Piece]:
    height = size * typeface.LEADING
    return [Piece(height, line, size, colour) for line in typeface.wrapped(text, width, size)]


def _picture(drawing: Drawing, card: Entry, width: float) -> Piece | None:
    found = drawing.pictures.get(card.get("image", ""))
    if found is None:
        return None
    path, wide, high = found
    scale = min(width / wide, TALLEST_PICTURE / high)
    picture = Picture(0, 0, wide * scale, high * scale, path)
    return Piece(picture.height + 3, picture=picture)
