"""Two real photos, which scikit-learn brings along."""

from functools import cache
from importlib.resources import files

from PIL import Image

from pipelines.modelling.images.decoding import decoded


@cache
def content(name: str) -> bytes:
    """The file of a photo: china or flower."""
    return (files("sklearn.datasets") / "images" / f"{name}.jpg").read_bytes()


def photo(name: str = "china") -> Image.Image:
    """A photo in RGB, 640 by 427 pixels."""
    return decoded(content(name))
