"""Image files as pixels. Anybody may have made them: only known formats are opened, and a size is judged before anything is unpacked."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PIL import Image

FORMATS = ("JPEG", "PNG", "BMP", "PPM", "TIFF", "WEBP", "GIF")  # PPM reads PGM and PBM as well
ENDINGS = frozenset({"jpg", "jpeg", "png", "bmp", "ppm", "pgm", "pbm", "tif", "tiff", "webp", "gif"})
MOST_PIXELS = 50_000_000  # 150 MB in memory
_ENDING = {"JPEG": "jpg", "TIFF": "tif"}
WHITE = (255, 255, 255)


class Unreadable(ValueError):
    """A file that is no image that can be read; the text says why."""


def size_of(content: bytes) -> tuple[int, int]:
    """Return width and height as the file's header says them, unturned.

    Raises:
        Unreadable: When it is no image, or too large.
    """
    return _opened(content).size


def decoded(content: bytes) -> Image.Image:
    """Return the first picture of a file in RGB, upright as its EXIF data say; what is transparent gets a white ground.

    Raises:
        Unreadable: When it is no image, damaged or too large.
    """
    from PIL import ImageOps

    image = _opened(content)
    try:
        image.load()
        return _in_rgb(ImageOps.exif_transpose(image), image.format == "PPM")
    except Unreadable:
        raise
    except Exception as wrong:  # each decoder has exceptions of its own
        raise _damaged(wrong) from wrong


def check(content: bytes) -> str:
    """Check that an image can be read to its end, and return the usual ending of its format.

    A JPEG file is decoded at an eighth of its size, which takes less time.

    Raises:
        Unreadable: When it is no image, damaged or too large.
    """
    image = _opened(content)
    try:
        if image.format == "JPEG":
            image.draft("RGB", (1, 1))
            image.load()
        else:
            decoded(content)
        return _ENDING.get(image.format or "", (image.format or "").lower())
    except Unreadable:
        raise
    except Exception as wrong:
        raise _damaged(wrong) from wrong


def encoded(image: Image.Image) -> bytes:
    """Return a PNG file of pixels."""
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=1)
    return file.getvalue()


def _opened(content: bytes) -> Image.Image:
    from PIL import Image, UnidentifiedImageError

    try:
        image = Image.open(io.BytesIO(content), formats=FORMATS)
    except UnidentifiedImageError as wrong:
        raise Unreadable("it is not an image in a supported format" if content else "it is empty") from wrong
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as wrong:  # the warning, where warnings are errors
        raise Unreadable(f"it has more than {MOST_PIXELS:,} pixels") from wrong
    except Exception as wrong:
        raise _damaged(wrong) from wrong
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise Unreadable(f"it has {width:,} × {height:,} pixels; at most {MOST_PIXELS:,} are allowed")
    return image


def _in_rgb(image: Image.Image, spread: bool) -> Image.Image:
    """Pillow's own conversion cuts 16 bits off at 255, and shows what transparency hides. `spread`: values of mode I are brought to 16 bits."""
    from PIL import Image

    if image.mode.startswith("I;16") or (image.mode == "I" and spread):
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8)).convert("RGB")
    if image.mode in ("I", "F"):
        raise Unreadable("its pixels have 32 bits; 8 or 16 are supported")
    if image.has_transparency_data:
        seen = image.convert("RGBA")
        ground = Image.new("RGB", seen.size, WHITE)
        ground.paste(seen, mask=seen.getchannel("A"))
        return ground
    return image.convert("RGB")


def _damaged(wrong: Exception) -> Unreadable:
    said = (str(wrong).splitlines() or [type(wrong).__name__])[0][:200].rstrip(".")
    return Unreadable(f"it is damaged ({said})")
