"""The samples of a hypothesis test, read from a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from pipelines.catalogue.columns import require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import class_text, counted, some_values
from pipelines.catalogue.reporting import log
from pipelines.modelling.numbers import need_numbers, numbers_of, tell_infinities

TWO = ("welch_t", "student_t", "mann_whitney")
INDEPENDENT = (*TWO, "anova", "kruskal")
PAIRED = ("paired_t", "wilcoxon")
ASSOCIATIONS = ("chi_squared", "fisher")
MOST_GROUPS = 1000
FEW_GROUPS = 4  # which are sooner filtered one by one than dealt out


@dataclass(frozen=True)
class Samples:
    """Names and values of the samples; of an association the counts, with the categories of rows and columns."""

    names: Sequence[str]
    values: Sequence[np.ndarray] = ()
    counts: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))
    across: Sequence[str] = ()
    rows: int = 0
    left_out: int = 0


def read_samples(frame: pl.DataFrame, test: str, column: str, groups: str | None, other: str | None) -> Samples:
    """Read what a test compares.

    Raises:
        ModuleError: When a column is missing, has the wrong type, or there are too few rows or groups.
    """
    require(column, frame, param="column")
    if groups is not None and test in INDEPENDENT:
        require(groups, frame, param="groups")
        return _told(_grouped(frame, test, column, groups), column)
    if test in ("anova", "kruskal"):
        raise _unset("groups", "The column whose values make the groups is not selected.")
    if test == "one_sample_t" or (test == "wilcoxon" and other is None):
        return _told(_of_columns(frame, [column], paired=True), column)
    if other is None:
        raise _unset(
            "other", "The second column is not selected." if test not in TWO else "Neither groups nor a second column are selected."
        )
    require(other, frame, param="other")
    if test in ASSOCIATIONS:
        return _told(_counted(frame, test, column, other), column)
    return _told(_of_columns(frame, [column, other], paired=test in PAIRED), column)


def _told(samples: Samples, column: str) -> Samples:
    if samples.left_out:
        log(f"{counted(samples.left_out, 'row')} with a missing value {'was' if samples.left_out == 1 else 'were'} removed.", "warning")
    for name, values in zip(samples.names, samples.values, strict=False):
        if len(values) < 2:
            raise ModuleError(
                "too_few_rows",
                f"“{name}” has {counted(len(values), 'value')}; a test needs at least 2.",
                column=column,
                port="table",
                remedy="Use more rows, or remove that group with Filter Rows.",
            )
    return samples


def _unset(param: str, words: str) -> ModuleError:
    return ModuleError("no_column", words, param=param, port="table", remedy="Select one of the columns of the input.")


def _of_columns(frame: pl.DataFrame, columns: Sequence[str], *, paired: bool) -> Samples:
    for column, param in zip(columns, ("column", "other"), strict=False):
        need_numbers(frame, [column], param=param)
    tell_infinities(frame, columns)
    numbers = [numbers_of(frame[column]) for column in columns]
    if paired:
        known = pl.DataFrame([each.alias(str(place)) for place, each in enumerate(numbers)]).drop_nulls()
        return Samples(columns, [each.to_numpy() for each in known], rows=known.height, left_out=frame.height - known.height)
    values = [each.drop_nulls().to_numpy() for each in numbers]
    rows = sum(map(len, values))
    return Samples(columns, values, rows=rows, left_out=2 * frame.height - rows)


def _grouped(frame: pl.DataFrame, test: str, column: str, groups: str) -> Samples:
    need_numbers(frame, [column], param="column")
    tell_infinities(frame, [column])
    both = pl.DataFrame([numbers_of(frame[column]).alias("x"), _category(frame[groups]).alias("group")]).drop_nulls()
    found = both["group"].unique().sort()
    if len(found) < 2 or (test in TWO and len(found) > 2) or len(found) > MOST_GROUPS:
        wanted = "two" if test in TWO else f"2 to {MOST_GROUPS:,}"
        raise ModuleError(
            "wrong_groups",
            f"“{groups}” makes {counted(len(found), 'group')} ({some_values(found) or 'none'}); the test compares {wanted}.",
            column=groups,
            param="groups",
            port="table",
            remedy="Select another column or test, or keep the rows of the groups to compare with Filter Rows.",
        )
    if len(found) <= FEW_GROUPS:
        values = [both["x"].filter(both["group"] == found.slice(at, 1)).to_numpy() for at in range(len(found))]
    else:
        parts = both.partition_by("group", as_dict=True, include_key=False)
        values = [parts[(group,)]["x"].to_numpy() for group in found]
    return Samples(class_text(found).to_list(), values, rows=both.height, left_out=frame.height - both.height)


def _counted(frame: pl.DataFrame, test: str, column: str, other: str) -> Samples:
    both = pl.DataFrame([_category(frame[column]).alias("a"), _category(frame[other]).alias("b")]).drop_nulls()
    kinds = [both[side].unique().sort() for side in ("a", "b")]
    for name, kind, param in zip((column, other), kinds, ("column", "other"), strict=True):
        if len(kind) < 2 or len(kind) > MOST_GROUPS or (test == "fisher" and len(kind) > 2):
            raise ModuleError(
                "wrong_groups",
                f"“{name}” has {counted(len(kind), 'distinct value')}; {'Fisher exact accepts 2 by 2' if test == 'fisher' else 'the test accepts 2 to 1,000'}.",
                column=name,
                param=param,
                port="table",
                remedy="Select another column, combine values with Add Column, or use chi-squared for larger tables.",
            )
    places = [side.replace_strict(kind, pl.arange(len(kind), eager=True)).to_numpy() for side, kind in zip(both, kinds, strict=True)]
    counts = np.zeros((len(kinds[0]), len(kinds[1])), dtype=np.int64)
    np.add.at(counts, tuple(places), 1)
    return Samples(class_text(kinds[0]).to_list(), (), counts, class_text(kinds[1]).to_list(), both.height, frame.height - both.height)


def _category(values: pl.Series) -> pl.Series:
    """A column as categories; NaN is none."""
    if values.dtype.is_nested() or values.dtype in (pl.Binary, pl.Object, pl.Duration):
        raise ModuleError(
            "wrong_type",
            f"“{values.name}” has {values.dtype} values, which cannot make groups.",
            column=values.name,
            port="table",
            remedy="Select a column of texts, numbers, dates or yes/no.",
        )
    values = values.cast(pl.String) if values.dtype in (pl.Categorical, pl.Enum, pl.Null) else values
    return values.fill_nan(None) if values.dtype.is_float() else values
