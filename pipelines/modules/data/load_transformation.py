"""Load Transformation: a fitted transformation that was saved in the workspace."""

from __future__ import annotations

from typing import Annotated

from pipelines.catalogue.module import module
from pipelines.catalogue.params import Range, SavedTransform
from pipelines.catalogue.ports import Transform


@module("Load Transformation", icon="transfer-in", aliases=("saved transformation", "Transforms", "import transformation", "reuse"))
def load_transformation(*, transform: SavedTransform, version: Annotated[int, Range(1)] | None = None) -> Transform:
    """Load a fitted transformation that was saved from the results of a run.

    Apply Transformation does to new rows what was fitted on the training rows. A version never changes and is kept as long as it is saved.

    When to use:
        To change new data as another pipeline changed its training rows.

    Args:
        transform: A saved transformation of the workspace.
        version: The version of the transformation; if empty, the latest.

    Returns:
        The transformation, for Apply Transformation.

    Example:
        none: Save a transformation from the results of a run first; then choose it here.
    """
    return transform
