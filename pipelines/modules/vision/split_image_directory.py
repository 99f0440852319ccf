"""Split Image Directory: share images between two outputs."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Range, Seed, Title
from pipelines.kinds.images import Images
from pipelines.modelling.drawing import share_of, strata_of, stratified


class Parts(NamedTuple):
    """The two parts.

    Args:
        first: The given fraction of the images.
        second: All other images.
    """

    first: Images
    second: Images


@module(
    "Split Image Directory",
    icon="photo-share",
    aliases=("train test split", "holdout", "split images", "vision"),
    libraries=("numpy",),
    lineage=Lineage(rows="parts"),
)
def split_image_directory(
    images: Images,
    *,
    fraction: Annotated[float, Range(0, 1)] = 0.9,
    keep_shares: Annotated[bool, Title("Keep the shares of classes")] = True,
    seed: Seed = Seed(0),
) -> Parts:
    """Split images at random into two outputs.

    The first output gets fraction × images, rounded down; both keep the order of the images. Of n images, those drawn at random are the first of
    `numpy.random.Generator(numpy.random.PCG64(seed)).permutation(n)`. To keep the shares of classes, the fraction applies to each class, rounded down, and
    the remaining images come one each from the classes with the largest remainders; images without a label are a class. The number of images in each
    output is the same either way.

    When to use:
        Before training, to keep images aside that the model has not seen; test on those.

    Args:
        images: The images to split.
        fraction: The fraction of the images in the first output, from 0 to 1.
        keep_shares: Draw from each class its share, so that both outputs have classes in the same proportions.
        seed: The random seed; the same seed gives the same images.

    Example:
        fraction: 0.8
    """
    order = np.random.Generator(np.random.PCG64(seed)).permutation(len(images))
    drawn = (
        stratified(order, strata_of(images.frame.select("label")), fraction) if keep_shares else order[: share_of(fraction, len(images))]
    )
    first = np.zeros(len(images), dtype=bool)
    first[drawn] = True
    return Parts(images.with_frame(images.frame.filter(first)), images.with_frame(images.frame.filter(~first)))
