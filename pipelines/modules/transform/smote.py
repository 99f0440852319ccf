"""SMOTE: make synthetic rows of the rarer class."""

from __future__ import annotations

from typing import Annotated

import polars as pl

from pipelines.catalogue.columns import require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import PROBE, module
from pipelines.catalogue.params import Column, Range, Seed, Title
from pipelines.catalogue.phrases import class_text, counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.modules.transform._cleaning import finite
from pipelines.modules.transform._synthesizing import synthetic


@module(
    "SMOTE",
    icon="copy-plus",
    columns=PROBE,
    aliases=("oversampling", "imbalanced", "synthetic minority", "rare class", "balance classes", "SMOTE-NC"),
    libraries=("numpy", "scipy", "scikit-learn"),
    lineage=Lineage(rows="some", fits=True, label="label"),
)
def smote(
    table: Table,
    *,
    label: Column,
    percentage: Annotated[int, Range(0, 100_000)] = 100,
    neighbours: Annotated[int, Title("Nearest neighbors"), Range(1, 1000)] = 5,
    standardize: Annotated[bool, Title("Standardize distances")] = True,
    seed: Seed = Seed(0),
) -> Table:
    """Add synthetic rows of the rarer of two classes (synthetic minority over-sampling).

    Each synthetic row is at a random place on the line between a row of the rarer class and one of its nearest neighbors in that class. Whole
    numbers are rounded. Features that are not numeric get the most frequent value of the neighbors (the nearest of equally frequent ones), and
    differ by the median standard deviation of the numeric features in distances (SMOTE-NC). Columns that are not features are copied. New rows
    are last.

    Use it for training rows only, after the split. Predicted probabilities of the rarer class become too high; class weights or another threshold
    are often as good. Features must not have missing values. Source: N. Chawla, K. Bowyer, L. Hall, W. Kegelmeyer, "SMOTE: synthetic
    minority over-sampling technique", JAIR 16 (2002).

    When to use:
        For training rows with very few of one class. Try class weights and another threshold first.

    Args:
        table: The training rows.
        label: The label column, with two classes.
        percentage: The number of rows to add, in percent of the rows of the rarer class; 100 doubles them.
        neighbours: The number of nearest neighbors of each row to use.
        standardize: Divide by the standard deviations of the rarer class in distances, so that units do not matter.
        seed: The random seed.

    Returns:
        The table with the synthetic rows at the end.

    Example:
        data.dataset: {"dataset": "credit_risk"}
        table: transform.clean_missing
        transform.clean_missing: {"mode": "drop_rows", "columns": [{"include": "all"}]}
        label: "Status"
    """
    classes = finite(table.frame[require(label, table, param="label")])
    if not table.frame.height:
        return table
    minority = _minority(classes)
    rows = table.frame.filter((class_text(classes) == minority).fill_null(False))
    many = int(rows.height * percentage / 100 + 0.5)
    features = [column for column in table.columns_with("feature") if column != label]
    new = synthetic(table.only(features), rows, many, min(neighbours, max(rows.height - 1, 1)), standardize, seed)
    if rows.height <= neighbours:
        log(
            f"Class “{minority}” has {counted(rows.height, 'row')}, so each row has only {counted(rows.height - 1, 'neighbor')}.", "warning"
        )
    log(f"Class “{minority}” had {rows.height:,} of {table.frame.height:,} rows; {counted(many, 'synthetic row')} added.")
    return table.with_frame(pl.concat([table.frame, new]))


def _minority(classes: pl.Series) -> str:
    """The class with fewer rows; of equally many the later one."""
    counts = class_text(classes.drop_nulls()).alias("class").value_counts(name="rows").sort(["rows", "class"], descending=[False, True])
    if counts.height != 2:
        raise ModuleError(
            "not_two_classes",
            f"“{classes.name}” has {counted(counts.height, 'class', 'classes')}.",
            column=classes.name,
            param="label",
            port="table",
            remedy="Select a label with two classes.",
        )
    return str(counts["class"][0])
