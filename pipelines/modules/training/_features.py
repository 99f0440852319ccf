"""Which columns of a table a model learns from, and what is worth saying about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.modelling.features import CATEGORY, PROSE, as_feature
from pipelines.modelling.numbers import numbers_of
from pipelines.modelling.parallel import parallel_map
from pipelines.modelling.prose import prose

FEWEST_NAMES = 20
DATE_LIKE = r"^\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b"


@dataclass(frozen=True)
class Chosen:
    """The feature columns and their types, the columns left out and why, and remarks on the others."""

    features: tuple[tuple[str, str], ...]
    left_out: tuple[tuple[str, str], ...]
    remarks: tuple[tuple[str, str], ...]


def choose_features(table: Table, label: str | None) -> Chosen:
    """The feature columns of a table; says which were left out, and why. Without a label, nothing is predicted.

    Raises:
        ModuleError: `no_features` when none is left.
    """
    frame = table.frame
    candidates = dict(as_feature(table, column) for column in frame.columns if column != label and table.role(column).role == "feature")
    if label is not None:
        candidates = {column: _with_prose(frame[column], dtype) for column, dtype in candidates.items()}
    found = parallel_map(lambda column: _judged(frame[column], candidates[column]), list(candidates), frame.height)
    judged = dict(zip(candidates, found, strict=True))
    features, left_out, remarks = [], [], []
    for column in frame.columns:
        if column == label:
            continue
        if (role := table.role(column).role) != "feature":
            left_out.append((column, f"its role is {role}"))
            if role == "label" and label is not None:
                log(f"“{column}” was left out: it also has the role label, but “{label}” is predicted.", "warning")
            continue
        why, hints = judged[column]
        if why:
            why = "; ".join([why, *hints])
            left_out.append((column, why))
            log(f"“{column}” was left out: {why}.", "warning")
            continue
        features.append((column, candidates[column]))
        remarks += [(column, hint) for hint in hints]
    for column, hint in remarks:
        log(f"“{column}”: {hint}.", "warning")
    if not features:
        some = "; ".join(f"“{column}”: {why}" for column, why in left_out[:5]) + ("; …" if len(left_out) > 5 else "")
        raise ModuleError(
            "no_features",
            f"No feature columns are left. {'Left out: ' + some if some else 'The table has only the label' if label is not None else 'No column is selected'}.",
            port="table",
            remedy="Add at least one feature column with different values.",
        )
    return Chosen(tuple(features), tuple(left_out), tuple(remarks))


def _with_prose(values: pl.Series, dtype: str) -> str:
    """The dtype of a feature, PROSE for one that is learned from by its words, which the log says."""
    if dtype != "String" or not (words := prose(values)):
        return dtype
    log(f"“{values.name}” {words}, so its words are learned from. To learn from its values, make it categorical with Edit Metadata.")
    return PROSE


def _judged(values: pl.Series, dtype: str) -> tuple[str | None, list[str]]:
    """Why a column cannot be learned from, if it cannot, and what is worth saying about it."""
    hints = list(_disguised(values)) if dtype == "String" else []
    if why := _unfit(values, dtype):
        return why, hints
    return None, [*hints, *(f"{words}. If it is one, set its role to ignored with Edit Metadata" for words in _counting(values, dtype))]


def _unfit(values: pl.Series, dtype: str) -> str | None:
    there = len(values) - values.null_count()
    if there and values.dtype.is_float() and dtype != CATEGORY:
        values = numbers_of(values)  # what is not finite is missing for a learner
        if values.null_count() == len(values):
            return "it has no finite values"
        there = len(values) - values.null_count()
    if not there:
        return "it has no values"
    kind = "text" if dtype == CATEGORY else kind_of(values.dtype)
    if kind == "other":
        return f"{values.dtype} values are not supported"
    distinct = values.drop_nulls().n_unique() if kind == "text" else 0
    if there == len(values) > 1 and (distinct == 1 or (kind != "text" and values.min() == values.max())):
        return "all its values are the same"
    if kind == "text" and dtype != PROSE and distinct > max(FEWEST_NAMES, there / 2):
        return f"its {distinct:,} distinct values in {there:,} rows identify rows rather than describe them"
    return None


def _disguised(values: pl.Series) -> Iterator[str]:
    """Says of texts that most of them are numbers or dates."""
    counts = values.drop_nulls().alias("text").value_counts(name="rows")
    texts, rows = counts["text"], counts["rows"]
    for kind, remedy, fits in (
        ("numbers", "type Number", texts.cast(pl.Float64, strict=False).is_not_null()),
        ("dates", "type Datetime and its format", texts.str.contains(DATE_LIKE)),
    ):
        found, all_rows = int(rows.filter(fits).sum()), int(rows.sum())
        if found > all_rows / 2:
            yield (
                f"{found:,} of {all_rows:,} values are {kind} stored as text. To use them as {kind}, convert the column with Edit Metadata ({remedy})"
            )


def _counting(values: pl.Series, dtype: str) -> Iterator[str]:
    """Says of whole numbers that differ in all rows and lie close together that they look like row numbers."""
    if dtype == CATEGORY or not values.dtype.is_integer() or values.null_count() or len(values) < FEWEST_NAMES:
        return
    least, most = int(values.min()), int(values.max())  # type: ignore[arg-type]
    if len(values) - 1 <= most - least < 4 * len(values) and values.n_unique() == len(values):
        yield f"{counted(len(values), 'row')} contain as many distinct whole numbers from {least} to {most}, like a row number"
