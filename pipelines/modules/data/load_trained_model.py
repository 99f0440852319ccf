"""Load Trained Model: a model that was saved in the workspace."""

from __future__ import annotations

from typing import Annotated

from pipelines.catalogue.module import module
from pipelines.catalogue.params import Range, SavedModel
from pipelines.catalogue.ports import Model


@module("Load Trained Model", icon="package-import", aliases=("saved model", "registered model", "import model", "Trained Models", "reuse"))
def load_trained_model(*, model: SavedModel, version: Annotated[int, Range(1)] | None = None) -> Model:
    """Load a trained model that was saved from the results of a run.

    A version never changes, so a pipeline that names one gives the same predictions later. It is kept as long as it is saved, also after the run that
    trained it is deleted. Score Model needs the columns that the model was trained with.

    When to use:
        To score new data, or compare models, with a model that another pipeline trained.

    Args:
        model: A saved model of the workspace.
        version: The version of the model; if empty, the latest.

    Returns:
        The trained model, for Score Model.

    Example:
        none: Save a model from the results of a run first; then choose it here.
    """
    return model
