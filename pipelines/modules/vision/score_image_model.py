"""Score Image Model: the class of each image, as a trained image model sees it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import polars as pl

from pipelines.catalogue.module import module
from pipelines.catalogue.params import Range
from pipelines.catalogue.ports import Model, Table
from pipelines.catalogue.reporting import log, progress
from pipelines.kinds.image_model import ImageModel
from pipelines.kinds.images import Images
from pipelines.modelling.predictions import with_scores
from pipelines.modelling.tasks import tasks
from pipelines.modules.vision._architectures import LIBRARIES, build
from pipelines.modules.vision._batches import Pixels, batch, check_size, reproducible

BATCH = 64
LABEL = "label"


@dataclass(frozen=True)
class _Predicted:
    """The probabilities of all images, as tasks ask an estimator for them."""

    classes_: list[str]
    chances: np.ndarray

    def predict_proba(self, _: pl.DataFrame) -> np.ndarray:
        return self.chances


def _before(model: ImageModel | None, images: Images | None, *, threshold: float) -> Table | None:
    if model is None or images is None:
        return None
    known, frame = _model(model), _rows(images).clear()
    return with_scores(known, Table(frame), tasks()[known.task].score_columns(known, pl.String()) or (), append=True)


@module(
    "Score Image Model",
    icon="photo-star",
    columns=_before,
    aliases=("image classification", "predict", "inference", "scored labels"),
    libraries=(*LIBRARIES, "pillow"),
    extra="vision",
)
def score_image_model(model: ImageModel, images: Images, *, threshold: Annotated[float, Range(0, 1)] = 0.5) -> Table:
    """Predict the class of each image.

    The table has the name and the label of each image, and the same columns as Score Model adds: Scored Labels, and the probability of each class, or
    of the positive one of two, which is the last in order. So Evaluate Model follows without renaming. If no image has a label, there is no column for it.

    Random operations of images are not applied. Images without operations get those of the training images, without the random ones; images with
    other operations than the training images keep them, and the log warns.

    When to use:
        To predict for test images, then evaluated, or for new images.

    Args:
        model: The trained image model.
        images: The images to predict.
        threshold: For two classes, the probability at or above which the positive class is predicted.

    Returns:
        A row for each image.

    Example:
        images: vision.split_image_directory.second
    """
    known, rows = _model(model), _rows(images)
    predicted = replace(known, estimator=_Predicted(list(model.classes), _chances(model, _prepared(model, images))))
    return with_scores(known, Table(rows), tasks()[known.task].score(predicted, rows, pl.String(), threshold), append=True)


def _model(model: ImageModel) -> Model:
    """The model as tasks know models."""
    return Model(model.network.name, "multi_class" if len(model.classes) > 2 else "two_class", None, LABEL, (), model.classes)


def _rows(images: Images) -> pl.DataFrame:
    """Names and labels; of images of which none has a label, the names."""
    return images.frame.select(("name", LABEL) if images.classes or not len(images) else ("name",))


def _prepared(model: ImageModel, images: Images) -> Images:
    """The images with the operations that they are scored with."""
    known = model.recipe.without_chance
    if not images.recipe.steps and known.steps:
        log("The images have no operations; those of the training images are applied, without the random ones.")
        return Images(images.frame, known)
    if images.training and images.recipe.is_random:
        log("Random operations are not applied.")
    if images.recipe.without_chance != known:
        log("The images were prepared in another way than the training images, which may worsen predictions.", "warning")
    return replace(images, training=False)


def _chances(model: ImageModel, images: Images) -> np.ndarray:
    """The probability of each class for each image."""
    import torch

    pixels = Pixels(images)
    found = [np.zeros((0, len(model.classes)))]
    with reproducible(int(model.settings.get("threads", 1))):
        made = build(model.network, len(model.classes))
        if len(images):
            check_size(made, pixels, model.network.name)
        made.eval()
        with torch.inference_mode():
            for start in range(0, len(images), BATCH):
                progress(start, len(images), "images")
                outputs = made(batch(pixels, range(start, min(start + BATCH, len(images)))))
                found.append(outputs.double().softmax(1).numpy())
    return np.concatenate(found)
