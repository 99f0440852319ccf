"""Apply Transformation: do to a table what was fitted on another."""

from __future__ import annotations

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.ports import Table, Transform
from pipelines.catalogue.transforms import apply, row_functions
from pipelines.modelling.images import recipe  # noqa: F401  refuses what is for images
from pipelines.modelling.transformations import hashing, n_grams, projecting, selecting, text_vectors, topics  # noqa: F401  their fitted transformations; also for the cache key
from pipelines.modules.transform import (  # noqa: F401  likewise
    _binning,
    _cleaning,
    _clipping,
    _counting,
    _indicating,
    _lumping,
    _scaling,
    _selecting,
)


@module(
    "Apply Transformation",
    icon="transform",
    aliases=("transform", "apply"),
    libraries=("numpy", "scikit-learn", "scipy"),
    lineage=Lineage(rows="same"),
    by_row=lambda settings, head, values: row_functions(values["transform"], head),
)
def apply_transformation(transform: Transform, table: Table) -> Table:
    """Apply a fitted transformation to another table, such as the scaling of the training rows to the test rows.

    When to use:
        To change test rows or new rows exactly as the training rows were changed, with the values fitted there.

    Args:
        transform: A fitted transformation, such as from Clean Missing Data, Normalize Data, Clip Values or Group into Bins.
        table: The table to transform. It needs the columns that the transformation was fitted on.

    Returns:
        The transformed table.

    Example:
        transform: {"transform.normalize": {"table": "transform.split_data.first"}}
        table: transform.split_data.second
    """
    try:
        return apply(transform, table)
    except KeyError as unknown:
        raise ModuleError(
            "unknown_transform",
            f"This version of Easel does not support the transformation “{transform.name}”.",
            port="transform",
            remedy="Run the module that creates the transformation again.",
        ) from unknown
