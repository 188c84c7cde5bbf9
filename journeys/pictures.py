"""Taking pictures in: checked, made small enough, written anew so that nothing but pixels stays.

A picture is known by the SHA-256 of the file written here, so it never changes under its address.
"""

import os
import warnings
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from accounts.models import User, Workspace
from journeys.errors import JourneyError
from journeys.models import Picture

MAX_BYTES = 10 * 2**20
MAX_PIXELS = 50_000_000
LONGEST_SIDE = 1600
MUCH_BYTES = 2**20
READABLE = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF")


class NotAPicture(JourneyError):
    """An uploaded file that cannot be taken in, and why."""


def add_picture(*, workspace: Workspace, raw: bytes, user: User | None = None) -> Picture:
    """Takes the file in; the same picture again is the one that is there."""
    image, was_drawn = _opened(raw)
    content, kind = _written(image, was_drawn=was_drawn)
    key = sha256(content).hexdigest()
    with transaction.atomic():
        picture, _is_new = Picture.objects.get_or_create(
            workspace=workspace,
            sha256=key,
            defaults={
                "kind": kind,
                "width": image.width,
                "height": image.height,
                "size": len(content),
                "made_by": user,
            },
        )
        _keep(picture.path, content)
    return picture


def _opened(raw: bytes) -> tuple[Image.Image, bool]:
    """The picture upright and at most as large as it is kept, and whether a program drew it."""
    if len(raw) > MAX_BYTES:
        raise NotAPicture(
            _("A picture's file has at most %(limit)d MB; this one has %(size).1f MB.")
            % {"limit": MAX_BYTES // 2**20, "size": len(raw) / 2**20}
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(BytesIO(raw), formats=READABLE)
            _refuse_too_many_pixels(image)
            # A large JPEG is read at an eighth, a quarter or a half where that is enough.
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            image.load()
    except NotAPicture:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise NotAPicture(_too_many_pixels()) from None
    except UnidentifiedImageError:
        raise NotAPicture(
            _("This file is no picture that can be shown here; expected JPEG, PNG, WebP or GIF.")
        ) from None
    except Exception:  # decoders of damaged files raise whatever they like
        raise NotAPicture(_("This picture is damaged: it cannot be read to its end.")) from None
    was_drawn = image.format in ("PNG", "GIF", "BMP")
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return upright, was_drawn


def _refuse_too_many_pixels(image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise NotAPicture(_too_many_pixels())


def _too_many_pixels() -> str:
    return _("A picture has at most %d million pixels.") % (MAX_PIXELS // 1_000_000)


def _written(image: Image.Image, *, was_drawn: bool) -> tuple[bytes, str]:
    """The file to keep, and its kind.

    PNG, which keeps every pixel, for what is see-through, and for drawings and screenshots unless
    that takes much room, as it does of photographs; else JPEG.
    """
    see_through = "A" in image.getbands() or "transparency" in image.info
    if see_through or was_drawn:
        buffer = BytesIO()
        plain = image.convert("RGBA" if see_through else "RGB")
        _without_info(plain).save(buffer, "PNG", optimize=True)
        if see_through or buffer.tell() <= MUCH_BYTES:
            return buffer.getvalue(), Picture.Kind.PNG
    buffer = BytesIO()
    _without_info(image.convert("RGB")).save(buffer, "JPEG", quality=85, optimize=True)
    return buffer.getvalue(), Picture.Kind.JPEG


def _without_info(image: Image.Image) -> Image.Image:
    """Pixels only: no place, camera, author, thumbnail or colour profile."""
    image.info.clear()
    return image


def _keep(path: Path, content: bytes) -> None:
    """Writes the file in one go: it is there whole or not at all."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)
