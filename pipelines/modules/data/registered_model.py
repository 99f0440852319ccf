"""Registered Model: a version of a model of the registry."""

from __future__ import annotations

from pipelines.catalogue.module import module
from pipelines.catalogue.params import ModelVersion, RegisteredModel
from pipelines.catalogue.ports import Model


@module("Registered Model", icon="rosette-discount-check", aliases=("registry", "model registry", "champion", "load model", "MLflow"))
def registered_model(*, model: RegisteredModel, version: ModelVersion | None = None) -> Model:
    """Load a version of a registered model.

    The run keeps the content of the version that it found, so it stays the same when an alias moves later. Results are reused when another
    name, number or alias gives the same content.

    When to use:
        To score new data with a model of the registry, such as the one that the alias champion names, or to compare versions.

    Args:
        model: A registered model of the workspace.
        version: The number of a version, such as 3, or an alias, such as champion; if empty, the latest version that is not retired.

    Returns:
        The trained model, for Score Model, which needs the columns that the model was trained with.

    Example:
        none: Register a trained model from the results of a run first; then choose it here.
    """
    return model
