"""Recipes: operations on images as plain data, so that they can be stored, shown, and applied when an image is loaded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Table, Transform
from pipelines.catalogue.transforms import applies
from pipelines.modelling.images.decoding import MOST_PIXELS

if TYPE_CHECKING:
    from PIL import Image

NAME = "image_operations"
OPERATION = "operation"
AGAIN = "Run the module that creates the transformation again."


@dataclass(frozen=True)
class Recipe:
    """Operations in their order: each is {"operation": its name in `operations.py`, and its settings}."""

    steps: tuple[Mapping[str, Any], ...] = ()

    @property
    def is_random(self) -> bool:
        """Whether loading an image twice may give two results."""
        return self.without_chance != self

    @property
    def without_chance(self) -> Recipe:
        """The recipe without its random operations."""
        from pipelines.modelling.images.operations import RANDOM

        return Recipe(tuple(step for step in self.steps if step[OPERATION] not in RANDOM))

    @property
    def transform(self) -> Transform:
        """The recipe as a transformation."""
        return Transform(NAME, {"steps": [dict(step) for step in self.steps]})

    def then(self, other: Recipe) -> Recipe:
        """Return the operations of both, the other ones last."""
        return Recipe((*self.steps, *other.steps))

    def apply(self, image: Image.Image, generator: np.random.Generator | None) -> Image.Image:
        """Return an RGB image changed by the operations.

        Raises:
            ModuleError: `image_too_large`, when an image would grow beyond what memory should hold.
        """
        from pipelines.modelling.images.operations import FIXED, resized

        for step in self.steps:
            name, settings = step[OPERATION], {key: value for key, value in step.items() if key != OPERATION}
            width, height = resized(image.size, settings["size"]) if name == "resize" else image.size
            if width * height > MOST_PIXELS:
                raise ModuleError(
                    "image_too_large",
                    f"An image of {image.width:,} × {image.height:,} pixels would have {width:,} × {height:,} after “Resize”.",
                    remedy="Choose a smaller size, or leave the image out.",
                )
            image = FIXED[name](image, **settings) if name in FIXED else _chance(name, image, generator, settings)
        return image


@applies(NAME)
def _refuse(table: Table, state: Mapping[str, Any]) -> Table:
    words = "The transformation is for images, not for tables."
    raise ModuleError("image_transform", words, port="transform", remedy="Use Apply Image Transformation, which takes images.")


def recipe_of(transform: Transform) -> Recipe:
    """Return the recipe that a transformation is.

    Raises:
        ModuleError: `tabular_transform` for one of tables, `unknown_transform` for one of another version of Easel.
    """
    if transform.name != NAME:
        raise ModuleError(
            "tabular_transform",
            "The transformation is for tables, not for images.",
            port="transform",
            remedy="Connect Create Image Transformation, or use Apply Transformation for a table.",
        )
    steps = checked(transform.state.get("steps", ()))
    if steps is None:
        words = "This version of Easel does not support an operation of the transformation."
        raise ModuleError("unknown_transform", words, port="transform", remedy=AGAIN)
    return Recipe(steps)


def checked(steps: Iterable[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...] | None:
    """Return operations if all of them, with these settings, are known."""
    from inspect import signature

    from pipelines.modelling.images.operations import FIXED, RANDOM

    known = {**FIXED, **RANDOM}
    found = tuple(steps)
    for step in found:
        operation = known.get(step.get(OPERATION, ""))
        wanted = operation and {name for name, each in signature(operation).parameters.items() if each.kind is each.KEYWORD_ONLY}
        if wanted is None or wanted | {OPERATION} != set(step):
            return None
    return found


def _chance(name: str, image: Image.Image, generator: np.random.Generator | None, settings: Mapping[str, Any]) -> Image.Image:
    from pipelines.modelling.images.operations import RANDOM

    assert generator is not None, f"“{name}” is random: a generator must be given"
    return RANDOM[name](image, generator, **settings)
