"""Labelled images as a training takes them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import counted, listed
from pipelines.catalogue.reporting import log
from pipelines.kinds.images import Images
from pipelines.modules.vision._batches import Pixels
from pipelines.modules.vision._training import Labelled


def training_examples(images: Images) -> tuple[Labelled, tuple[str, ...]]:
    """Return the labelled images, and their classes.

    Raises:
        ModuleError: `no_labels`, `one_class` or `too_few_images`.
    """
    classes = images.classes
    if not classes:
        words = f"None of {counted(len(images), 'image')} has a label." if len(images) else "There is no image."
        raise ModuleError("no_labels", words, port="training", remedy="Use images in one folder for each class.")
    if len(classes) == 1:
        words = f"All labelled images are of the class “{classes[0]}”; a model needs at least two classes."
        raise ModuleError("one_class", words, port="training", remedy="Add images of other classes.")
    return _labelled(images, classes, "training"), classes


def validation_examples(images: Images | None, classes: tuple[str, ...]) -> Labelled | None:
    """Return the images that a network is judged by, without random operations; None if there are none."""
    if images is None:
        return None
    if images.training and images.recipe.is_random:
        log("Random operations are not applied to the validation images.")
    found = _labelled(replace(images, training=False), classes, "validation")
    if len(found.targets):
        return found
    log("No validation image has a class of the training images, so the training is judged without them.", "warning")
    return None


def _labelled(images: Images, classes: tuple[str, ...], what: str) -> Labelled:
    labels = images.frame["label"]
    if lost := labels.null_count():
        log(f"{counted(lost, f'{what} image')} without a label {'is' if lost == 1 else 'are'} left out.", "warning")
    if strange := sorted(set(images.classes) - set(classes)):
        many = int(labels.is_in(strange).sum())
        log(
            f"{counted(many, f'{what} image')} of {listed(strange)}, which no training image has, {'is' if many == 1 else 'are'} left out.",
            "warning",
        )
    kept = images.frame if not lost and not strange else images.frame.filter(pl.col("label").is_in(classes))
    places = {name: place for place, name in enumerate(classes)}
    return Labelled(Pixels(images.with_frame(kept)), np.array([places[label] for label in kept["label"]], np.int64))
