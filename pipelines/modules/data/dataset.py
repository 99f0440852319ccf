"""Dataset: a table that was uploaded or comes with Easel."""

from __future__ import annotations

from typing import Annotated

from pipelines.catalogue.module import PROBE, module
from pipelines.catalogue.params import Dataset, Range
from pipelines.catalogue.ports import Table


@module("Dataset", icon="database", columns=PROBE, aliases=("Import Data", "read", "csv", "file"))
def dataset(*, dataset: Dataset, version: Annotated[int, Range(1)] | None = None) -> Table:
    """Bring a dataset into the pipeline.

    Args:
        dataset: The dataset, from those of the workspace and the samples.
        version: Which version of it; empty for the newest.

    Returns:
        The dataset's rows.
    """
    return dataset
