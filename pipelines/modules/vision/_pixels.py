"""Rows of pixel values as image files."""

from __future__ import annotations

from math import isqrt
from typing import Literal

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.reporting import log, progress
from pipelines.kinds.images import Images
from pipelines.modelling.images.decoding import MOST_PIXELS, encoded
from pipelines.modelling.numbers import need_numbers
from pipelines.modules.vision._reading import numbered, told

CHUNK = 8_000_000  # values at a time
Colors = Literal["gray", "interleaved", "planes"]


def of_pixels(frame: pl.DataFrame, columns: list[str], labels: pl.Series, width: int | None, colors: Colors, white: float) -> Images:
    """An image of each row, whose values are its pixels line by line.

    Raises:
        ModuleError: `not_a_number`, `pixel_count` or `no_images`.
    """
    need_numbers(frame, columns)
    height, width = _sides(len(columns), width, colors)
    step = max(1, CHUNK // len(columns))
    images: list[bytes | None] = []
    clipped, brightest = 0, -np.inf
    for start in range(0, frame.height, step):
        progress(start, frame.height, "Drawing images")
        values = frame[columns][start : start + step].cast(pl.Float64).to_numpy(order="c")
        known = np.isfinite(values).all(axis=1)
        scaled = np.rint(values[known] / white * 255)
        clipped += int(((scaled < 0) | (scaled > 255)).sum())
        brightest = max(brightest, values[known].max(initial=-np.inf))
        pixels = iter(_shaped(np.clip(scaled, 0, 255).astype(np.uint8), height, width, colors))
        images += [_file(next(pixels)) if is_known else None for is_known in known]
    _tell(clipped, float(brightest), white)
    drawn = numbered(pl.Series("image", images, dtype=pl.Binary), labels)
    drawn = drawn.with_columns(pl.col("name") + ".png")
    left_out = [(name, "a pixel is missing or infinite") for name in drawn.filter(pl.col("image").is_null())["name"]]
    return told(drawn.drop_nulls("image"), left_out)


def _sides(values: int, width: int | None, colors: Colors) -> tuple[int, int]:
    """Height and width of an image of so many values."""
    channels = 1 if colors == "gray" else 3
    pixels, rest = divmod(values, channels)
    wide = width or isqrt(pixels)
    if rest or not pixels or pixels % wide or (width is None and wide * wide != pixels):
        shape = f"{wide:,} pixels wide" if width else "square"
        words = f"{counted(values, 'value')} of each row do not make an image that is {shape}{' in colour' if channels == 3 else ''}."
        remedy = "Select the columns of pixels only (1 for each in gray, 3 in colour), and give the width if images are not square."
        raise ModuleError("pixel_count", words, port="table", param="columns", remedy=remedy)
    if pixels > MOST_PIXELS:
        raise ModuleError("pixel_count", f"{pixels:,} pixels are too many.", port="table", param="columns", remedy="Select fewer columns.")
    return pixels // wide, wide


def _shaped(values: np.ndarray, height: int, width: int, colors: Colors) -> np.ndarray:
    if colors == "gray":
        return values.reshape(-1, height, width)
    if colors == "interleaved":
        return values.reshape(-1, height, width, 3)
    return np.ascontiguousarray(values.reshape(-1, 3, height, width).transpose(0, 2, 3, 1))


def _file(pixels: np.ndarray) -> bytes:
    from PIL import Image

    return encoded(Image.fromarray(pixels))


def _tell(clipped: int, brightest: float, white: float) -> None:
    if clipped:
        log(f"{counted(clipped, 'pixel')} below 0 or above {white:g} were drawn black or white.", "warning")
    if 0 < brightest < white / 4:
        log(f"The largest pixel value is {brightest:g}, so that images are dark: “Value of white” is {white:g}.", "warning")
