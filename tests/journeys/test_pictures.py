"""Pictures: taken in small and plain, shown to members only, refused with a reason."""

import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.access import Role
from accounts.models import User, Workspace
from journeys.models import Picture
from journeys.pictures import NotAPicture, add_picture
from tests.journeys.pictures import a_picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def shown(picture: Picture) -> Image.Image:
    return Image.open(BytesIO(picture.path.read_bytes()))


def test_a_large_photograph_becomes_small_and_loses_its_metadata(workspace: Workspace) -> None:
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    exif[0x0112] = 6  # lies on its side
    raw = a_picture("JPEG", (4000, 2000), colour=(200, 30, 30), exif=exif.tobytes())
    picture = add_picture(workspace=workspace, raw=raw)
    image = shown(picture)
    assert (image.size, image.format, picture.kind) == ((800, 1600), "JPEG", "jpeg")
    assert (picture.width, picture.height) == image.size
    assert not image.getexif() and b"A camera" not in picture.path.read_bytes()


def test_what_is_see_through_stays_so(workspace: Workspace) -> None:
    image = shown(add_picture(workspace=workspace, raw=a_picture(mode="RGBA", colour=(9, 9, 9, 0))))
    assert (image.format, image.mode, image.getpixel((0, 0))) == ("PNG", "RGBA", (9, 9, 9, 0))


MODES = {
    "PNG": ["1", "L", "LA", "P", "I;16"],
    "TIFF": ["1", "L", "LA", "P", "CMYK", "I;16"],
    "JPEG": ["1", "L", "CMYK"],
    "WEBP": ["L", "P", "RGBA"],
    "GIF": ["1", "L", "P"],
    "BMP": ["1", "L", "P"],
}


@pytest.mark.parametrize(("kind", "mode"), [(k, m) for k, modes in MODES.items() for m in modes])
def test_every_kind_of_picture_is_read(workspace: Workspace, kind: str, mode: str) -> None:
    raw = a_picture(kind, mode=mode)
    assert shown(add_picture(workspace=workspace, raw=raw)).size == (40, 30)


def test_the_same_picture_again_is_the_one_that_is_there(workspace: Workspace) -> None:
    one, again = (add_picture(workspace=workspace, raw=a_picture("JPEG")) for _ in "12")
    assert one == again and len(list(one.path.parent.iterdir())) == 1


def a_bomb(width: int, height: int) -> bytes:
    """A PNG of few bytes that says it is huge."""

    def chunk(name: bytes, content: bytes) -> bytes:
        total = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", total)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


REFUSED = {
    "text": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is no picture"),
    "nothing": (b"", "is no picture"),
    "half a picture": (a_picture("JPEG", (900, 900))[:700], "is damaged"),
    "a bomb of 51 million pixels": (a_bomb(7_150, 7_150), "at most 50 million pixels"),
    "a bomb of 10,000 million pixels": (a_bomb(100_000, 100_000), "at most 50 million pixels"),
    "a file too large": (a_picture() + b"\0" * 10 * 2**20, "at most 10 MB"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_is_no_picture_is_refused_with_a_reason(workspace: Workspace, why: str) -> None:
    raw, reason = REFUSED[why]
    with pytest.raises(NotAPicture, match=reason):
        add_picture(workspace=workspace, raw=raw)
    assert not Picture.objects.exists()


def test_a_designer_uploads_and_every_member_sees(
    workspace: Workspace, member, stranger: User, client_for
) -> None:
    base = f"/w/{workspace.slug}/journeys/"
    file = SimpleUploadedFile("a.png", a_picture(), "image/png")
    told = client_for(member(Role.DESIGNER)).post(f"{base}add/picture/", {"picture": file}).json()
    assert (told["width"], told["height"]) == (40, 30)
    assert told["url"] == f"{base}pictures/{told['id']}/"
    answer = client_for(member(Role.VIEWER)).get(told["url"])
    assert answer["Content-Type"] == "image/png" and "immutable" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff" and "private" in answer["Cache-Control"]
    assert Image.open(BytesIO(answer.content)).size == (40, 30)
    assert client_for(stranger).get(told["url"]).status_code == 404
    own = f"/w/{stranger.memberships.get().workspace.slug}/journeys/pictures/{told['id']}/"
    assert client_for(stranger).get(own).status_code == 404


def test_an_upload_that_is_no_picture_says_why(
    workspace: Workspace, owner: User, client_for
) -> None:
    address = f"/w/{workspace.slug}/journeys/add/picture/"
    client = client_for(owner)
    assert "Expected a file" in client.post(address).json()["error"]
    answer = client.post(address, {"picture": SimpleUploadedFile("a.png", b"no picture")})
    assert answer.status_code == 422 and "is no picture" in answer.json()["error"]
