"""A file's bytes, unpacked where it is gzip, piece by piece and never more than a limit."""

import queue
import threading
import zlib
from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, TypeVar

from django.utils.translation import gettext as _

from evidence.errors import FileError

GZIP = b"\x1f\x8b"
PIECE = 2 << 20
PACKED = 256 << 10  # read at once: what is not unpacked yet is copied at each piece
AHEAD = 6  # pieces unpacked before they are asked for
MOST_UNPACKED = 10 * 2**30
FIRST = 1 << 20
STEP = 64

T = TypeVar("T")


def is_gzip(head: bytes) -> bool:
    return head.startswith(GZIP)


def first_bytes(path: Path, size: int = FIRST) -> bytes:
    """The first bytes of a file, unpacked as far as that goes."""
    with path.open("rb") as file:
        packed = file.read(size)
    if not is_gzip(packed):
        return packed
    unpacked, so_far, member = [], 0, zlib.decompressobj(wbits=31)
    with suppress(zlib.error):
        for start in range(0, len(packed), STEP):
            unpacked.append(member.decompress(packed[start : start + STEP], size))
            so_far += len(unpacked[-1])
            if so_far >= size:
                break
    return b"".join(unpacked)


def pieces(path: Path) -> Generator[bytes]:
    """The whole file. Unpacking runs in a thread of its own, a little ahead of the reader."""
    with path.open("rb") as file:
        packed = is_gzip(file.read(2))
        file.seek(0)
        if not packed:
            while piece := file.read(PIECE):
                yield piece
            return
        yield from ahead(_unpacked(file))


def _unpacked(file: BinaryIO) -> Iterator[bytes]:
    """gzip, also of several members; cut off, damaged or endless ones are refused."""
    total, member, rest = 0, zlib.decompressobj(wbits=31), b""
    while True:
        rest = rest or file.read(PACKED)
        if not rest:
            raise FileError(
                _("The compressed file is cut off. Upload it again, or compress it anew.")
            )
        try:
            piece = member.decompress(rest, PIECE)
        except zlib.error as error:
            raise FileError(
                _("The compressed file is damaged (%s). Compress it anew.") % error
            ) from None
        rest = member.unconsumed_tail
        total += len(piece)
        if total > MOST_UNPACKED:
            raise FileError(
                _("The file unpacks to more than %d GB. Split it by month.") % (MOST_UNPACKED >> 30)
            )
        if piece:
            yield piece
        if member.eof:
            rest = (member.unused_data or file.read(PACKED)).lstrip(b"\0")
            while not rest and (more := file.read(PACKED)):
                rest = more.lstrip(b"\0")
            if not rest:
                return
            member = zlib.decompressobj(wbits=31)


def ahead(source: Iterator[T]) -> Generator[T]:
    """The same pieces, made in a thread; it ends when the reader does."""
    ready: queue.Queue[T | BaseException | None] = queue.Queue(AHEAD)
    stopped = threading.Event()

    def put(item: T | BaseException | None) -> None:
        while not stopped.is_set():
            try:
                return ready.put(item, timeout=0.2)
            except queue.Full:
                continue

    def work() -> None:
        try:
            for piece in source:
                put(piece)
                if stopped.is_set():
                    return
            put(None)
        except BaseException as error:
            put(error)

    thread = threading.Thread(target=work, name="unpacking", daemon=True)
    thread.start()
    try:
        while (item := ready.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stopped.set()
        thread.join()
