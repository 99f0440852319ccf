"""SMOTE: make synthetic rows of the rarer class."""

from __future__ import annotations

from typing import Annotated

import polars as pl

from pipelines.catalogue.columns import require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import PROBE, module
from pipelines.catalogue.params import Column, Range, Seed
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
)
def smote(
    table: Table,
    *,
    label: Column,
    percentage: Annotated[int, Range(0, 100_000)] = 100,
    neighbours: Annotated[int, Range(1, 1000)] = 5,
    standardize: bool = True,
    seed: Seed = Seed(0),
) -> Table:
    """Add synthetic rows of the rarer of two classes, so that a learner does not overlook it.

    Each synthetic row lies on the line between a row of the rarer class and one of its nearest neighbours in that class, at a random place. Whole
    numbers are rounded. A feature that holds no numbers, or whose numbers are categories, gets the most frequent value of the neighbours, the nearest
    one's where votes are equal, and counts in distances as the median standard deviation of the numeric features (SMOTE-NC). Columns that are not
    features are copied. New rows come last.

    Use it on training rows only: split first. With more rows of the rarer class, predicted probabilities are too high for it; class weights or
    another threshold often do as well. Features must have no missing values. Source: N. Chawla, K. Bowyer, L. Hall, W. Kegelmeyer, "SMOTE: synthetic
    minority over-sampling technique", JAIR 16 (2002).

    Args:
        table: The training rows.
        label: The column with the two classes.
        percentage: How many rows to add, in percent of those of the rarer class; 100 doubles them, 50 makes one for every other row.
        neighbours: How many nearest neighbours of each row are used.
        standardize: Measure distances in standard deviations of the rarer class, so that no column counts more because of its unit.
        seed: Start of the random draw; the same seed gives the same rows.

    Returns:
        The table with the synthetic rows after its own.
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
        log(f"Class {minority!r} has {counted(rows.height, 'row')}, so each has only {counted(rows.height - 1, 'neighbour')}.", "warning")
    log(f"Class {minority!r} had {rows.height:,} of {table.frame.height:,} rows; {counted(many, 'synthetic row')} added.")
    return table.with_frame(pl.concat([table.frame, new]))


def _minority(classes: pl.Series) -> str:
    """The class with fewer rows; of equally many the later one."""
    counts = class_text(classes.drop_nulls()).alias("class").value_counts(name="rows").sort(["rows", "class"], descending=[False, True])
    if counts.height != 2:
        raise ModuleError(
            "not_two_classes",
            f"'{classes.name}' has {counted(counts.height, 'class', 'classes')}.",
            column=classes.name,
            param="label",
            port="table",
            remedy="Choose a label with two classes.",
        )
    return str(counts["class"][0])
