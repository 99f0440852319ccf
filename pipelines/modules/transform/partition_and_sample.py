"""Partition and Sample: sample rows, or assign them to folds."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from pipelines.catalogue.columns import require
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Column, Seed, When
from pipelines.catalogue.ports import Table
from pipelines.modelling.drawing import strata_of
from pipelines.modules.transform._sampling import DRAWN, NUMBERED, Folding, Mode, Sampling, drawn, folds_of, numbered, picked

ALIASES = ("subsample", "random sample", "bootstrap", "k-fold", "cross validation", "head", "top rows", "pick fold", "assign to folds")


def _columns(table: Table, *, mode: Mode, sampling: Sampling, folding: Folding, seed: Seed, stratify_by: Column | None) -> Table:
    sampling = Sampling(sampling.rate, 0)  # no row is missed before there are rows
    return partition_and_sample(table, mode=mode, sampling=sampling, folding=folding, seed=seed, stratify_by=stratify_by)


@module(
    "Partition and Sample",
    icon="dice-5",
    columns=_columns,
    aliases=ALIASES,
    libraries=("numpy",),
    lineage=Lineage(
        rows=lambda settings: "same" if settings["mode"] in NUMBERED else "some",
        fits=lambda settings: settings["replace"] and settings["mode"] in DRAWN,
        apart=lambda settings: "training" if settings["mode"] in DRAWN else "never",
        serves="through",
    ),
)
def partition_and_sample(
    table: Table,
    *,
    mode: Mode = "rate",
    sampling: Sampling = Sampling(),  # noqa: B008  frozen
    folding: Folding = Folding(),  # noqa: B008  frozen
    seed: Annotated[Seed, When("mode", *DRAWN, *NUMBERED)] = Seed(0),
    stratify_by: Annotated[Column | None, When("mode", *DRAWN, *NUMBERED)] = None,
) -> Table:
    """Sample rows at random, take the first rows, assign rows to folds, or take the rows of one fold.

    Rows keep their order. Of n rows, those drawn at random are the first of `numpy.random.Generator(numpy.random.PCG64(seed)).permutation(n)`, so a
    script can reproduce them; with replacement, they are `integers(0, n, rows)`. Folds have the same size, or one row more for the first ones. The fold
    column starts at 1, and has the role ignored. Stratified samples and folds keep the share of each value of the column, and of missing values, to
    within one row; with given fractions or with replacement, to within a few rows.

    When to use:
        To try a pipeline on fewer rows, or to assign rows to folds.

    Args:
        table: The table to sample or partition.
        mode: What to do with the rows.
        sampling: How rows are sampled.
        folding: How rows are assigned to folds.
        seed: The random seed; the same seed gives the same rows.
        stratify_by: A column whose value distribution is kept.

    Returns:
        The sampled rows, or all rows with their folds.

    Example:
        mode: "rate"
        rate: 0.2
    """
    frame = table.frame
    if mode == "head":
        return table.with_frame(frame.head(sampling.rows))
    if mode == "pick":
        return picked(table, folding)
    strata = None if stratify_by is None else strata_of(frame.select(require(stratify_by, table, param="stratify_by")))
    source = np.random.Generator(np.random.PCG64(seed))
    if mode in NUMBERED:
        return numbered(table, folding.fold_column, folds_of(source, folding, frame.height, mode, strata))
    return table.with_frame(frame[drawn(source, sampling, frame.height, mode, strata)])
