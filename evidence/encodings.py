"""Which encoding a file is in, and how it becomes UTF-8."""

import codecs
import re
import secrets
from pathlib import Path

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _

from evidence.errors import FileError

BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# What else banks' systems write; the one that fits the letters best is taken.
LIKELY = ["big5", "cp1252", "cp1250", "cp1251", "shift_jis", "euc_kr"]
SAMPLE = 65_536


def find(head: bytes, told: str) -> str:
    """The encoding of a file that begins with these bytes, unless the mapping tells it."""
    if told:
        try:
            return codecs.lookup(told).name
        except LookupError:
            raise FileError(
                _("“%s” is not an encoding. Use a name such as utf-8, gb18030 or latin-1.") % told
            ) from None
    for bom, name in sorted(BOMS.items(), key=lambda pair: -len(pair[0])):
        if head.startswith(bom):
            return name
    if b"\x00" in head:
        return _wide(head)
    if _is_utf8(head):
        return "utf-8"
    if _looks_chinese(head[:SAMPLE]):
        return "gb18030"
    best = from_bytes(head[:SAMPLE], cp_isolation=LIKELY, threshold=0.5).best()
    return best.encoding if best else "cp1252"


def decode(head: bytes) -> str:
    return codecs.getincrementaldecoder("utf-8-sig")(errors="replace").decode(head)


def to_utf8(path: Path, encoding: str, folder: Path) -> Path:
    """A copy in UTF-8, written piece by piece. Bytes that fit no letter become �."""
    made = folder / f"utf8-{secrets.token_hex(4)}"
    try:
        with (
            path.open(encoding=encoding, errors="replace", newline="") as source,
            made.open("w", encoding="utf-8", newline="") as target,
        ):
            while piece := source.read(1 << 20):
                target.write(piece)
    except (UnicodeError, LookupError) as error:
        made.unlink(missing_ok=True)
        raise FileError(
            _("The file is not in the encoding %(encoding)s: %(error)s.")
            % {"encoding": encoding, "error": error}
        ) from None
    return made


def _is_utf8(head: bytes) -> bool:
    return _decoded(head, "utf-8") is not None


def _decoded(head: bytes, encoding: str) -> str | None:
    """The text, up to where the sample cuts a letter in two; None where it is no such text."""
    try:
        return codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return None


def _looks_chinese(head: bytes) -> bool:
    """GB encodings write two high bytes a letter; in western text high bytes mostly stand alone.

    Korean looks the same to this; who has it tells the encoding.
    """
    if _decoded(head, "gb18030") is None:
        return False
    runs = re.findall(rb"[\x80-\xff]+", head[:-1])
    return sum(len(run) % 2 == 0 for run in runs) >= 0.9 * max(1, len(runs))


def _wide(head: bytes) -> str:
    """NUL bytes: UTF-16 without its mark, or no text at all."""
    sample = head[: len(head) // 2 * 2][:SAMPLE]
    for name in ("utf-16-le", "utf-16-be"):
        text = _decoded(sample, name)
        if (
            text
            and set(text) & set(",;\t\n\r")
            and sum(c.isprintable() or c in "\t\r\n" for c in text) > 0.98 * len(text)
        ):
            return name
    raise FileError(
        _(
            "The file is not a table but something binary. Expected was CSV, TSV, XLSX, JSON Lines "
            "or Parquet."
        )
    )
