"""Load Image Model: an image model that was saved in the workspace."""

from __future__ import annotations

from typing import Annotated, NewType

from pipelines.catalogue.module import module
from pipelines.catalogue.params import Range
from pipelines.kinds.image_model import ImageModel

SavedImageModel = NewType("SavedImageModel", ImageModel)


@module("Load Image Model", icon="photo-down", aliases=("saved model", "registered model", "import model", "reuse", "vision"))
def load_image_model(*, model: SavedImageModel, version: Annotated[int, Range(1)] | None = None) -> ImageModel:
    """Load a trained image model that was saved from the results of a run.

    A version never changes, so a pipeline that names one gives the same predictions later. It is kept as long as it is saved, also after the run that
    trained it is deleted.

    When to use:
        To score new images with a network that another pipeline trained.

    Args:
        model: A saved image model of the workspace.
        version: The version of the model; if empty, the latest.

    Returns:
        The trained image model, for Score Image Model.

    Example:
        none: Save an image model from the results of a run first; then choose it here.
    """
    return model
