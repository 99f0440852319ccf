"""Select Columns Transform: the columns of a table, for other tables."""

from __future__ import annotations

from pipelines.catalogue.columns import ALL
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Columns
from pipelines.catalogue.ports import Query, Transform
from pipelines.modules.transform import _selecting  # noqa: F401  what it fits; also for the cache key


@module(
    "Select Columns Transform", icon="layout-columns", aliases=("column selection", "freeze columns", "same columns", "feature selection")
)
def select_columns_transform(table: Query, *, columns: Columns = ALL) -> Transform:
    """Remember which columns a table has, so that Apply Transformation keeps the same ones of another table, in the same order.

    It is for columns that were chosen by looking at data, such as by a score of features: the test rows, and rows that are yet to be predicted, get
    the columns that the training rows got. A column that the other table lacks is an error, except for labels, which new rows do not have. Its rows do not matter.

    Args:
        table: A table with the columns to keep.
        columns: Those of its columns to remember.

    Returns:
        The choice of columns, for Apply Transformation.
    """
    chosen = columns.pick(table.head)
    labels = [column for column in chosen if table.head.role(column).role == "label"]
    return Transform("select_columns", {"columns": chosen, "labels": labels})
