"""Folds of a cross-validation: which rows are predicted together, by a model of which others."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import polars as pl

from pipelines.catalogue.columns import require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.params import Column
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log

By = Literal["label", "rows", "groups", "time", "column"]
BINS = 10  # of a numeric label, by its quantiles
MOST_FOLDS = 1_000  # that a column of folds may name


@dataclass(frozen=True)
class Fold:
    """The places of the rows that a model is trained on, and of those that it predicts, in order."""

    name: str
    train: np.ndarray
    test: np.ndarray
    repeat: int = 0


def folds_of(known: Table, y: Any, by: By, column: Column | None, folds: int, repeats: int, seed: int) -> list[Fold]:
    """Return the folds of a table by its label `y`, at random, or by a column.

    Raises:
        ModuleError: `no_column`, when groups, times or folds have no column.
    """
    if by == "label":
        return by_label(y, folds, repeats, seed)
    if by == "rows":
        return by_rows(known.frame.height, folds, repeats, seed)
    if column is None:
        raise ModuleError(
            "no_column", f"No column of {by if by != 'column' else 'folds'} is selected.", param="column", remedy="Select it."
        )
    values = known.frame[require(column, known, param="column")]
    if by == "groups":
        return by_groups(values, folds, seed)
    return by_time(values, folds) if by == "time" else by_column(values)


def by_label(y: Any, folds: int, repeats: int, seed: int) -> list[Fold]:
    """Return folds with the same share of each class, or of each tenth of the numbers (scikit-learn's StratifiedKFold)."""
    from sklearn.model_selection import StratifiedKFold

    _check_rows(len(y), folds)
    strata = np.asarray(y)
    if strata.dtype.kind == "f":
        edges = np.unique(np.quantile(strata, np.arange(1, BINS) / BINS))
        strata = np.searchsorted(edges, strata, side="right")
    values, sizes = np.unique(strata, return_counts=True)
    if np.asarray(y).dtype.kind != "f":
        for value, size in zip(values[sizes < folds], sizes[sizes < folds], strict=True):
            log(f"“{value}” has {counted(int(size), 'row')}, so it is not in each of the {folds} folds.", "warning")
    elif (sizes < folds).any():  # such as of few rows
        strata = np.zeros(len(strata), dtype=int)
    if sizes.max() < folds:
        return by_rows(len(y), folds, repeats, seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of small classes, which is said above
        return list(
            _repeated(lambda source: StratifiedKFold(folds, shuffle=True, random_state=source).split(strata, strata), repeats, seed)
        )


def by_rows(rows: int, folds: int, repeats: int, seed: int) -> list[Fold]:
    """Return folds of rows drawn at random (scikit-learn's KFold)."""
    from sklearn.model_selection import KFold

    _check_rows(rows, folds)
    return list(_repeated(lambda source: KFold(folds, shuffle=True, random_state=source).split(np.zeros(rows)), repeats, seed))


def by_groups(groups: pl.Series, folds: int, seed: int) -> list[Fold]:
    """Return folds that no group is divided by, of about the same number of groups (scikit-learn's GroupKFold)."""
    from sklearn.model_selection import GroupKFold

    codes = groups.cast(pl.String).fill_null("").rank("dense").to_numpy()
    found = int(codes.max(initial=0))
    if found < 2:
        raise ModuleError(
            "too_few_groups",
            f"“{groups.name}” has {'one group' if found else 'no groups'}; folds need at least two.",
            param="column",
            column=groups.name,
            remedy="Select a column with several values.",
        )
    if missing := groups.null_count():
        log(f"{counted(missing, 'row')} without a value of “{groups.name}” {'is' if missing == 1 else 'are'} a group together.", "warning")
    if found < folds:
        log(f"“{groups.name}” has {found} groups, so there are {found} folds rather than {folds}.", "warning")
    parts = GroupKFold(min(folds, found), shuffle=True, random_state=seed).split(codes, groups=codes)
    return [Fold(f"fold {number}", train, np.sort(test)) for number, (train, test) in enumerate(parts, 1)]


def by_time(times: pl.Series, folds: int) -> list[Fold]:
    """Return folds in the order of a column: each predicts the next part of the rows by a model of all earlier ones.

    Rows of the same time are never divided. The first part is only trained on.
    """
    places = times.is_not_null().arg_true().to_numpy()
    if missing := times.null_count():
        log(f"{counted(missing, 'row')} without a value of “{times.name}” {'was' if missing == 1 else 'were'} left out.", "warning")
    order = places[times.drop_nulls().arg_sort().to_numpy()]
    values = times.gather(order).rank("dense").to_numpy()
    _check_rows(len(order), folds + 1)
    cuts = [int(np.searchsorted(values, values[round(len(order) * part / (folds + 1))])) for part in range(1, folds + 1)]
    cuts = [*sorted({cut for cut in cuts if cut}), len(order)]
    if len(cuts) < 2:
        raise ModuleError(
            "too_few_times",
            f"“{times.name}” has too few different values for folds in time.",
            param="column",
            column=times.name,
            remedy="Select a column with more different values, or split by rows.",
        )
    if len(cuts) - 1 < folds:
        log(f"“{times.name}” has few different values, so there are {len(cuts) - 1} folds rather than {folds}.", "warning")
    parts = enumerate(pairwise(cuts), 1)
    return [Fold(f"fold {number}", np.sort(order[:start]), np.sort(order[start:end])) for number, (start, end) in parts]


def by_column(column: pl.Series) -> list[Fold]:
    """Return a fold for each value of a column; rows without one are trained on in every fold."""
    values = column.drop_nulls().unique().sort()
    if not 2 <= len(values) <= MOST_FOLDS:
        raise ModuleError(
            "unusable_folds",
            f"“{column.name}” has {counted(len(values), 'value')}; a column of folds has between 2 and {MOST_FOLDS:,}.",
            param="column",
            column=column.name,
            remedy="Select the fold column of Partition and Sample, or another column with few values.",
        )
    if missing := column.null_count():
        log(f"{counted(missing, 'row')} without a fold {'is' if missing == 1 else 'are'} trained on in every fold.", "warning")
    inside = ((value, (column == value).fill_null(False).to_numpy()) for value in values)
    return [Fold(f"fold {value}", np.flatnonzero(~mine), np.flatnonzero(mine)) for value, mine in inside]


def _check_rows(rows: int, folds: int) -> None:
    if rows < folds:
        raise ModuleError(
            "too_few_rows",
            f"The table has {counted(rows, 'row')} with a label, too few for {folds} parts.",
            param="folds",
            remedy="Use fewer folds.",
        )


def _repeated(split: Any, repeats: int, seed: int) -> Iterator[Fold]:
    for repeat in range(repeats):
        parts: Sequence[tuple[np.ndarray, np.ndarray]] = list(split(seed + repeat))
        for number, (train, test) in enumerate(parts, 1):
            yield Fold(f"{f'repeat {repeat + 1}, ' if repeats > 1 else ''}fold {number}", train, test, repeat)
