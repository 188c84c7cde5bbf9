"""Files with something wrong: bytes changed, taken out, doubled or moved; by a seed."""

import io
import random
import zipfile

JUNK = (
    b"<", b">", b'"', b"&", b"\0", b"]", b"}", b"{", b",", b";", b"\t", b"\r", b"\n", b"\\", b"'",
    b"\xff\xfe", b"\xef\xbb\xbf", b"\xe7\xbd", b"1e999", b"-", b"NaN", b"9" * 40, b"=1+1",
)  # fmt: skip


def damaged(raw: bytes, seed: int) -> bytes:
    chance, made = random.Random(seed), bytearray(raw)
    for _ in range(chance.randint(1, 5)):
        at, size = chance.randrange(len(made)), chance.choice([1, 1, 2, 9, 60, 400])
        piece = made[at : at + size]
        match chance.randrange(6):
            case 0:
                made[at : at + size] = chance.randbytes(len(piece))
            case 1:
                del made[at : at + size]
            case 2:
                made[at:at] = piece * chance.choice([1, 3, 50, 2000])
            case 3:
                made[at:at] = chance.choice(JUNK)
            case 4:
                del made[at:]
            case _:
                made[at : at + size] = b""
                to = chance.randrange(len(made) or 1)
                made[to:to] = piece
        made = made or bytearray(b" ")
    return bytes(made)


def damaged_inside(archive: bytes, seed: int) -> bytes:
    """A ZIP whose parts are damaged and which is whole itself."""
    chance, made = random.Random(seed), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(made, "w") as target:
        parts = source.namelist()
        unlucky = {p for p in parts if p.startswith("xl/") and chance.random() < 0.4}
        for part in parts:
            content = source.read(part)
            if part in (unlucky or {"xl/worksheets/sheet1.xml"}):
                content = damaged(content, chance.randrange(2**32))
            target.writestr(part, content)
    return made.getvalue()
