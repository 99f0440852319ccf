"""Folds of a cross-validation: which rows are predicted together, by a model of which others."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Annotated, Any, Literal

import numpy as np
import polars as pl

from pipelines.catalogue.columns import require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.params import Column, Range, Title, Titles, When
from pipelines.catalogue.phrases import counted, listed
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log

By = Literal["label", "rows", "groups", "time", "column"]
MoreBy = Annotated[
    Literal["label", "rows", "groups", "groups_and_label", "each_group", "time", "column"],
    Titles(
        label="Label",
        rows="Rows",
        groups="Groups",
        groups_and_label="Groups, with the shares of the label",
        each_group="Each group",
        time="Time",
        column="Column",
    ),
]
BINS = 10  # of a numeric label, by its quantiles
MOST_FOLDS = 1_000  # that a column of folds or groups may name
WORDS = {"time": "times", "column": "folds"}


@dataclass(frozen=True)
class Fold:
    """The places of the rows that a model is trained on, and of those that it predicts, in order."""

    name: str
    train: np.ndarray
    test: np.ndarray
    repeat: int = 0


@dataclass(frozen=True)
class InTime:
    """Which rows before those of a fold it is trained on.

    Args:
        window: How many parts before the predicted one are trained on; if empty, all of them.
        gap: How many different values of the column are left out before the predicted rows, such as days; as many as the label looks ahead.
    """

    window: Annotated[int | None, Range(1, 100), Title("Parts trained on"), When("split_by", "time")] = None
    gap: Annotated[int, Range(0, 1_000_000), When("split_by", "time")] = 0


FROM_THE_START = InTime()


def folds_of(
    known: Table, y: Any, by: MoreBy, column: Column | None, folds: int, repeats: int, seed: int, in_time: InTime = FROM_THE_START
) -> list[Fold]:
    """Return the folds of a table by its label `y`, at random, or by a column.

    Raises:
        ModuleError: `no_column`, when groups, times or folds have no column.
    """
    if by == "label":
        return by_label(y, folds, repeats, seed)
    if by == "rows":
        return by_rows(known.frame.height, folds, repeats, seed)
    check_column(by, column)
    assert column is not None
    values = known.frame[require(column, known, param="column")]
    if by == "time":
        return by_time(values, folds, in_time)
    if by == "column":
        return by_column(values)
    return by_each_group(values) if by == "each_group" else by_groups(values, folds, seed, y if by == "groups_and_label" else None)


def check_column(by: MoreBy, column: Column | None) -> None:
    """Check that folds of groups or times, or of a column, have it.

    Raises:
        ModuleError: `no_column`.
    """
    if column is None and by not in ("label", "rows"):
        raise ModuleError("no_column", f"No column of {WORDS.get(by, 'groups')} is selected.", param="column", remedy="Select it.")


def by_label(y: Any, folds: int, repeats: int, seed: int) -> list[Fold]:
    """Return folds with the same share of each class, or of each tenth of the numbers (scikit-learn's StratifiedKFold)."""
    from sklearn.model_selection import StratifiedKFold

    _check_rows(len(y), folds)
    strata = _strata(y)
    values, sizes = np.unique(strata, return_counts=True)
    alone: Any = []
    if np.asarray(y).dtype.kind != "f":
        for value, size in zip(values[sizes < folds], sizes[sizes < folds], strict=True):
            if size > 1:
                log(f"“{value}” has {counted(int(size), 'row')}, so it is not in each of the {folds} folds.", "warning")
        alone = _alone(strata, values[sizes == 1], len(values))
    elif (sizes < folds).any():  # such as of few rows
        strata = np.zeros(len(strata), dtype=int)
    if sizes.max() < folds:
        return by_rows(len(y), folds, repeats, seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of small classes, which is said above
        parts = list(
            _repeated(lambda source: StratifiedKFold(folds, shuffle=True, random_state=source).split(strata, strata), repeats, seed)
        )
    return (
        [replace(part, train=np.union1d(part.train, alone), test=np.setdiff1d(part.test, alone)) for part in parts] if len(alone) else parts
    )


def _strata(y: Any) -> np.ndarray:
    """Return the classes, or the tenth of the numbers that each belongs to."""
    strata: np.ndarray = np.asarray(y)
    if strata.dtype.kind == "f":
        edges = np.unique(np.quantile(strata, np.arange(1, BINS) / BINS))
        strata = np.searchsorted(edges, strata, side="right")
    return strata


def _alone(strata: np.ndarray, single: np.ndarray, classes: int) -> np.ndarray:
    """Return the places of the rows that are the only one of their class: a model that has not seen it cannot predict it. None if all are."""
    if not len(single) or len(single) == classes:
        return np.array([], dtype=int)
    some = listed([str(value) for value in single])
    has = f"{some} has one row, which is" if len(single) == 1 else f"{some} have one row each, which are"
    log(f"{has} trained on in every fold and predicted in none.", "warning")
    return np.flatnonzero(np.isin(strata, single))


def by_rows(rows: int, folds: int, repeats: int, seed: int) -> list[Fold]:
    """Return folds of rows drawn at random (scikit-learn's KFold)."""
    from sklearn.model_selection import KFold

    _check_rows(rows, folds)
    return list(_repeated(lambda source: KFold(folds, shuffle=True, random_state=source).split(np.zeros(rows)), repeats, seed))


def by_groups(groups: pl.Series, folds: int, seed: int, y: Any = None) -> list[Fold]:
    """Return folds that no group is divided by: of about the same number of groups (scikit-learn's GroupKFold), or with a label `y`, with about the
    same share of each class, or of each tenth of the numbers (its StratifiedGroupKFold).
    """
    from sklearn.model_selection import GroupKFold, StratifiedGroupKFold

    codes = _codes(groups)
    found = int(codes.max(initial=0))
    if found < folds:
        log(f"“{groups.name}” has {found} groups, so there are {found} folds rather than {folds}.", "warning")
    splitter, strata = (GroupKFold, codes) if y is None else (StratifiedGroupKFold, _strata(y))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of classes with few rows, which the metrics of a fold without them show
        parts = list(splitter(min(folds, found), shuffle=True, random_state=seed).split(codes, strata, groups=codes))
    return [Fold(f"fold {number}", train, np.sort(test)) for number, (train, test) in enumerate(parts, 1) if len(test)]


def by_each_group(groups: pl.Series) -> list[Fold]:
    """Return a fold for each group, predicted by a model of all others (scikit-learn's LeaveOneGroupOut).

    Raises:
        ModuleError: `too_few_groups` or `too_many_groups`.
    """
    codes = _codes(groups)
    found = int(codes.max(initial=0))
    if found > MOST_FOLDS:
        raise ModuleError(
            "too_many_groups",
            f"“{groups.name}” has {found:,} groups, and each would be a fold; {MOST_FOLDS:,} are allowed.",
            param="column",
            column=groups.name,
            remedy="Split by groups, so that a fold has several of them.",
        )
    names = dict(zip(codes.tolist(), groups.cast(pl.String).fill_null("without a value").to_list(), strict=True))
    return [Fold(f"fold {names[code]}"[:120], np.flatnonzero(codes != code), np.flatnonzero(codes == code)) for code in range(1, found + 1)]


def _codes(groups: pl.Series) -> np.ndarray:
    """Return the number of each row's group, from 1 on; rows without a value are a group together.

    Raises:
        ModuleError: `too_few_groups`.
    """
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
    return codes


def by_time(times: pl.Series, folds: int, how: InTime = FROM_THE_START) -> list[Fold]:
    """Return folds in the order of a column: each predicts the next part of the rows by a model of earlier ones, all of them or those of a window.

    Rows of the same time are never divided. The first part is only trained on.

    Raises:
        ModuleError: `too_few_rows`, `too_few_times` or `too_wide_gap`.
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
    starts = [0, *cuts[:-1]]
    found = []
    for number, (start, end) in enumerate(pairwise(cuts), 1):
        first = 0 if how.window is None else starts[max(0, number - how.window)]
        last = int(np.searchsorted(values, values[start] - how.gap)) if how.gap else start
        found.append(Fold(f"fold {number}", np.sort(order[first:last]), np.sort(order[start:end])))
    if any(len(fold.train) == 0 for fold in found):
        words = f"A gap of {counted(how.gap, 'value')} of “{times.name}” leaves no rows to train {next(f for f in found if not len(f.train)).name} on."
        raise ModuleError(
            "too_wide_gap", words, param="gap", column=times.name, remedy="Use a smaller gap, fewer folds, or a larger window."
        )
    return found


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
