"""Create Image Transformation: a recipe of operations on images."""

from __future__ import annotations

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.catalogue.ports import Transform
from pipelines.modelling.images.recipe import Recipe
from pipelines.modules.vision._settings import Coloring, Cropping, Disturbing, Flipping, Framing, Turning


@module(
    "Create Image Transformation",
    icon="photo-edit",
    aliases=("Init Image Transformation", "augmentation", "data augmentation", "resize", "crop", "flip", "rotate", "torchvision", "vision"),
)
def create_image_transformation(
    *, framing: Framing, coloring: Coloring, cropping: Cropping, flipping: Flipping, turning: Turning, disturbing: Disturbing
) -> Transform:
    """Choose the operations that bring images to one size, and those that vary them at random for training.

    They apply in the order of the settings, whenever an image is loaded. Random ones, from Random resized crop to Random erasing and Color jitter, are
    drawn again each time, so that a model sees another picture of each image in each epoch; Apply Image Transformation in the mode For inference leaves
    them out. So bring images to their size with Resize and Center crop, which apply in both modes. The operations give what those of torchvision give;
    rotation, affine transformation and perspective interpolate between pixels. Where an image does not reach, the result is black.

    Source: torchvision transforms (https://docs.pytorch.org/vision/stable/transforms.html).

    When to use:
        Before training a model of images: models want images of one size, and random variation is the cheapest way to have more of them.

    Returns:
        The operations, for Apply Image Transformation.

    Example:
        in: vision.apply_image_transformation
    """
    _check(cropping.smallest_area, cropping.largest_area, "largest_area")
    _check(disturbing.smallest_erased, disturbing.largest_erased, "largest_erased")
    return Recipe(tuple(step for group in (framing, coloring, cropping, flipping, turning, disturbing) for step in group.steps)).transform


def _check(low: float, high: float, param: str) -> None:
    if low > high:
        words = f"The largest area, {high:g}, is below the smallest, {low:g}."
        raise ModuleError("bad_range", words, param=param, remedy="Choose a larger share, or a smaller smallest one.")
