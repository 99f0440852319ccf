"""Guardrails of rows that are copies of others, in one table or in two."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from pipelines.catalogue.phrases import counted
from pipelines.modelling.guardrails.guardrail import MOST_NUMBERS, Guardrail, Where

COPIES = 0.01  # the share of rows that are copies of others, from which on it matters
INSIDE, SOME = 4.0, 0.1  # how many times as often as in its own table, and a share beyond, a row may have a copy in the other table
BY_CHANCE = 8.0  # pairs of equal rows, as a multiple of those expected by chance, up to which they are no copies


def of_copies(frame: pl.DataFrame, columns: Sequence[str]) -> Guardrail:
    """Return whether rows are copies of others, more than come about where columns have few values."""
    rows = _rows(frame, columns)
    copies = frame.height - rows.n_unique()
    title, share = "Rows differ", copies / max(frame.height, 1)
    if share < COPIES or _expected(rows, [frame], columns):
        passed = f"{100 * share:.2g} % of the rows are copies of others." if copies else "No row is a copy of another."
        passed += " So many come about by chance where columns have few values." if share >= COPIES else ""
        return Guardrail("duplicate_rows", title, "passed", passed, figures={"rows": copies})
    words = f"{counted(copies, 'row')} ({100 * share:.2g} %) {'is a copy' if copies == 1 else 'are copies'} of others in all columns that do not name rows. A model that has seen a row predicts its copy in another fold too well. Remove them with Remove Duplicate Rows."
    where = Where(numbers=_beside(rows))
    words += f" Row {where.numbers[1]:,} is a copy of row {where.numbers[0]:,}."
    return Guardrail("duplicate_rows", title, "alerted", words, (), {"rows": copies, "share": share}, where)


def _beside(rows: pl.Series) -> tuple[int, ...]:
    """The numbers of equal rows, from 1, each group beside each other."""
    found = pl.DataFrame({"row": rows}).with_row_index("place", offset=1).filter(pl.col("row").is_duplicated())
    return tuple(found.sort(pl.col("place").min().over("row"), "place").head(MOST_NUMBERS)["place"])


def of_shared(frame: pl.DataFrame, later: pl.DataFrame, columns: Sequence[str]) -> Guardrail:
    """Return whether rows that models are judged by are among those that they are trained on."""
    columns = [column for column in columns if column in later.columns and frame.schema[column] == later.schema[column]]
    own, others = (_rows(each, columns) for each in (frame, later))
    title, known = "Validation rows are new", others.is_in(own.unique().implode())
    share = float(known.mean() or 0)  # type: ignore[arg-type]
    if share < COPIES or (share <= _at_most(own) and _expected(pl.concat([own, others]), [frame, later], columns)):
        return Guardrail(
            "shared_rows", title, "passed", "The validation rows are not among the others.", figures={"rows": int(known.sum())}
        )
    words = f"{counted(int(known.sum()), 'validation row')} ({100 * share:.2g} %) {'is' if known.sum() == 1 else 'are'} among the rows that models are trained on, so the estimate is too good. Split the table with Split Data, or remove these rows."
    return Guardrail("shared_rows", title, "alerted", words, (), {"rows": int(known.sum()), "share": share})


def _at_most(own: pl.Series) -> float:
    """Return a share of shared rows that chance hardly exceeds: rows that are equal by chance have copies in their own table as often."""
    return INSIDE * float(own.is_duplicated().mean() or 0) + SOME  # type: ignore[arg-type]


def _rows(frame: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """A number of each row, which equal rows share: the sum of those of its values."""
    rows = np.zeros(frame.height, dtype=np.uint64)
    for place, column in enumerate(columns):
        rows += _values([frame], column, place)
    return pl.Series(rows)


def _values(frames: Sequence[pl.DataFrame], column: str, place: int) -> np.ndarray:
    """A number of each value of a column."""
    return np.concatenate([frame[column].hash(seed=place).to_numpy() for frame in frames])


def _expected(rows: pl.Series, frames: Sequence[pl.DataFrame], columns: Sequence[str]) -> bool:
    """Whether pairs of equal rows are not many more than those that come about by chance.

    Pairs that differ in one column only tell how many: if two rows that differ elsewhere are equal in that column with the chance p, then p / (1 - p) times
    as many pairs are equal in all. The column that expects the most pairs decides. Of 120 tables of R's packages with copies, 112 are within this limit.
    """
    pairs, equal = len(rows) * (len(rows) - 1) / 2, _pairs(rows)
    for place, column in enumerate(columns):
        values = _values(frames, column, place)
        others, alike = _pairs(pl.Series(rows.to_numpy() - values)), _pairs(pl.Series(values))
        if others == pairs:  # only this column varies
            return True
        chance = (alike - equal) / (pairs - others)
        if chance < 1 and equal <= BY_CHANCE * (others - equal) * chance / (1 - chance):
            return True
    return not columns


def _pairs(values: pl.Series) -> float:
    """How many pairs of entries are equal."""
    counts = values.unique_counts().to_numpy().astype(float)
    return float((counts * (counts - 1)).sum() / 2)
