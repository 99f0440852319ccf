"""Image files as pixels. Anybody may have made them: only known formats are opened, and a size is judged before anything is unpacked."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PIL import Image

FORMATS = ("JPEG", "PNG", "BMP", "PPM", "TIFF", "WEBP", "GIF")  # PPM reads PGM and PBM as well
ENDINGS = frozenset({"jpg", "jpeg", "png", "bmp", "ppm", "pgm", "pbm", "tif", "tiff", "webp", "gif"})
MOST_PIXELS = 50_000_000  # 150 MB in memory
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
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of metadata that say nothing about pixels
            image.load()
            image = ImageOps.exif_transpose(image)
            return _in_rgb(image)
    except Unreadable:
        raise
    except Exception as wrong:  # each decoder has exceptions of its own
        raise Unreadable(f"it is damaged: {_said(wrong)}") from wrong


def encoded(image: Image.Image) -> bytes:
    """Return a PNG file of pixels."""
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=1)
    return file.getvalue()


def _opened(content: bytes) -> Image.Image:
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the size is judged below
            image = Image.open(io.BytesIO(content), formats=FORMATS)
    except UnidentifiedImageError as wrong:
        raise Unreadable("it is not an image in a supported format" if content else "it is empty") from wrong
    except Image.DecompressionBombError as wrong:
        raise Unreadable(f"it has more than {MOST_PIXELS:,} pixels") from wrong
    except Exception as wrong:
        raise Unreadable(f"it is damaged: {_said(wrong)}") from wrong
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise Unreadable(f"it has {width:,} × {height:,} pixels; at most {MOST_PIXELS:,} are allowed")
    return image


def _in_rgb(image: Image.Image) -> Image.Image:
    """Pillow's own conversion cuts 16 bits off at 255 and leaves what hides behind transparency."""
    from PIL import Image

    if image.mode == "RGB":
        return image
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8)).convert("RGB")
    if image.mode in ("I", "F"):
        raise Unreadable("its pixels have 32 bits; 8 or 16 are supported")
    if image.has_transparency_data:
        seen = image.convert("RGBA")
        ground = Image.new("RGB", seen.size, WHITE)
        ground.paste(seen, mask=seen.getchannel("A"))
        return ground
    return image.convert("RGB")


def _said(wrong: Exception) -> str:
    return (str(wrong).splitlines() or [type(wrong).__name__])[0][:200].rstrip(".")
