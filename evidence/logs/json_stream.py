"""The lists of one large JSON object, element by element, without holding the whole."""

import codecs
import json
from collections.abc import Iterator

from django.utils.translation import gettext as _

from evidence.errors import FileError

MOST_ELEMENT = 16 << 20  # letters of one element
_BLANKS = " \t\r\n"
_decoder = json.JSONDecoder()


def elements(source: Iterator[bytes]) -> Iterator[tuple[str, object]]:
    """Each element of each list in the outermost object, with the list's key.

    What else stands there is left out. FileError where it is no such JSON.
    """
    yield from _Reader(source).read()


class _Reader:
    def __init__(self, source: Iterator[bytes]) -> None:
        self.source = source
        self.letters = codecs.getincrementaldecoder("utf-8-sig")()
        self.text, self.at, self.done = "", 0, False
        self.passed = 0  # letters thrown away already

    def read(self) -> Iterator[tuple[str, object]]:
        self._expect("{")
        if self._peek() == "}":
            return
        while True:
            key = self._value()
            if not isinstance(key, str):
                raise self._wrong(_("a key that is no text"))
            self._expect(":")
            if self._peek() == "[":
                for element in self._list():
                    yield key, element
            else:
                self._value()
            if self._expect(",}") == "}":
                break
        if self._peek():
            raise self._wrong(_("something stands behind the end"))

    def _list(self) -> Iterator[object]:
        self._expect("[")
        if self._peek() == "]":
            self.at += 1
            return
        while True:
            yield self._value()
            if self._expect(",]") == "]":
                return

    def _expect(self, letters: str) -> str:
        found = self._peek()
        if not found:
            raise self._wrong(_("the file is cut off"))
        if found not in letters:
            raise self._wrong(_("“%(found)s” where “%(wanted)s” was expected") % {
                "found": found, "wanted": letters[0],
            })  # fmt: skip
        self.at += 1
        return found

    def _peek(self) -> str:
        """The next letter that is no blank; nothing at the end."""
        while True:
            while self.at < len(self.text) and self.text[self.at] in _BLANKS:
                self.at += 1
            if self.at < len(self.text):
                return self.text[self.at]
            if not self._more():
                return ""

    def _more(self) -> bool:
        """At least doubles what is there, so that long elements are not tried too often."""
        if self.done:
            return False
        self.passed += self.at
        parts, self.at = [self.text[self.at :]], 0
        wanted = max(1, len(parts[0]))
        try:
            while wanted > 0 and (piece := next(self.source, None)) is not None:
                parts.append(self.letters.decode(piece))
                wanted -= len(parts[-1])
            if wanted > 0:
                self.done = True
                parts.append(self.letters.decode(b"", final=True))
        except UnicodeDecodeError:
            raise FileError(_("The event log is not in UTF-8, as JSON has to be.")) from None
        self.text = "".join(parts)
        return True

    def _value(self) -> object:
        self._peek()
        while True:
            try:
                value, end = _decoder.raw_decode(self.text, self.at)
                if end < len(self.text) or self.done:  # a number may go on
                    self.at = end
                    return value
            except RecursionError:
                raise self._wrong(_("it is nested too deeply")) from None
            except ValueError as error:
                if self.done:
                    told = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
                    raise self._wrong(told) from None
            if len(self.text) - self.at > MOST_ELEMENT:
                raise self._wrong(
                    _("an element is broken, or longer than %d million letters")
                    % (MOST_ELEMENT // 1_000_000)
                )
            self._more()

    def _wrong(self, why: str) -> FileError:
        return FileError(
            _("The event log is no valid JSON, or cut off: %(why)s (about letter %(place)d).")
            % {"why": why, "place": self.passed + self.at + 1}
        )
