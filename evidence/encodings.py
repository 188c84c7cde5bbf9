"""Which encoding a file is in, and how it becomes UTF-8."""

import codecs
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
# What banks' systems write; the first that fits the letters best is taken.
LIKELY = ["gb18030", "big5", "cp1252", "cp1250", "cp1251", "shift_jis", "euc_kr"]


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
    best = from_bytes(head[:65_536], cp_isolation=LIKELY, threshold=0.5).best()
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
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _wide(head: bytes) -> str:
    """NUL bytes: UTF-16 without its mark, or no text at all."""
    sample = head[: len(head) // 2 * 2][:65_536]
    odd, even = sample[1::2].count(0), sample[0::2].count(0)
    half = max(1, len(sample) // 2)
    for name, many, few in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if many > 0.3 * half and few < 0.02 * half:
            return name
    raise FileError(
        _(
            "The file is not a table but something binary. Expected was CSV, TSV, XLSX, JSON Lines "
            "or Parquet."
        )
    )
