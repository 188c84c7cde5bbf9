"""The typeface of exported maps: how wide its letters are, and where lines break.

Noto Sans; Noto Sans SC, Noto Emoji and Noto Sans Symbols for what it lacks, in this order. What is
used of them is embedded in PDFs, so what is measured here is what is printed.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import fontpkg_noto_sans
import manimgx_fonts
import pylopdf_fonts_zh_cn
from fontTools.ttLib import TTFont

LATIN, CHINESE, EMOJI, SYMBOLS = "latin", "chinese", "emoji", "symbols"
HIDDEN = "hidden"  # no letter: it says how the one before it is to look
_MORE = Path(*manimgx_fonts.__path__)
FILES: dict[str, Path] = {
    LATIN: fontpkg_noto_sans.ROOT / "files" / "NotoSans[wdth,wght].ttf",
    CHINESE: pylopdf_fonts_zh_cn.sans_path(),
    EMOJI: _MORE / "NotoEmoji[wght].ttf",
    SYMBOLS: _MORE / "NotoSansSymbols[wght].ttf",
}
LEADING = 1.36  # from one line to the next, in sizes
ASCENT = 1.04  # from the top of a line to its base line, in sizes
UNKNOWN = "□"
# Between these letters a line may break anywhere …
_WIDE = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
# … except before what closes and after what opens.
_CLOSES = "、。，．：；！？）】》」』〉〕”’％…,.:;!?)]}%"
_OPENS = "（【《「『〈〔“‘([{"
_PIECE = re.compile(
    rf"\n|[^\S\n]+|[{re.escape(_OPENS)}]*[{_WIDE}][{re.escape(_CLOSES)}]*"
    # How many they are stays with its “n”.
    rf"|(?:[{re.escape(_OPENS)}]?n (?=[0-9]))?[^\s{_WIDE}]+[{re.escape(_CLOSES)}]*"
)
_IS_WIDE = re.compile(f"[{_WIDE}]").match
# What XML cannot say, and what has no place on paper.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u2028\u2029]")
# Of sequences of emoji: joiners, black or in colour, parts of flags …
_IS_JOINER = re.compile("[\u200d\u20e3\ufe00-\ufe0f\U000e0020-\U000e007f]").match
# … and the colour of a skin, which one ink does not show.
_IS_SKIN = re.compile("[\U0001f3fb-\U0001f3ff]").match
_IN_COLOUR = "\ufe0f"
# Shared by both: what goes before a Chinese letter, and what follows one, is as wide as it.
_BEFORE, _AFTER = "“‘", "”’…"


@cache
def _advances(face: str) -> dict[int, float]:
    """Code point → width, in sizes."""
    with TTFont(FILES[face], lazy=True) as font:
        widths, em = font["hmtx"].metrics, font["head"].unitsPerEm
        return {code: widths[name][0] / em for code, name in font.getBestCmap().items()}


def runs(text: str) -> list[tuple[str, str]]:
    """The text parted by typeface; a letter that none of them has becomes a square."""
    found: list[tuple[str, str]] = []
    faces = _faces(text)
    for face, letter in zip(faces, text, strict=True):
        if face == HIDDEN:
            continue
        shown = letter if face else UNKNOWN
        face = face or CHINESE
        if found and found[-1][0] == face:
            found[-1] = (face, found[-1][1] + shown)
        else:
            found.append((face, shown))
    return found


def _faces(text: str) -> list[str]:
    """The typeface of each letter; "" for one that none of them has."""
    if text.isascii():
        return [LATIN] * len(text)
    latin, chinese = _advances(LATIN), _advances(CHINESE)
    faces: list[str] = []
    for place, letter in enumerate(text):
        code = ord(letter)
        is_chinese = _IS_WIDE(letter) is not None
        if letter in _AFTER:
            is_chinese = place > 0 and text[place - 1] not in " \n" and faces[-1] == CHINESE
        elif letter in _BEFORE:
            is_chinese = _IS_WIDE(text[place + 1 : place + 2]) is not None
        if _IS_JOINER(letter) or (_IS_SKIN(letter) and faces and faces[-1] in (EMOJI, HIDDEN)):
            faces.append(HIDDEN)
        elif code in latin and not is_chinese:
            faces.append(LATIN)
        elif code in chinese and text[place + 1 : place + 2] != _IN_COLOUR:
            faces.append(CHINESE)
        else:
            faces.append(_lacking(code))
    return faces


def _lacking(code: int) -> str:
    """Where a letter is that Noto Sans lacks."""
    return next((face for face in (EMOJI, SYMBOLS, CHINESE, LATIN) if code in _advances(face)), "")


def width_of(text: str, size: float) -> float:
    latin = _advances(LATIN)
    if text.isascii():
        return sum(latin.get(ord(letter), 0.0) for letter in text) * size
    faces = _faces(text)
    widths = {face: _advances(face) for face in set(faces) & set(FILES)}
    widths[""] = dict.fromkeys(map(ord, set(text)), 1.0)
    widths[HIDDEN] = {}
    return sum(widths[face].get(ord(c), 0.0) for face, c in zip(faces, text, strict=True)) * size


def width_in(face: str, run: str, size: float) -> float:
    """How wide a run is."""
    widths = _advances(face)
    return sum(widths.get(ord(letter), 1.0) for letter in run) * size


def clean(text: str) -> str:
    """Text without control characters; line breaks stay."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).replace("\t", " ")


def wrapped(text: str, width: float, size: float) -> list[str]:
    """The lines of a text. They keep their spaces and line breaks: joined, they are the text.

    >>> wrapped("one two", 30, 10)
    ['one ', 'two']
    """
    lines, line, used = [], "", 0.0
    for piece in _pieces(clean(text), width, size):
        if piece == "\n":
            lines.append(line + "\n")
            line, used = "", 0.0
            continue
        wide = width_of(piece, size)
        if line and not piece.isspace() and used + wide > width:
            lines.append(line)
            line, used = "", 0.0
        line += piece
        used += wide
    return [*lines, line] if line or not lines else lines


def _pieces(text: str, width: float, size: float) -> Iterator[str]:
    """What stays together; a word longer than a line is cut where the line ends."""
    for piece in _PIECE.findall(text):
        while len(piece) > 1 and not piece.isspace() and width_of(piece, size) > width:
            fits = _fitting(piece, width, size)
            yield piece[:fits]
            piece = piece[fits:]
        yield piece


def _fitting(word: str, width: float, size: float) -> int:
    """How many of its letters fit, at least one; found by halving."""
    low, high = 1, min(len(word), 2000)
    while low < high:
        middle = (low + high + 1) // 2
        if width_of(word[:middle], size) <= width:
            low = middle
        else:
            high = middle - 1
    return low


def cut(text: str, width: float, size: float) -> str:
    """One line; what does not fit ends in an ellipsis."""
    line = " ".join(clean(text[:2000]).split())
    if width_of(line, size) <= width:
        return line
    return line[: _fitting(line, width - width_of("…", size), size)].rstrip() + "…"
