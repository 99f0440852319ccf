"""Partition and Sample: draw some rows, or share rows among folds."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from pipelines.catalogue.columns import require
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Column, Seed, When
from pipelines.catalogue.ports import Table
from pipelines.modules.transform._drawing import strata_of
from pipelines.modules.transform._sampling import DRAWN, NUMBERED, Folding, Mode, Sampling, drawn, folds_of, numbered, picked

ALIASES = ("subsample", "random sample", "bootstrap", "k-fold", "cross validation", "head", "top rows", "pick fold", "assign to folds")


def _columns(table: Table, *, mode: str, sampling: Sampling, folding: Folding, seed: Seed, stratify_by: Column | None) -> Table:
    sampling = Sampling(sampling.rate, 0)  # no row is missed before there are rows
    return partition_and_sample(table, mode=mode, sampling=sampling, folding=folding, seed=seed, stratify_by=stratify_by)


@module("Partition and Sample", icon="dice-5", columns=_columns, aliases=ALIASES, libraries=("numpy",))
def partition_and_sample(
    table: Table,
    *,
    mode: Mode = "rate",
    sampling: Sampling = Sampling(),  # noqa: B008  frozen
    folding: Folding = Folding(),  # noqa: B008  frozen
    seed: Annotated[Seed, When("mode", *DRAWN, *NUMBERED)] = Seed(0),
    stratify_by: Annotated[Column | None, When("mode", *DRAWN, *NUMBERED)] = None,
) -> Table:
    """Draw rows at random, take the first ones, number the rows with folds, or take the rows of one fold.

    Rows keep their order. With n rows, they are drawn in the order of `numpy.random.Generator(numpy.random.PCG64(seed)).permutation(n)`, so any
    script can repeat it; with rows put back, it is `integers(0, n, rows)`. Folds have the same size; where the rows do not come out even, the first
    folds have one row more. The column of folds counts from 1, and learners ignore it. Stratified, every value of the column, a missing one as well, keeps
    its share: in a sample and in folds of the same size to within a row, in folds of given shares and with rows put back to within a few.

    Args:
        table: The rows.
        mode: What to do with the rows.
        sampling: How rows are taken.
        folding: How rows are shared among folds.
        seed: Start of the random draw; the same seed gives the same rows.
        stratify_by: A column whose values keep their proportions.

    Returns:
        The rows that were taken, or all rows with their folds.
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
