"""The body of a call that posts evidence: JSON or JSON Lines, also packed, never too much."""

import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser
from rest_framework.utils.json import strict_constant

MOST_SENT = 20 * 2**20
MOST_UNPACKED = 40 * 2**20
BLOCK = 1 << 16


@dataclass(frozen=True)
class Body:
    """What was sent, unpacked, and what it says."""

    raw: bytes
    found: Any


class TooLarge(APIException):
    status_code = 413
    default_code = "too_large"


class UnknownPacking(APIException):
    status_code = 415
    default_code = "unknown_encoding"


class ItemsParser(BaseParser):
    """`application/json`: one document."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        headers = parser_context["request"].headers if parser_context else {}
        raw = _unpacked(stream, headers.get("Content-Encoding", ""))
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ParseError(
                _("The body must be UTF-8; byte %d is not.") % (error.start + 1)
            ) from None
        found = self.read(text)
        if "\\ud" in text or "\\uD" in text:
            _refuse_halves(found)
        return Body(raw, found)

    def read(self, text: str) -> Any:
        try:
            return json.loads(text, parse_constant=strict_constant)
        except RecursionError:
            raise ParseError(_("The JSON is nested too deeply.")) from None
        except ValueError as error:
            raise ParseError(_("The body is not JSON: %s") % error) from None


class ItemLinesParser(ItemsParser):
    """`application/x-ndjson`: an object a line."""

    media_type = "application/x-ndjson"

    def read(self, text: str) -> list[Any]:
        items = []
        for number, line in enumerate(text.split("\n"), start=1):
            if not line.strip():
                continue
            try:
                items.append(json.loads(line, parse_constant=strict_constant))
            except RecursionError:
                raise ParseError(_("The JSON is nested too deeply.")) from None
            except ValueError as error:
                told = {"line": number, "error": error}
                raise ParseError(_("Line %(line)d is not JSON: %(error)s") % told) from None
        return items


def _unpacked(stream: IO[Any], packing: str) -> bytes:
    packing = packing.strip().lower()
    if packing in ("", "identity"):
        return _joined(_sent(stream))
    if packing not in ("gzip", "x-gzip"):
        raise UnknownPacking(
            _("“Content-Encoding: %s” is not known here; use gzip, or none.") % packing[:40]
        )
    return _joined(_gunzipped(_sent(stream)))


def _sent(stream: IO[Any]) -> Iterator[bytes]:
    total = 0
    while block := stream.read(BLOCK):
        total += len(block)
        if total > MOST_SENT:
            raise TooLarge(_too_large(MOST_SENT))
        yield block


def _joined(blocks: Iterator[bytes]) -> bytes:
    """Never more in memory than allowed, however small it was packed."""
    raw = bytearray()
    for block in blocks:
        raw += block
        if len(raw) > MOST_UNPACKED:
            raise TooLarge(_too_large(MOST_UNPACKED))
    return bytes(raw)


def _gunzipped(blocks: Iterator[bytes]) -> Iterator[bytes]:
    member = zlib.decompressobj(wbits=31)
    begun = False
    try:
        for block in blocks:
            while block:
                if member.eof:
                    member, begun = zlib.decompressobj(wbits=31), False
                begun = True
                yield member.decompress(block, BLOCK)
                block = member.unused_data if member.eof else member.unconsumed_tail
        while begun and not member.eof and (rest := member.decompress(b"", BLOCK)):
            yield rest
    except zlib.error:
        raise ParseError(_("The body is not gzip, though it says so.")) from None
    if not begun or not member.eof:
        raise ParseError(_("The packed body is cut off."))


def _too_large(most: int) -> str:
    return _("The body is too large; at most %d MB are taken in one call. Send it in parts.") % (
        most // 2**20
    )


def _refuse_halves(found: Any) -> None:
    """Half a character (a lone surrogate) can be written in JSON, and nowhere else."""
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ParseError(_("The body holds half a character (a lone \\ud800–\\udfff).")) from None
