"""Small labelled images, networks and models for the tests of training and scoring; torch is imported by what needs it."""

import io
from functools import cache

import numpy as np
import polars as pl
import pytest

from pipelines.catalogue.extras import is_installed
from pipelines.kinds.images import SCHEMA, Images
from tests.support.module_runner import dataset, only

needs_torch = pytest.mark.skipif(not is_installed("torch"), reason="the extra vision is not installed: make setup EXTRAS=vision")
FAST = {"epochs": 2, "batch_size": 16, "learning_rate": 0.01, "threads": 1}


def png(pixels: np.ndarray) -> bytes:
    """An image file of bytes: rows and columns, or rows, columns and colours."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(np.asarray(pixels, np.uint8)).convert("RGB").save(file, "PNG")
    return file.getvalue()


def images_of(pictures: list[np.ndarray], labels: list[str | None], **more: object) -> Images:
    """Images of arrays of pixels."""
    rows = {"name": [f"{at}.png" for at in range(len(labels))], "label": labels, "image": [png(picture) for picture in pictures]}
    return Images(pl.DataFrame(rows, schema=SCHEMA), **more)


@cache
def digits(first: int = 0, many: int = 48, of: int = 10) -> Images:
    """Handwritten digits as images of 8 x 8 pixels; `of` takes those below a number."""
    frame = dataset("digits").frame.filter(pl.col("digit").cast(pl.Int64) < of)[first : first + many]
    pictures = [np.array(row[1:]).reshape(8, 8) * 255 // 16 for row in frame.rows()]
    return images_of(pictures, frame["digit"].to_list())


@cache
def network(**settings: int):
    """A small untrained network."""
    return only("vision.small_convolutional_network", {"blocks": 2, "filters": 4} | settings)


@cache
def model():
    """A small trained model."""
    return only("vision.train_pytorch_model", FAST, network=network(), training=digits())
