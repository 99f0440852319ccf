"""Apply Image Transformation: change images by the operations of a recipe."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Titles
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Transform
from pipelines.catalogue.reporting import log
from pipelines.kinds.images import Images
from pipelines.modelling.images.recipe import recipe_of

Mode = Annotated[Literal["training", "inference"], Titles(training="For training", inference="For inference")]


@module(
    "Apply Image Transformation",
    icon="photo-cog",
    aliases=("augment", "preprocess images", "resize", "crop", "vision"),
    libraries=("numpy", "pillow"),
    lineage=Lineage(rows="same"),
)
def apply_image_transformation(transform: Transform, images: Images, *, mode: Mode = "training") -> Images:
    """Add the operations of an image transformation to images; they apply whenever an image is loaded.

    The image files stay as they are, so nothing is lost and nothing is stored twice, and random operations give another picture of an image in each epoch.
    In the mode For inference, all random operations are left out, those of an earlier transformation too: each image is always the same picture. The
    report shows the images after the operations; random ones are drawn for it once, with the seed 0.

    When to use:
        In the mode For training, for the images that a model is trained on. In the mode For inference, for those that it is tested on or scores.

    Args:
        transform: The operations, from Create Image Transformation.
        images: The images.
        mode: Whether random operations apply.

    Returns:
        The images with their operations.

    Example:
        transform: {"vision.create_image_transformation": {"resize_to": 64, "center_crop": false, "random_horizontal_flip": false, "random_rotation": true}}
    """
    recipe = images.recipe.then(recipe_of(transform))
    if mode == "training":
        return replace(images, recipe=recipe, training=True, left_out=())
    fixed = recipe.without_chance
    if left := len(recipe.steps) - len(fixed.steps):
        log(f"{counted(left, 'random operation is', 'random operations are')} left out for inference.")
    return replace(images, recipe=fixed, training=False, left_out=())
