"""Reads the translations without the gettext tools: .po, .mo, and the strings in the sources."""

import ast
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
# Apps with many words have a catalogue of their own for their Python; the gettext tools do as well.
APPS = ("journeys", "painpoints", "reports")
FOLDERS = {home: ROOT / home / "locale" / "zh_Hans" / "LC_MESSAGES" for home in ("", *APPS)}
NO_SOURCES = {".venv", "var", "tests", "benchmarks"}

# Which argument is what, by the function's own name.
ARGUMENTS = {
    "gettext": ("id",),
    "ngettext": ("id", "plural"),
    "pgettext": ("context", "id"),
    "npgettext": ("context", "id", "plural"),
}
_TEXT = r"u?(\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')"
_IN_TEMPLATE = re.compile(rf"\b(n?p?gettext|_)\({_TEXT}(?:, ?{_TEXT})?(?:, ?{_TEXT})?")


@dataclass(frozen=True)
class Key:
    """What a translation is looked up by, and where it is used."""

    id: str
    context: str | None = None
    plural: str | None = field(default=None, compare=False)
    place: str = field(default="", compare=False)

    @property
    def home(self) -> str:
        """Which of FOLDERS translates it."""
        first = self.place.partition("/")[0]
        return first if first in APPS else ""


@dataclass
class Entry:
    """One entry of a .po file; `texts` has one text a plural form."""

    key: Key
    texts: list[str]
    is_fuzzy: bool


def read_po(path: Path) -> list[Entry]:
    entries = []
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
        lines = [line for line in block.splitlines() if not line.startswith("#~")]
        flags = " ".join(line for line in lines if line.startswith("#,"))
        parts: dict[str, str] = {}
        name = ""
        for line in lines:
            if line.startswith("#"):
                continue
            if not line.startswith('"'):
                name, line = line.split(" ", 1)
                parts[name] = ""
            parts[name] += ast.literal_eval(line)
        if parts:
            key = Key(parts["msgid"], parts.get("msgctxt"), parts.get("msgid_plural"))
            texts = [text for name, text in parts.items() if name.startswith("msgstr")]
            entries.append(Entry(key, texts, "fuzzy" in flags))
    return entries


def read_mo(path: Path) -> dict[str, str]:
    """As the bytes say it: context, id and plural joined, and the forms joined."""
    content = path.read_bytes()
    magic, _, count, ids, texts = struct.unpack_from("<5I", content)
    assert magic == 0x950412DE, "not a little-endian .mo file"

    def text(table: int, i: int) -> str:
        length, start = struct.unpack_from("<2I", content, table + 8 * i)
        return content[start : start + length].decode()

    return {text(ids, i): text(texts, i) for i in range(count)}


def key_in_mo(key: Key) -> str:
    joined = key.id if key.plural is None else f"{key.id}\0{key.plural}"
    return joined if key.context is None else f"{key.context}\4{joined}"


def used() -> list[Key]:
    """Every string that the sources mark for translation."""
    found: list[Key] = []
    for path in _sources("*.py"):
        found += _in_python(path)
    for path in _sources("*.html", "*.txt"):
        if "templates" in path.relative_to(ROOT).parts:
            found += _in_template(path)
    return found


def _sources(*patterns: str) -> Iterator[Path]:
    for pattern in patterns:
        for path in sorted(ROOT.rglob(pattern)):
            if path.relative_to(ROOT).parts[0] not in NO_SOURCES:
                yield path


def _in_python(path: Path) -> Iterator[Key]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = _translating_names(tree)
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        if (kind := names.get(node.func.id)) is None:
            continue
        place = f"{path.relative_to(ROOT)}:{node.lineno}"
        texts = [_constant(argument) for argument in node.args[: len(ARGUMENTS[kind])]]
        assert None not in texts, f"{place}: {kind} of something that is not a plain string"
        yield _key(kind, [text for text in texts if text is not None], place)


def _translating_names(tree: ast.AST) -> dict[str, str]:
    """The names by which a module calls gettext and its kin, such as _ → gettext."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            for alias in node.names:
                kind = alias.name.removesuffix("_lazy")
                if kind in ARGUMENTS:
                    names[alias.asname or alias.name] = kind
    return names


def _constant(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _in_template(path: Path) -> Iterator[Key]:
    place = str(path.relative_to(ROOT))
    for match in _IN_TEMPLATE.finditer(templatize(path.read_text(encoding="utf-8"))):
        kind = "gettext" if match[1] == "_" else match[1]
        texts = [ast.literal_eval(text) for text in match.groups()[1:] if text]
        yield _key(kind, texts[: len(ARGUMENTS[kind])], place)


def _key(kind: str, texts: list[str], place: str) -> Key:
    parts = dict(zip(ARGUMENTS[kind], texts, strict=True))
    return Key(parts["id"], parts.get("context"), parts.get("plural"), place)
