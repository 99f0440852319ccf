"""Dataset: a table that was uploaded or comes with Easel."""

from __future__ import annotations

from typing import Annotated

from pipelines.catalogue.module import PROBE, module
from pipelines.catalogue.params import Dataset, Range
from pipelines.catalogue.ports import Table


@module("Dataset", icon="database", columns=PROBE, aliases=("Import Data", "read", "csv", "file"))
def dataset(*, dataset: Dataset, version: Annotated[int, Range(1)] | None = None) -> Table:
    """Load a dataset of the workspace or a sample.

    When to use:
        To start from an uploaded file or from sample data. A version can be fixed, so that later uploads do not change the results.

    Args:
        dataset: A dataset of the workspace, or a sample.
        version: The version of the dataset; if empty, the latest.

    Returns:
        The rows of the dataset.

    Example:
        dataset: "automobile_price"
    """
    return dataset
