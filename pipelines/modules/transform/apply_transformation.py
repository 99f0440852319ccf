"""Apply Transformation: do to a table what was fitted on another."""

from __future__ import annotations

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.catalogue.ports import Table, Transform
from pipelines.catalogue.transforms import apply
from pipelines.modules.transform import _cleaning, _indicating, _scaling  # noqa: F401  their fitted transformations; also for the cache key


@module("Apply Transformation", icon="transform", aliases=("transform", "apply"), libraries=("numpy", "scipy"))
def apply_transformation(transform: Transform, table: Table) -> Table:
    """Do to a table what was fitted on another, such as the test rows to what was learned from the training rows.

    Args:
        transform: A fitted transformation: how data was cleaned, normalized or turned into indicators.
        table: The table to transform, with the columns that the transformation was fitted on.

    Returns:
        The transformed table.
    """
    try:
        return apply(transform, table)
    except KeyError as unknown:
        raise ModuleError(
            "unknown_transform",
            f"This Easel does not know the transformation {transform.name!r}.",
            port="transform",
            remedy="Run the step that makes the transformation again.",
        ) from unknown
