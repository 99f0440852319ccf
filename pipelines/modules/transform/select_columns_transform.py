"""Select Columns Transform: store the columns of a table as a transformation."""

from __future__ import annotations

from pipelines.catalogue.columns import ALL
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Columns
from pipelines.catalogue.ports import Query, Transform
from pipelines.modules.transform import _selecting  # noqa: F401  what it fits; also for the cache key


@module(
    "Select Columns Transform",
    icon="layout-columns",
    aliases=("column selection", "freeze columns", "same columns", "feature selection"),
    lineage=Lineage(fits=False),
)
def select_columns_transform(table: Query, *, columns: Columns = ALL) -> Transform:
    """Store the columns of a table as a transformation, which selects the same columns of other tables in the same order.

    Use it when columns were selected by looking at data, such as by a feature score: Apply Transformation then gives test rows and new rows the columns
    of the training rows. A missing column is an error, except for labels, which new rows do not have.

    When to use:
        To select in new data the columns that were selected in training, such as by Filter Based Feature Selection.

    Args:
        table: A table with the columns to store; its rows are not used.
        columns: The columns to store.

    Returns:
        The column selection.

    Example:
        columns: ["make", "horsepower", "price"]
        in: transform.apply_transformation
        transform.apply_transformation: {"transform": "transform.select_columns_transform"}
    """
    chosen = columns.pick(table.head)
    labels = [column for column in chosen if table.head.role(column).role == "label"]
    return Transform("select_columns", {"columns": chosen, "labels": labels})
